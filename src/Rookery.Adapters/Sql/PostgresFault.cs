using System.Data.Common;
using System.Net.Sockets;

namespace Rookery.Adapters.Sql;

/// <summary>What kept this process from PostgreSQL, in words.</summary>
internal static class PostgresFault
{
    /// <summary>The network's or the server's, and nothing that a stack trace would explain.</summary>
    public static bool IsAway(Exception fault) =>
        fault is DbException or SocketException or IOException or TimeoutException;

    /// <summary>In one line, without a stop: of several hosts, each one's own reason.</summary>
    public static string Explain(Exception fault) =>
        string.Join("; ", Reasons(fault).Distinct(StringComparer.Ordinal));

    private static IEnumerable<string> Reasons(Exception fault) =>
        fault switch
        {
            AggregateException many => many.InnerExceptions.SelectMany(Reasons),
            // What stands before the hosts' own reasons says only that they have some.
            { InnerException: AggregateException hosts } => Reasons(hosts),
            { InnerException: { } inner } => Reasons(inner)
                .Select(reason => $"{Line(fault.Message)}: {reason}"),
            _ => [Line(fault.Message)],
        };

    private static string Line(string text) => text.ReplaceLineEndings(" ").TrimEnd('.');
}
