using Rookery.Accounts;

namespace Rookery.Adapters.Sql;

/// <summary>Makes the accounts that a file names and that are not there yet.</summary>
internal static class SqlAccountImports
{
    private const string SelectByName = """
        SELECT a.id, a.state, a.display_name, CASE WHEN a.email = '' AND a.password_hash = '' THEN 1 ELSE 0 END
        FROM usernames u JOIN accounts a ON a.id = u.account WHERE u.folded = @folded
        """;

    public static IReadOnlyList<AccountId?> Import(
        CommitContext commit,
        IReadOnlyList<ImportedAccount> accounts
    )
    {
        var made = new List<AccountId>();
        var all = accounts.Select(account => Import(commit, account, made)).ToList();
        foreach (var told in made.Chunk(AccountsImported.MaxAccounts))
        {
            commit.Emit(new AccountsImported(told));
        }

        return all;
    }

    private static AccountId? Import(
        CommitContext commit,
        ImportedAccount account,
        List<AccountId> made
    )
    {
        var handle = account.Handle;
        var named = Find(commit.Session, handle);
        if (named is not null && (account.IsCalledSo || named.IsImportOf(account)))
        {
            return named.IsActive ? named.Id : null;
        }

        for (
            var number = account.FirstSuffix;
            SqlAccountWrites.IsTaken(commit.Session, handle);
            number++
        )
        {
            // Another has this name, or one that looks like it. An earlier import of the same author has left its account behind a number.
            handle = account.Handle.WithSuffix(number);
            if (Find(commit.Session, handle) is { } known && known.IsImportOf(account))
            {
                return known.IsActive ? known.Id : null;
            }
        }

        var id = SqlAccountWrites.Insert(commit, handle, account.DisplayName, passwordHash: "");
        made.Add(id);
        return id;
    }

    private static Known? Find(SqlSession session, Handle handle) =>
        session.One(
            SelectByName,
            row => new Known(
                new AccountId(row.GetInt64(0)),
                row.GetInt64(1) == (long)AccountState.Active,
                row.GetString(2),
                row.GetInt64(3) != 0
            ),
            handle.Folded
        );

    private sealed record Known(AccountId Id, bool IsActive, string DisplayName, bool NeverOwned)
    {
        public bool IsImportOf(ImportedAccount account) =>
            NeverOwned
            && DisplayName.Equals(account.DisplayName.Text, StringComparison.OrdinalIgnoreCase);
    }
}
