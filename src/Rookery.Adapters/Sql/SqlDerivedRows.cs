using Rookery.Verification;

namespace Rookery.Adapters.Sql;

/// <summary>How one derived table is compared and mended.</summary>
internal sealed record SqlDerivedRows(string Count, string Differences, string Mend, string Remove)
{
    // Columns of a difference: the key's two, and whether the row is missing.
    private static readonly SqlDerivedRows Followers = Mirror(
        new Mirrored("followers", "followee", "follower", "follows")
    );

    private static readonly SqlDerivedRows BlockedBy = Mirror(
        new Mirrored("blocked_by", "blocked", "blocker", "blocks")
    );

    private static readonly SqlDerivedRows Likers = Mirror(
        new Mirrored("likers", "post", "account", "likes")
    );

    // Whom a text mentioned when it was posted stands nowhere else, so a missing row cannot be told.
    private static readonly SqlDerivedRows Mentions = new(
        "SELECT count(*) FROM mentions",
        """
        SELECT m.account, m.post, 0 FROM mentions m
        WHERE NOT EXISTS (SELECT 1 FROM posts p WHERE p.id = m.post AND p.state = 0 AND p.visibility = m.visibility
            AND (p.visibility < 2 OR p.author = m.author))
        LIMIT @limit
        """,
        """
        UPDATE mentions SET (visibility, author) = (SELECT p.visibility, p.author FROM posts p WHERE p.id = mentions.post)
        WHERE account = @first AND post = @second AND EXISTS (SELECT 1 FROM posts WHERE id = @second AND state = 0)
        """,
        """
        DELETE FROM mentions WHERE account = @first AND post = @second
            AND NOT EXISTS (SELECT 1 FROM posts WHERE id = @second AND state = 0)
        """
    );

    public static SqlDerivedRows Of(DerivedTable table) =>
        table switch
        {
            DerivedTable.Followers => Followers,
            DerivedTable.BlockedBy => BlockedBy,
            DerivedTable.Likers => Likers,
            DerivedTable.Mentions => Mentions,
            _ => throw new ArgumentOutOfRangeException(nameof(table)),
        };

    private static SqlDerivedRows Mirror(Mirrored m) =>
        new(
            $"SELECT max((SELECT count(*) FROM {m.Truth}), (SELECT count(*) FROM {m.Table}))",
            $"""
            SELECT t.{m.First}, t.{m.Second}, 1 FROM {m.Truth} t
            WHERE NOT EXISTS (SELECT 1 FROM {m.Table} d WHERE d.{m.First} = t.{m.First} AND d.{m.Second} = t.{m.Second})
            UNION ALL
            SELECT d.{m.First}, d.{m.Second}, 0 FROM {m.Table} d
            WHERE NOT EXISTS (SELECT 1 FROM {m.Truth} t WHERE t.{m.First} = d.{m.First} AND t.{m.Second} = d.{m.Second})
            LIMIT @limit
            """,
            $"""
            INSERT INTO {m.Table} ({m.First}, {m.Second})
            SELECT {m.First}, {m.Second} FROM {m.Truth} WHERE {m.First} = @first AND {m.Second} = @second
            ON CONFLICT DO NOTHING
            """,
            $"""
            DELETE FROM {m.Table} WHERE {m.First} = @first AND {m.Second} = @second
                AND NOT EXISTS (SELECT 1 FROM {m.Truth} WHERE {m.First} = @first AND {m.Second} = @second)
            """
        );

    private sealed record Mirrored(string Table, string First, string Second, string Truth);
}
