using Rookery.Notifications;
using Rookery.Posts;
using Rookery.Verification;

namespace Rookery.Adapters.Sql;

/// <summary>Comparisons inside a SQL database. Mirrored tables: <c>SqlDerivedRows</c>; counters: <c>SqlPostRecount</c>; home: <c>SqlHomeOracle</c>.</summary>
internal sealed class SqlDerivedTables(SqlDatabases databases) : IDerivedTables
{
    // Hashtags hold no white space, so a space keeps them apart.
    private const string SelectIndexed = """
        SELECT p.id, p.visibility, p.text, coalesce((SELECT group_concat(h.hashtag, ' ') FROM hashtag_posts h WHERE h.post = p.id), '')
        FROM posts p WHERE p.id > @after AND p.state = 0 ORDER BY p.id LIMIT @limit
        """;

    private const string SelectStrays = """
        SELECT h.hashtag, h.post FROM hashtag_posts h
        WHERE NOT EXISTS (SELECT 1 FROM posts p WHERE p.id = h.post AND p.state = 0)
        LIMIT @limit
        """;

    private const string InsertHashtag = """
        INSERT INTO hashtag_posts (hashtag, post)
        SELECT @hashtag, id FROM posts WHERE id = @post AND state = 0 AND visibility = 0
        ON CONFLICT DO NOTHING
        """;

    private const string SelectDelivery = $"""
        SELECT coalesce(({SqlOutboxStore.SelectLastSequence}), 0),
            r.published_through,
            coalesce((SELECT max(applied_through) FROM consumer_positions), 0),
            coalesce((SELECT max(sequence) FROM inbox WHERE {SqlInbox.OfOwnOutbox}), 0),
            (SELECT count(*) FROM outbox WHERE sequence > r.published_through)
        FROM relay_position r
        """;

    private const string RepairPosition = $"""
        UPDATE relay_position SET published_through = coalesce(({SqlOutboxStore.SelectLastSequence}), 0)
        WHERE published_through > coalesce(({SqlOutboxStore.SelectLastSequence}), 0)
        """;

    private const string RepairConsumers = $"""
        UPDATE consumer_positions SET applied_through = coalesce(({SqlOutboxStore.SelectLastSequence}), 0)
        WHERE applied_through > coalesce(({SqlOutboxStore.SelectLastSequence}), 0)
        """;

    private const string RepairMarks = $"""
        DELETE FROM inbox WHERE {SqlInbox.OfOwnOutbox} AND sequence > coalesce(({SqlOutboxStore.SelectLastSequence}), 0)
        """;

    private const string SelectMarkOf = "SELECT max(sequence) FROM inbox WHERE consumer LIKE @of";

    private const string RepairMarksOf =
        "DELETE FROM inbox WHERE consumer LIKE @of AND sequence > @last";

    // By the partition first, which was drawn at random: so the sample is from all times of sign-up.
    private const string SelectReaders = """
        SELECT follower FROM (SELECT DISTINCT follower FROM follows) f ORDER BY (follower >> 12) & 1023, follower LIMIT @limit
        """;

    private const string SelectIds =
        "SELECT id FROM posts WHERE id > @after ORDER BY id LIMIT @limit";

    private const string SelectAbove = """
        SELECT p.author, p.id
        FROM json_each(@authors) j
        JOIN json_each(@bounds) b ON b.key = j.key
        JOIN authors a ON a.account = j.value AND a.state = 0
        JOIN posts p ON p.author = a.account AND p.state = 0 AND p.visibility < 3 AND p.id > b.value
        ORDER BY p.author, p.id DESC
        """;

    public ValueTask<long> CountAsync(DerivedTable table, CancellationToken token) =>
        Of(table).ReadAtLeisureAsync(session => session.Number(SqlDerivedRows.Of(table).Count, 0));

