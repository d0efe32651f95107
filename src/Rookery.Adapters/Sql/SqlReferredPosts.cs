namespace Rookery.Adapters.Sql;

/// <summary>Posts that others reply to, repost or like, as far as a commit asks for them.</summary>
internal static class SqlReferredPosts
{
    private const string Select = $"""
        SELECT {Columns} FROM posts p JOIN authors a ON a.account = p.author WHERE p.id = @id AND p.state = 0 AND a.state = 0
        """;

    private const string Columns = "p.id, p.author";

    private static readonly KeyedRead<PostId, Referred> Ahead = new(
        // By its key alone: what stands beside it would lead a plan that was made early to another index.
        """
        SELECT w.id, p.author FROM unnest(@ids) AS w(id) CROSS JOIN LATERAL (
            SELECT author, state, (SELECT state FROM authors WHERE account = author) AS closed FROM posts WHERE id = w.id LIMIT 1) p
        WHERE p.state = 0 AND p.closed = 0
        """,
        ids => [SqlList.Of(ids.Select(id => id.Value))],
        row => (new PostId(row.GetInt64(0)), Read(row))
    );

    public static void Want(ReadsAhead ahead, PostId id)
    {
        if (id.Value != 0)
        {
            ahead.Want(Ahead, id);
        }
    }

    /// <summary>Null where it stands or none is meant; who wrote it then.</summary>
    public static Problem? Find(CommitContext commit, PostId id, string field, out AccountId author)
    {
        author = default;
        if (id.Value == 0)
        {
            return null;
        }

        if (!commit.Ahead.TryFind(Ahead, id, out var post))
        {
            post = commit.Session.One(Select, Read, id.Value);
        }

        author = post?.Author ?? default;
        return post is null ? Problem.NoPost(id, field) : null;
    }

    private static Referred Read(System.Data.Common.DbDataReader row) =>
        new(new AccountId(row.GetInt64(1)));

    private sealed record Referred(AccountId Author);
}
