namespace Rookery.Adapters.Sql;

/// <summary>A home timeline straight from its definition, for comparisons only.</summary>
internal static class SqlHomeOracle
{
    private const string SelectFollowees = "SELECT followee FROM follows WHERE follower = @owner";

    private const string SelectHidden = """
        SELECT blocked FROM blocks WHERE blocker = @owner
        UNION SELECT blocker FROM blocked_by WHERE blocked = @owner
        UNION SELECT muted FROM mutes WHERE muter = @owner AND (until = 0 OR until > @now)
        """;

    private const string SelectPosts = """
        SELECT p.id
        FROM json_each(@followees) f
        JOIN authors a ON a.account = f.value AND a.state = 0
        JOIN posts p ON p.author = a.account AND p.state = 0
        LEFT JOIN posts o ON o.id = p.original AND p.original <> 0 AND o.state = 0
        LEFT JOIN authors oa ON oa.account = o.author AND oa.state = 0
        WHERE (p.visibility < 3 OR EXISTS (SELECT 1 FROM mentions m WHERE m.account = @owner AND m.post = p.id))
            AND p.author NOT IN (SELECT value FROM json_each(@hidden))
            AND (p.original = 0 OR (oa.account IS NOT NULL AND o.author NOT IN (SELECT value FROM json_each(@hidden))))
        ORDER BY p.id DESC LIMIT @limit
        """;

    /// <summary>Whom the owner follows, and whose posts are hidden.</summary>
    public static (SqlList Followees, SqlList Hidden) Relations(
        SqlSession session,
        AccountId owner,
        DateTimeOffset now
    ) =>
        (
            SqlList.Of([.. session.Many(SelectFollowees, ReadAccount, owner.Value)]),
            SqlList.Of([
                .. session.Many(
                    SelectHidden,
                    ReadAccount,
                    owner.Value,
                    now.ToUnixTimeMilliseconds()
                ),
            ])
        );

    public static List<PostId> Read(
        SqlSession session,
        AccountId owner,
        (SqlList Followees, SqlList Hidden) relations,
        int limit
    ) =>
        session.Many(
            SelectPosts,
            row => new PostId(row.GetInt64(0)),
            relations.Followees,
            owner.Value,
            relations.Hidden,
            (long)limit
        );

    private static AccountId ReadAccount(System.Data.Common.DbDataReader row) =>
        new(row.GetInt64(0));
}
