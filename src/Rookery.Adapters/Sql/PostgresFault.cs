using System.Data.Common;
using System.Net.Sockets;
using Npgsql;

namespace Rookery.Adapters.Sql;

/// <summary>What kept this process from PostgreSQL, in words.</summary>
internal static class PostgresFault
{
    /// <summary>The network's or the server's, and nothing that a stack trace would explain.</summary>
    public static bool IsAway(Exception fault) =>
        fault is DbException or SocketException or IOException or TimeoutException;

    /// <summary>The server could not be reached, let nobody in or ended the connection: not a statement's own fault.</summary>
    public static bool IsUnreached(Exception fault) =>
        fault switch
        {
            StoreUnavailableException { InnerException: { } inner } => IsUnreached(inner),
            // Shutting down or starting, out of connections, memory or disk, a wrong user or database.
            PostgresException answer => answer.InvariantSeverity is "FATAL" or "PANIC"
                || answer.SqlState[..2] is "08" or "53" or "57",
            NpgsqlOperationInProgressException => false,
            _ => fault is NpgsqlException or SocketException or TimeoutException,
        };

    /// <summary>In one line, without a stop: of several hosts, each one's own reason.</summary>
    public static string Explain(Exception fault) =>
        string.Join("; ", Reasons(fault).Distinct(StringComparer.Ordinal));

    /// <summary>A sentence where another server's port looks likely; else nothing.</summary>
    public static string Hint(Exception fault) =>
        IsOfAnother(fault)
            ? " Nothing there answers as PostgreSQL does: is that the host and port of PostgreSQL?"
            : "";

    /// <summary>It was silent, hung up or said something else when it was asked to begin. Npgsql tells by its words alone.</summary>
    private static bool IsOfAnother(Exception? fault) =>
        fault switch
        {
            null or PostgresException => false,
            EndOfStreamException or TimeoutException => true,
            AggregateException many => many.InnerExceptions.Any(IsOfAnother),
            _ => fault.Message.Contains("SSLRequest", StringComparison.Ordinal)
                || IsOfAnother(fault.InnerException),
        };

    private static IEnumerable<string> Reasons(Exception fault) =>
        fault switch
        {
            // It says which database, and so does whoever explains.
            StoreUnavailableException { InnerException: { } inner } => Reasons(inner),
            AggregateException many => many.InnerExceptions.SelectMany(Reasons),
            // What stands before the hosts' own reasons says only that they have some.
            { InnerException: AggregateException hosts } => Reasons(hosts),
            { InnerException: { } inner } => Reasons(inner)
                .Select(reason =>
                    reason == Line(fault.Message) ? reason : $"{Line(fault.Message)}: {reason}"
                ),
            PostgresException { SqlState: PostgresErrorCodes.ReadOnlySqlTransaction } =>
            [
                "it is a standby and takes no writes; Host names the primary, or both with a comma between",
            ],
            _ => [Line(fault.Message)],
        };

    private static string Line(string text) => text.ReplaceLineEndings(" ").TrimEnd('.');
}
