using System.Data.Common;
using Rookery.Accounts;

namespace Rookery.Adapters.Sql;

/// <summary>The record of what moderators did, inside the commit of what they do.</summary>
internal static class SqlActs
{
    private const string Insert = """
        INSERT INTO moderation_acts (id, kind, actor, about, report, detail, reason, at)
        VALUES (@id, @kind, @actor, @about, @report, @detail, @reason, @at)
        """;

    private const string Columns = "id, kind, actor, about, report, detail, reason, at";

    private const string Select =
        $"SELECT {Columns} FROM moderation_acts WHERE id < @below ORDER BY id DESC LIMIT @limit";

    private const string SelectAbout = $"""
        SELECT {Columns} FROM moderation_acts WHERE about = @about AND id < @below ORDER BY id DESC LIMIT @limit
        """;

    private const string SelectRole = "SELECT role FROM accounts WHERE id = @id AND state = 0";

    public static void Record(
        CommitContext commit,
        ActKind kind,
        Decision decision,
        AccountId? about = null,
        ReportId? report = null,
        string detail = ""
    ) =>
        commit.Session.Execute(
            Insert,
            commit.NextActId().Value,
            (long)kind,
            decision.By?.Value ?? 0,
            about?.Value ?? 0,
            report?.Value ?? 0,
            detail,
            decision.Reason,
            commit.Now
        );

    /// <summary>Null where who decides may: an operator, or an active account with at least this role.</summary>
    public static Problem? Refuse(SqlSession session, Decision decision, AccountRole least) =>
        decision.By is not { } by || RoleOf(session, by) >= least
            ? null
            : Problem.Forbidden(
                least == AccountRole.Admin
                    ? "Only admins of this server may do this."
                    : "Only moderators of this server may do this."
            );

    public static AccountRole RoleOf(SqlSession session, AccountId account) =>
        (AccountRole)session.Number(SelectRole, 0, account.Value);

    public static List<Act> Read(SqlSession session, AccountId? about, ActId below, int limit) =>
        about is { } account
            ? session.Many(SelectAbout, ReadAct, account.Value, below.Value, (long)limit)
            : session.Many(Select, ReadAct, below.Value, (long)limit);

    private static Act ReadAct(DbDataReader row) =>
        new(
            new ActId(row.GetInt64(0)),
            DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(7)),
            (ActKind)row.GetInt64(1),
            row.GetInt64(2) is > 0 and var actor ? new AccountId(actor) : null,
            row.GetInt64(3) is > 0 and var about ? new AccountId(about) : null,
            row.GetInt64(4) is > 0 and var report ? new ReportId(report) : null,
            row.GetString(5),
            row.GetString(6)
        );
}
