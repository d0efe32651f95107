using Rookery.Notifications;

namespace Rookery.Adapters.Sql;

/// <summary>What notifications tell of, as it stands in the tables of those who did it: for comparisons alone.</summary>
internal static class SqlNotificationTruth
{
    private const string Pairs =
        "FROM json_each(@firsts) a JOIN json_each(@seconds) b ON b.key = a.key";

    private const string SelectFollows =
        $"SELECT a.value, b.value {Pairs} JOIN follows f ON f.follower = a.value AND f.followee = b.value";

    private const string SelectRequests =
        $"SELECT a.value, b.value {Pairs} JOIN follow_requests r ON r.follower = a.value AND r.followee = b.value";

    private const string SelectReports =
        $"SELECT a.value, b.value {Pairs} JOIN reports r ON r.reporter = a.value AND r.id = -b.value";

    private const string SelectModerated =
        $"SELECT a.value, b.value {Pairs} JOIN accounts c ON c.id = a.value AND c.version >= -b.value";

    private const string SelectLikes = $"""
        SELECT a.value, b.value {Pairs}
        JOIN likes l ON l.account = a.value AND l.post = b.value JOIN posts p ON p.id = b.value AND p.state = 0
        """;

    private const string SelectReposts = $"""
        SELECT a.value, b.value {Pairs}
        JOIN posts p ON p.original = b.value AND p.author = a.value AND p.state = 0 AND p.original <> 0
        """;

    private const string SelectMentions = $"""
        SELECT a.value, b.value {Pairs}
        JOIN mentions m ON m.account = a.value AND m.post = b.value JOIN posts p ON p.id = b.value AND p.state = 0
        """;

    private const string SelectReplies =
        $"SELECT a.value, b.value {Pairs} JOIN posts p ON p.id = b.value AND p.parent_author = a.value AND p.state = 0";

    private const string SelectAuthors =
        $"SELECT a.value, b.value {Pairs} JOIN posts p ON p.id = b.value AND p.author = a.value AND p.state = 0";

    private const string SelectAccounts =
        "SELECT id FROM accounts WHERE id IN (SELECT value FROM json_each(@ids)) AND state <> 2";

    /// <summary>Those of which there is nothing.</summary>
    public static async ValueTask<IReadOnlyList<NotificationKey>> UnfoundedAsync(
        SqlDatabases databases,
        IReadOnlyList<NotificationKey> keys
    )
    {
        var people = keys.SelectMany(key => new[] { key.Recipient, key.Actor }).Distinct();
        var there = (
            await databases.Accounts.ReadAtLeisureAsync(session =>
                session.Many(SelectAccounts, row => row.GetInt64(0), SqlList.Of([.. people]))
            )
        ).ToHashSet();
        var founded = new HashSet<NotificationKey>();
        foreach (var kind in keys.GroupBy(key => key.Kind))
        {
            var database = kind.Key switch
            {
                NotificationKind.Follow or NotificationKind.FollowRequest => databases.Graph,
                NotificationKind.Report or NotificationKind.Moderation => databases.Accounts,
                _ => databases.Posts,
            };
            var found = await database.ReadAtLeisureAsync(session => Find(session, [.. kind]));
            founded.UnionWith(kind.Where(key => found.Contains(PairOf(key))));
        }

        return
        [
            .. keys.Where(key =>
                !founded.Contains(key)
                || !there.Contains(key.Recipient.Value)
                || !there.Contains(key.Actor.Value)
            ),
        ];
    }

    /// <summary>Those whose follow has ended, and who wait for none.</summary>
    public static async ValueTask<IReadOnlyList<Bell>> UnfoundedAsync(
        SqlDatabases databases,
        IReadOnlyList<Bell> bells
    )
    {
        var pairs = bells.Select(bell => (bell.Reader.Value, bell.Author.Value)).ToList();
        var found = await databases.Graph.ReadAtLeisureAsync(session =>
            Find(session, SelectFollows, pairs)
                .Union(Find(session, SelectRequests, pairs))
                .ToHashSet()
        );
        return [.. bells.Where(bell => !found.Contains((bell.Reader.Value, bell.Author.Value)))];
    }

    private static HashSet<(long, long)> Find(SqlSession session, List<NotificationKey> keys) =>
        Find(
            session,
            keys[0].Kind switch
            {
                NotificationKind.Follow => SelectFollows,
                NotificationKind.FollowRequest => SelectRequests,
                NotificationKind.Report => SelectReports,
                NotificationKind.Moderation => SelectModerated,
                NotificationKind.Like => SelectLikes,
                NotificationKind.Repost => SelectReposts,
                NotificationKind.Mention => SelectMentions,
                NotificationKind.Reply => SelectReplies,
                _ => SelectAuthors,
            },
            keys.Select(PairOf)
        );

    private static HashSet<(long, long)> Find(
        SqlSession session,
        string sql,
        IEnumerable<(long First, long Second)> pairs
    )
    {
        var all = pairs.ToList();
        return session
            .Many(
                sql,
                row => (row.GetInt64(0), row.GetInt64(1)),
                SqlList.Of(all.Select(pair => pair.First)),
                SqlList.Of(all.Select(pair => pair.Second))
            )
            .ToHashSet();
    }

    private static (long, long) PairOf(NotificationKey key) =>
        key.Kind switch
        {
            NotificationKind.Follow or NotificationKind.FollowRequest => (
                key.Actor.Value,
                key.Recipient.Value
            ),
            NotificationKind.Mention or NotificationKind.Reply => (
                key.Recipient.Value,
                key.Post.Value
            ),
            _ => (key.Actor.Value, key.Post.Value),
        };
}
