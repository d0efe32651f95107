using Rookery.Posts;

namespace Rookery.Adapters.Sql;

/// <summary>An author as the posts know it: the local yes or no, and its class.</summary>
internal sealed record AuthorRow(bool IsOpen, AuthorClass Class);

/// <summary>Authors inside a commit.</summary>
internal static class SqlAuthors
{
    private const string Select = "SELECT state, class FROM authors WHERE account = @account";

    private const string Ensure =
        "INSERT INTO authors (account, state, class) VALUES (@account, 0, 0) ON CONFLICT DO NOTHING";

    private static readonly KeyedRead<AccountId, AuthorRow> Ahead = new(
        "SELECT account, state, class FROM authors WHERE account = ANY(@accounts)",
        accounts => [SqlList.Of(accounts.Select(account => account.Value))],
        row => (new AccountId(row.GetInt64(0)), Read(row, 1))
    );

    public static void Want(ReadsAhead ahead, AccountId author) => ahead.Want(Ahead, author);

    /// <summary>The row is made at its first post.</summary>
    public static AuthorRow Get(CommitContext commit, AccountId account)
    {
        // Read first: but for its first post, an insert that does nothing would cost as much as the post's.
        if (!commit.Ahead.TryFind(Ahead, account, out var author))
        {
            author = commit.Session.One(Select, row => Read(row, 0), account.Value);
        }

        return author ?? Make(commit, account);
    }

    private static AuthorRow Make(CommitContext commit, AccountId account)
    {
        var author = new AuthorRow(true, default);
        commit.Session.Later(Ensure, account.Value);
        commit.Ahead.Put(Ahead, account, author);
        return author;
    }

    private static AuthorRow Read(System.Data.Common.DbDataReader row, int from) =>
        new(row.GetInt64(from) == 0, (AuthorClass)row.GetInt64(from + 1));
}
