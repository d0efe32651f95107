using Rookery.Graph;

namespace Rookery.Adapters.Sql;

/// <summary>Lists of accounts, each one range of one index; closed members, whose rows are being removed, are left out.</summary>
internal static class SqlGraphLists
{
    private const string Followers = """
        SELECT follower FROM followers f
        WHERE followee = @account AND follower < @below AND follower > @above
            AND NOT EXISTS (SELECT 1 FROM closed_members c WHERE c.account = f.follower)
        ORDER BY follower
        """;

    private const string Followees = """
        SELECT followee FROM follows f
        WHERE follower = @account AND followee < @below AND followee > @above
            AND NOT EXISTS (SELECT 1 FROM closed_members c WHERE c.account = f.followee)
        ORDER BY followee
        """;

    // One that was asked for while the account was locked may stand beside the follow until unlocking has come to it.
    private const string OpenRequests = """
        FROM follow_requests r
        WHERE followee = @account AND follower < @below AND follower > @above
            AND NOT EXISTS (SELECT 1 FROM closed_members c WHERE c.account = r.follower)
            AND NOT EXISTS (SELECT 1 FROM follows f WHERE f.follower = r.follower AND f.followee = r.followee)
        """;

    private const string Requests = $"""
        SELECT follower {OpenRequests}
        ORDER BY follower
        """;

    private const string SelectRequestCount =
        $"SELECT count(*) FROM (SELECT 1 {OpenRequests} LIMIT @most) counted";

    private const string Blocks = """
        SELECT blocked FROM blocks b
        WHERE blocker = @account AND blocked < @below AND blocked > @above
            AND NOT EXISTS (SELECT 1 FROM closed_members c WHERE c.account = b.blocked)
        ORDER BY blocked
        """;

    private const string Mutes = """
        SELECT muted FROM mutes m
        WHERE muter = @account AND muted < @below AND muted > @above AND (until = 0 OR until > @now)
            AND NOT EXISTS (SELECT 1 FROM closed_members c WHERE c.account = m.muted)
        ORDER BY muted
        """;

    public static List<AccountId> Page(
        SqlSession session,
        MemberList list,
        Page page,
        DateTimeOffset now
    )
    {
        var sql = string.Intern(
            Select(list) + (page.FromBelow ? " LIMIT @count" : " DESC LIMIT @count")
        );
        var (account, count) = (list.Account.Value, (long)page.Count);
        var ids =
            list is MutesOf
                ? session.Many(
                    sql,
                    SqlGraphStore.ReadId,
                    account,
                    page.Below,
                    page.Above,
                    now.ToUnixTimeMilliseconds(),
                    count
                )
                : session.Many(sql, SqlGraphStore.ReadId, account, page.Below, page.Above, count);
        if (page.FromBelow)
        {
            ids.Reverse();
        }

        return ids;
    }

    public static int CountRequests(SqlSession session, AccountId account, int most) =>
        (int)session.Number(SelectRequestCount, 0, account.Value, long.MaxValue, 0L, (long)most);

    public static List<AccountId> After(
        SqlSession session,
        FollowList list,
        AccountId after,
        int limit
    ) =>
        session.Many(
            string.Intern(Select(list) + " LIMIT @count"),
            SqlGraphStore.ReadId,
            list.Account.Value,
            long.MaxValue,
            after.Value,
            (long)limit
        );

    private static string Select(MemberList list) =>
        list switch
        {
            FollowersOf => Followers,
            FolloweesOf => Followees,
            RequestsTo => Requests,
            BlocksOf => Blocks,
            MutesOf => Mutes,
            _ => throw new ArgumentOutOfRangeException(nameof(list)),
        };
}
