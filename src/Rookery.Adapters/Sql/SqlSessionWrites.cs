using Rookery.Accounts;

namespace Rookery.Adapters.Sql;

/// <summary>How sessions begin, age and end by themselves inside a commit.</summary>
internal static class SqlSessionWrites
{
    private const string InsertToken =
        "INSERT INTO tokens (hash, account, created_at, used_at) VALUES (@hash, @account, @now, @now)";

    private const string DeleteOldest = """
        DELETE FROM tokens WHERE account = @account AND hash NOT IN (
            SELECT hash FROM tokens WHERE account = @account ORDER BY created_at DESC, hash LIMIT @most)
        """;

    private const string UpdateUse =
        "UPDATE tokens SET used_at = @now WHERE hash = @hash AND used_at < @now";

    private const string DeleteUnused = """
        DELETE FROM tokens WHERE hash IN (SELECT hash FROM tokens WHERE used_at > 0 AND used_at <= @before LIMIT @limit)
        """;

    private const string DeleteOld = """
        DELETE FROM tokens WHERE hash IN (SELECT hash FROM tokens WHERE created_at <= @before LIMIT @limit)
        """;

    public static void Add(CommitContext commit, TokenHash session, AccountId account) =>
        commit.Session.Execute(InsertToken, session.ToArray(), account.Value, commit.Now);

    /// <summary>For one more.</summary>
    public static void MakeRoom(CommitContext commit, AccountId account)
    {
        const long most = IAccountStore.MaxSessions - 1;
        if (commit.Session.Execute(DeleteOldest, account.Value, most) > 0)
        {
            commit.Emit(new SessionsEnded(account));
        }
    }

    public static int NoteUse(CommitContext commit, TokenHash session) =>
        commit.Session.Execute(UpdateUse, commit.Now, session.ToArray());

    /// <summary>Nobody is told: memory keeps no session beyond its end.</summary>
    public static int Prune(
        CommitContext commit,
        DateTimeOffset openedBefore,
        DateTimeOffset usedBefore,
        int limit
    ) =>
        commit.Session.Execute(DeleteUnused, usedBefore.ToUnixTimeMilliseconds(), (long)limit)
        + commit.Session.Execute(DeleteOld, openedBefore.ToUnixTimeMilliseconds(), (long)limit);
}
