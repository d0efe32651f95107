using Rookery.Posts;

namespace Rookery.Adapters.Sql;

/// <summary>The one standing repost of a post by an account, inside a commit.</summary>
internal static class SqlReposts
{
    private const string Select =
        "SELECT id FROM posts WHERE original = @original AND author = @account AND state = 0 AND original <> 0";

    private static readonly KeyedRead<(PostId, AccountId), Repost> Ahead = new(
        """
        SELECT w.original, w.author, p.id FROM unnest(@originals, @authors) AS w(original, author) CROSS JOIN LATERAL (
            SELECT id FROM posts WHERE original = w.original AND author = w.author AND state = 0 AND original <> 0 LIMIT 1) p
        """,
        keys =>
            [
                SqlList.Of(keys.Select(key => key.Item1.Value)),
                SqlList.Of(keys.Select(key => key.Item2.Value)),
            ],
        row =>
            (
                (new PostId(row.GetInt64(0)), new AccountId(row.GetInt64(1))),
                new Repost(row.GetInt64(2))
            )
    );

    public static void Want(ReadsAhead ahead, PostId original, AccountId account) =>
        ahead.Want(Ahead, (original, account));

    /// <summary>Its id; 0 where there is none.</summary>
    public static long Standing(CommitContext commit, PostId original, AccountId account) =>
        commit.Ahead.TryFind(Ahead, (original, account), out var repost)
            ? repost?.Id ?? 0
            : commit.Session.Number(Select, 0, original.Value, account.Value);

    /// <summary>The group has stored this post.</summary>
    public static void Note(CommitContext commit, Post post)
    {
        if (post.Kind == PostKind.Repost)
        {
            commit.Ahead.Put(Ahead, (post.Original, post.Author), new Repost(post.Id.Value));
        }
    }

    private sealed record Repost(long Id);
}
