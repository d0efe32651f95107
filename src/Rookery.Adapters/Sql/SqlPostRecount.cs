using Rookery.Posts;
using Rookery.Verification;

namespace Rookery.Adapters.Sql;

/// <summary>Counts likes, reposts and replies (public and unlisted ones) of posts anew. A deleted post has none.</summary>
internal static class SqlPostRecount
{
    private const string True = """
        (SELECT count(*) FROM likers l WHERE l.post = i.id AND p.id IS NOT NULL),
        (SELECT count(*) FROM posts r WHERE r.original = i.id AND r.original <> 0 AND r.state = 0 AND p.id IS NOT NULL),
        (SELECT count(*) FROM posts a WHERE a.parent = i.id AND a.parent <> 0 AND a.state = 0 AND a.visibility <= 1 AND p.id IS NOT NULL)
        """;

    private const string Counted = $"""
        SELECT i.id, coalesce(c.likes, 0), coalesce(c.reposts, 0), coalesce(c.replies, 0), {True}
        FROM i LEFT JOIN post_counts c ON c.post = i.id LEFT JOIN posts p ON p.id = i.id AND p.state = 0
        """;

    // Each part is sorted by its index, so the union is a merge that stops at the limit.
    private const string SelectAfter = $"""
        WITH i (id) AS (
            SELECT post FROM post_counts WHERE post > @after
            UNION SELECT post FROM likers WHERE post > @after
            UNION SELECT original FROM posts WHERE original > @after AND original <> 0 AND state = 0
            UNION SELECT parent FROM posts WHERE parent > @after AND parent <> 0 AND state = 0
            ORDER BY 1 LIMIT @limit)
        {Counted}
        """;

    private const string SelectThese = $"""
        WITH i (id) AS (SELECT value FROM json_each(@ids))
        {Counted}
        """;

    private const string Replace = """
        INSERT INTO post_counts (post, likes, reposts, replies) VALUES (@post, @likes, @reposts, @replies)
        ON CONFLICT (post) DO UPDATE SET likes = excluded.likes, reposts = excluded.reposts, replies = excluded.replies
        WHERE post_counts.likes = @held_likes AND post_counts.reposts = @held_reposts AND post_counts.replies = @held_replies
        """;

    public static PostCountPage After(SqlSession session, PostId after, int limit)
    {
        var rows = session.Many(SelectAfter, Read, after.Value, (long)limit);
        return new PostCountPage(
            rows.Count,
            rows.Select(row => row.Post).DefaultIfEmpty().Max(),
            Differing(rows)
        );
    }

    public static List<PostCountDifference> Of(SqlSession session, ReadOnlySpan<PostId> posts) =>
        Differing(session.Many(SelectThese, Read, SqlList.Of(posts)));

    public static int Repair(CommitContext commit, IReadOnlyList<PostCountDifference> differences)
    {
        var set = new List<PostNumbers>(differences.Count);
        foreach (var (post, held, truth) in differences)
        {
            var changed = commit.Session.Execute(
                Replace,
                post.Value,
                truth.Likes,
                truth.Reposts,
                truth.Replies,
                held.Likes,
                held.Reposts,
                held.Replies
            );
            if (changed > 0)
            {
                set.Add(new PostNumbers(post, truth));
            }
        }

        if (set.Count > 0)
        {
            commit.Announce(new PostsCounted(set));
        }

        return set.Count;
    }

    private static List<PostCountDifference> Differing(List<PostCountDifference> rows) =>
        rows.FindAll(row => row.Held != row.True);

    private static PostCountDifference Read(System.Data.Common.DbDataReader row) =>
        new(new PostId(row.GetInt64(0)), Counts(row, 1), Counts(row, 4));

    private static PostCounts Counts(System.Data.Common.DbDataReader row, int from) =>
        new(row.GetInt64(from), row.GetInt64(from + 1), row.GetInt64(from + 2));
}
