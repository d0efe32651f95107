using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;

namespace Rookery.Server.Composition;

/// <summary>Why the product did not start, in one line that says what is wrong and what would be right.</summary>
internal static class StartFault
{
    /// <param name="urls">Where it was to listen, if anywhere.</param>
    public static string Explain(Exception fault, string? urls = null) =>
        string.Join(' ', Lines(InWords(fault, urls)));

    private static string InWords(Exception fault, string? urls) =>
        fault switch
        {
            StoreUnavailableException { InnerException: SqliteException } => Innermost(fault),
            StoreUnavailableException => fault.Message,
            OptionsValidationException invalid =>
                $"A setting is not right: {string.Join(' ', invalid.Failures)} docs/configuration.md lists them all.",
            InvalidDataException
            or FormatException
            or InvalidOperationException { InnerException: FormatException } =>
                $"A setting cannot be read: {Innermost(fault)}",
            IOException { InnerException: AddressInUseException } =>
                $"{fault.Message.TrimEnd('.')}. Stop what listens there, or name another address with --urls.",
            SocketException =>
                $"{urls} cannot be listened on: {fault.Message.TrimEnd('.')}. Name another address with --urls.",
            _ => fault.Message,
        };

    private static string Innermost(Exception fault) =>
        fault.InnerException is { } inner
        && !fault.Message.Contains(inner.Message, StringComparison.Ordinal)
            ? $"{fault.Message.TrimEnd('.')}: {Innermost(inner)}"
            : fault.Message;

    private static string[] Lines(string text) =>
        text.Split(
            (char[])['\r', '\n'],
            StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries
        );
}