    public ValueTask<IReadOnlyList<RowDifference>> DifferencesAsync(
        DerivedTable table,
        int limit,
        CancellationToken token
    ) =>
        Of(table)
            .ReadAtLeisureAsync<IReadOnlyList<RowDifference>>(session =>
                session.Many(
                    SqlDerivedRows.Of(table).Differences,
                    row => new RowDifference(
                        row.GetInt64(0),
                        row.GetInt64(1),
                        row.GetInt64(2) != 0
                    ),
                    (long)limit
                )
            );

    public Task<int> RepairAsync(
        DerivedTable table,
        IReadOnlyList<RowDifference> differences,
        CancellationToken token
    ) =>
        Of(table)
            .Writes.RunAsync(
                commit =>
                {
                    var rows = SqlDerivedRows.Of(table);
                    return differences.Sum(difference =>
                        Math.Max(
                            commit.Session.Execute(rows.Mend, difference.First, difference.Second),
                            commit.Session.Execute(rows.Remove, difference.First, difference.Second)
                        )
                    );
                },
                token
            );

    public ValueTask<PostCountPage> PostCountsAfterAsync(
        PostId after,
        int limit,
        CancellationToken token
    ) => databases.Posts.ReadAtLeisureAsync(session => SqlPostRecount.After(session, after, limit));

    public ValueTask<IReadOnlyList<PostCountDifference>> PostCountsAsync(
        IReadOnlyList<PostId> posts,
        CancellationToken token
    ) =>
        databases.Posts.ReadAtLeisureAsync<IReadOnlyList<PostCountDifference>>(session =>
            SqlPostRecount.Of(session, [.. posts])
        );

    public Task<int> RepairPostCountsAsync(
        IReadOnlyList<PostCountDifference> differences,
        CancellationToken token
    ) =>
        databases.Posts.Writes.RunAsync(
            commit => SqlPostRecount.Repair(commit, differences),
            token
        );

    public ValueTask<IReadOnlyList<IndexedPost>> IndexedPostsAfterAsync(
        PostId after,
        int limit,
        CancellationToken token
    ) =>
        databases.Posts.ReadAtLeisureAsync<IReadOnlyList<IndexedPost>>(session =>
            session.Many(
                SelectIndexed,
                row => new IndexedPost(
                    new PostId(row.GetInt64(0)),
                    (Visibility)row.GetInt64(1),
                    row.GetString(2),
                    row.GetString(3).Split(' ', StringSplitOptions.RemoveEmptyEntries)
                ),
                after.Value,
                (long)limit
            )
        );

    public ValueTask<IReadOnlyList<(string Hashtag, PostId Post)>> StrayHashtagsAsync(
        int limit,
        CancellationToken token
    ) =>
        databases.Posts.ReadAtLeisureAsync<IReadOnlyList<(string, PostId)>>(session =>
            session.Many(
                SelectStrays,
                row => (row.GetString(0), new PostId(row.GetInt64(1))),
                (long)limit
            )
        );

    public Task ReindexAsync(
        PostId post,
        IReadOnlyList<string> hashtags,
        CancellationToken token
    ) =>
        databases.Posts.Writes.RunAsync(
            commit =>
            {
                commit.Session.Execute("DELETE FROM hashtag_posts WHERE post = @post", post.Value);
                return hashtags.Sum(hashtag =>
                    commit.Session.Execute(InsertHashtag, hashtag, post.Value)
                );
            },
            token
        );

    public async ValueTask<IReadOnlyList<DeliveryState>> DeliveryAsync(CancellationToken token)
    {
        var states = new List<DeliveryState>();
        foreach (var database in databases.All)
        {
            var state = await database.ReadAtLeisureAsync(session =>
                session.One(SelectDelivery, row => ReadState(database, row))
            );
            foreach (var other in Others(database))
            {
                var mark = await other.ReadAtLeisureAsync(session =>
                    session.Number(SelectMarkOf, 0, SqlInbox.Of("%", database.Outbox))
                );
                state = state with { LastMark = Math.Max(state.LastMark, mark) };
            }

            states.Add(state);
        }

        return states;
    }

