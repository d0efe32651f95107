using System.Data.Common;
using Rookery.Accounts;

namespace Rookery.Adapters.Sql;

/// <summary>What moderators decide, on a SQL database.</summary>
internal sealed class SqlModerationStore(SqlDatabase database) : IModerationStore
{
    private const string Columns =
        "a.id, a.username, a.display_name, a.state, a.role, a.created_at";

    private const string SelectModerators =
        $"SELECT {Columns} FROM accounts a WHERE a.role <> 0 AND a.state = 0 ORDER BY a.id";

    private const string SelectAccounts = $"""
        SELECT {Columns} FROM accounts a WHERE a.id IN (SELECT value FROM json_each(@ids)) AND a.state <> 2
        """;

    private const string SelectByName = $"""
        SELECT {Columns} FROM usernames u JOIN accounts a ON a.id = u.account AND a.state <> 2 WHERE u.folded = @folded
        """;

    private const string SelectStanding =
        "SELECT state, role, version FROM accounts WHERE id = @id AND state <> 2";

    private const string UpdateState = """
        UPDATE accounts SET state = @state, version = version + 1 WHERE id = @id RETURNING version
        """;

    private const string UpdateRole =
        "UPDATE accounts SET role = @role WHERE id = @id AND state = 0 AND role <> @role";

    public Task<Result<Standing>> SuspendAsync(
        AccountId account,
        Decision decision,
        CancellationToken token
    ) => database.Writes.RunAsync(commit => Decide(commit, account, true, decision), token);

    public Task<Result<Standing>> RestoreAsync(
        AccountId account,
        Decision decision,
        CancellationToken token
    ) => database.Writes.RunAsync(commit => Decide(commit, account, false, decision), token);

    public Task<Result<bool>> GiveRoleAsync(
        AccountId account,
        AccountRole role,
        Decision decision,
        CancellationToken token
    ) => database.Writes.RunAsync(commit => GiveRole(commit, account, role, decision), token);

    public Task<Result<Done>> RecordAsync(
        ActKind kind,
        AccountRole least,
        Decision decision,
        string detail,
        CancellationToken token
    ) =>
        database.Writes.RunAsync<Result<Done>>(
            commit =>
            {
                if (SqlActs.Refuse(commit.Session, decision, least) is { } refused)
                {
                    return refused;
                }

                SqlActs.Record(commit, kind, decision, detail: detail);
                return Done.Instance;
            },
            token
        );

    public ValueTask<AccountRole> RoleAsync(AccountId account, CancellationToken token) =>
        database.ReadAsync(session => SqlActs.RoleOf(session, account));

    public ValueTask<IReadOnlyList<ModeratedAccount>> ModeratorsAsync(CancellationToken token) =>
        database.ReadAsync<IReadOnlyList<ModeratedAccount>>(session =>
            session.Many(SelectModerators, ReadAccount)
        );

    public ValueTask<IReadOnlyList<ModeratedAccount>> AccountsAsync(
        ReadOnlyMemory<AccountId> ids,
        CancellationToken token
    ) =>
        database.ReadAsync<IReadOnlyList<ModeratedAccount>>(session =>
            session.Many(SelectAccounts, ReadAccount, SqlList.Of(ids.Span))
        );

    public ValueTask<ModeratedAccount?> AccountAsync(
        string foldedUsername,
        CancellationToken token
    ) => database.ReadAsync(session => session.One(SelectByName, ReadAccount, foldedUsername));

    public ValueTask<IReadOnlyList<Act>> ActsAsync(
        AccountId? about,
        ActId below,
        int limit,
        CancellationToken token
    ) =>
        database.ReadAsync<IReadOnlyList<Act>>(session =>
            SqlActs.Read(session, about, below, limit)
        );

    private static Result<Standing> Decide(
        CommitContext commit,
        AccountId account,
        bool isSuspended,
        Decision decision
    )
    {
        var session = commit.Session;
        var row = session.One(
            SelectStanding,
            row => new Row(row.GetInt64(0) == 1, (AccountRole)row.GetInt64(1), row.GetInt64(2)),
            account.Value
        );
        if (
            SqlActs.Refuse(session, decision, AccountRole.Moderator) is { } refused
            || (refused = RefuseAbout(session, account, row, decision)) is not null
        )
        {
            return refused;
        }

        if (row!.IsSuspended == isSuspended)
        {
            return new Standing(isSuspended, row.Version, IsNew: false);
        }

        var version = session.Number(UpdateState, 0, isSuspended ? 1L : 0L, account.Value);
        if (isSuspended)
        {
            SqlAccountWrites.EndSessions(commit, account, keep: null);
        }

        commit.Emit(
            isSuspended
                ? new AccountSuspended(account, version)
                : new AccountRestored(account, version)
        );
        SqlActs.Record(
            commit,
            isSuspended ? ActKind.Suspended : ActKind.Restored,
            decision,
            account
        );
        return new Standing(isSuspended, version, IsNew: true);
    }

    private static Problem? RefuseAbout(
        SqlSession session,
        AccountId account,
        Row? row,
        Decision decision
    )
    {
        if (row is null)
        {
            return Problem.NoAccount(account, "user_id");
        }

        if (decision.By is not { } by)
        {
            return null;
        }

        return by == account
                ? Problem.Forbidden(
                    "Nobody decides about an account of their own; ask another moderator."
                )
            : row.Role >= SqlActs.RoleOf(session, by)
                ? Problem.Forbidden(
                    "Moderators decide about members, and admins about moderators; about admins an operator does, on the command line."
                )
            : null;
    }

    private static Result<bool> GiveRole(
        CommitContext commit,
        AccountId account,
        AccountRole role,
        Decision decision
    )
    {
        if (commit.Session.Execute(UpdateRole, (long)role, account.Value) > 0)
        {
            SqlActs.Record(
                commit,
                ActKind.RoleGiven,
                decision,
                account,
                detail: role.ToString().ToLowerInvariant()
            );
            return true;
        }

        return
            commit.Session.Number(
                "SELECT 1 FROM accounts WHERE id = @id AND state = 0",
                0,
                account.Value
            ) == 1
            ? false
            : Problem.NoAccount(account, "user_id");
    }

    private static ModeratedAccount ReadAccount(DbDataReader row) =>
        new(
            new AccountId(row.GetInt64(0)),
            row.GetString(1),
            row.GetString(2),
            (AccountState)row.GetInt64(3),
            (AccountRole)row.GetInt64(4),
            DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(5))
        );

    private sealed record Row(bool IsSuspended, AccountRole Role, long Version);
}
