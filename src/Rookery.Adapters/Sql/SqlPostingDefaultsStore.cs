using System.Data.Common;
using Rookery.Accounts;
using Rookery.Posts;

namespace Rookery.Adapters.Sql;

/// <summary>What accounts want of their posts, in the accounts' own rows.</summary>
internal sealed class SqlPostingDefaultsStore(SqlDatabase database) : IPostingDefaultsStore
{
    private const string Select =
        "SELECT default_visibility, default_sensitive FROM accounts WHERE id = @id AND state = 0";

    private const string Update = """
        UPDATE accounts SET default_visibility = @visibility, default_sensitive = @sensitive WHERE id = @id
        """;

    public async ValueTask<PostingDefaults> FindAsync(AccountId account, CancellationToken token) =>
        await database.ReadAsync(session => Find(session, account)) ?? PostingDefaults.Usual;

    public Task<PostingDefaults?> ChangeAsync(
        AccountId account,
        Visibility? visibility,
        bool? isSensitive,
        CancellationToken token
    ) =>
        database.Writes.RunAsync<PostingDefaults?>(
            commit =>
            {
                if (Find(commit.Session, account) is not { } old)
                {
                    return null;
                }

                var changed = new PostingDefaults(
                    visibility ?? old.Visibility,
                    isSensitive ?? old.IsSensitive
                );
                commit.Session.Execute(
                    Update,
                    (long)changed.Visibility,
                    changed.IsSensitive ? 1L : 0L,
                    account.Value
                );
                return changed;
            },
            token
        );

    private static PostingDefaults? Find(SqlSession session, AccountId account) =>
        session.One(Select, Read, account.Value);

    private static PostingDefaults Read(DbDataReader row) =>
        new((Visibility)row.GetInt64(0), row.GetInt64(1) != 0);
}
