using Rookery.Accounts;

namespace Rookery.Adapters.Sql;

/// <summary>How many posts each author has standing, direct posts not counted.</summary>
internal sealed class SqlPostTally(SqlDatabase database) : IAccountTally
{
    private const string Count = """
        SELECT a.value, count(*) FROM json_each(@ids) a
        JOIN posts p ON p.author = a.value AND p.state = 0 AND p.visibility < 3
        GROUP BY a.value
        """;

    public async ValueTask TallyAsync(
        ReadOnlyMemory<AccountId> accounts,
        Memory<AccountCounts> counts,
        CancellationToken token
    )
    {
        var posts = await SqlTally.ReadAsync(database, Count, accounts);
        for (var i = 0; i < accounts.Length; i++)
        {
            counts.Span[i] = counts.Span[i] with
            {
                Posts = posts.GetValueOrDefault(accounts.Span[i]),
            };
        }
    }
}

/// <summary>How many accounts follow each and are followed by it.</summary>
internal sealed class SqlFollowTally(SqlDatabase database) : IAccountTally
{
    private const string CountFollowers = """
        SELECT a.value, count(*) FROM json_each(@ids) a JOIN followers f ON f.followee = a.value GROUP BY a.value
        """;

    private const string CountFollowing = """
        SELECT a.value, count(*) FROM json_each(@ids) a JOIN follows f ON f.follower = a.value GROUP BY a.value
        """;

    public async ValueTask TallyAsync(
        ReadOnlyMemory<AccountId> accounts,
        Memory<AccountCounts> counts,
        CancellationToken token
    )
    {
        var followers = await SqlTally.ReadAsync(database, CountFollowers, accounts);
        var following = await SqlTally.ReadAsync(database, CountFollowing, accounts);
        for (var i = 0; i < accounts.Length; i++)
        {
            counts.Span[i] = counts.Span[i] with
            {
                Followers = followers.GetValueOrDefault(accounts.Span[i]),
                Following = following.GetValueOrDefault(accounts.Span[i]),
            };
        }
    }
}

internal static class SqlTally
{
    public static ValueTask<Dictionary<AccountId, long>> ReadAsync(
        SqlDatabase database,
        string sql,
        ReadOnlyMemory<AccountId> accounts
    ) =>
        database.ReadAtLeisureAsync(session =>
            session
                .Many(
                    sql,
                    row => KeyValuePair.Create(new AccountId(row.GetInt64(0)), row.GetInt64(1)),
                    SqlList.Of(accounts.Span)
                )
                .ToDictionary()
        );
}