    public async Task RepairDeliveryAsync(CancellationToken token)
    {
        foreach (var database in databases.All)
        {
            await database.Writes.RunAsync(
                commit =>
                    commit.Session.Execute(RepairPosition)
                    + commit.Session.Execute(RepairConsumers)
                    + commit.Session.Execute(RepairMarks),
                token
            );
            var last = await database.ReadAsync(session =>
                session.Number(SqlOutboxStore.SelectLastSequence, 0)
            );
            foreach (var other in Others(database))
            {
                var marks = SqlInbox.Of("%", database.Outbox);
                await other.Writes.RunAsync(
                    commit => commit.Session.Execute(RepairMarksOf, marks, last),
                    token
                );
            }
        }
    }

    public ValueTask<IReadOnlyList<AccountId>> SampleReadersAsync(
        int limit,
        CancellationToken token
    ) =>
        databases.Graph.ReadAtLeisureAsync<IReadOnlyList<AccountId>>(session =>
            session.Many(SelectReaders, row => new AccountId(row.GetInt64(0)), (long)limit)
        );

    public ValueTask<IReadOnlyList<PostId>> PostIdsAfterAsync(
        PostId after,
        int limit,
        CancellationToken token
    ) =>
        databases.Posts.ReadAtLeisureAsync<IReadOnlyList<PostId>>(session =>
            session.Many(SelectIds, row => new PostId(row.GetInt64(0)), after.Value, (long)limit)
        );

    public ValueTask<ILookup<AccountId, PostId>> PostsAboveAsync(
        IReadOnlyList<(AccountId Author, PostId Above)> authors,
        CancellationToken token
    ) =>
        databases.Posts.ReadAtLeisureAsync(session =>
            session
                .Many(
                    SelectAbove,
                    row =>
                        (Author: new AccountId(row.GetInt64(0)), Post: new PostId(row.GetInt64(1))),
                    SqlList.Of([.. authors.Select(pair => pair.Author)]),
                    SqlList.Of([.. authors.Select(pair => pair.Above)])
                )
                .ToLookup(row => row.Author, row => row.Post)
        );

    public async ValueTask<IReadOnlyList<PostId>> HomeAsync(
        AccountId owner,
        DateTimeOffset now,
        int limit,
        CancellationToken token
    )
    {
        var relations = await databases.Graph.ReadAtLeisureAsync(session =>
            SqlHomeOracle.Relations(session, owner, now)
        );
        return await databases.Posts.ReadAtLeisureAsync(session =>
            SqlHomeOracle.Read(session, owner, relations, limit)
        );
    }

    public ValueTask<IReadOnlyList<NotificationKey>> UnfoundedAsync(
        IReadOnlyList<NotificationKey> notifications,
        CancellationToken token
    ) => SqlNotificationTruth.UnfoundedAsync(databases, notifications);

    public ValueTask<IReadOnlyList<Bell>> UnfoundedAsync(
        IReadOnlyList<Bell> bells,
        CancellationToken token
    ) => SqlNotificationTruth.UnfoundedAsync(databases, bells);

    public async Task ForgetHeldAsync(CancellationToken token)
    {
        foreach (var database in databases.All)
        {
            await database.Writes.ForgetAsync(token);
        }
    }

    /// <summary>Where consumers may have marked events of this one's outbox too.</summary>
    private IEnumerable<SqlDatabase> Others(SqlDatabase database) =>
        databases.All.Where(other => other != database);

    private SqlDatabase Of(DerivedTable table) =>
        table is DerivedTable.Followers or DerivedTable.BlockedBy
            ? databases.Graph
            : databases.Posts;

    private static DeliveryState ReadState(
        SqlDatabase database,
        System.Data.Common.DbDataReader row
    ) =>
        new(
            database.Description,
            row.GetInt64(0),
            row.GetInt64(1),
            row.GetInt64(2),
            row.GetInt64(3),
            row.GetInt64(4)
        );
}
