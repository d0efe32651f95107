using Rookery.Adapters.Sql;
using Rookery.Graph;
using Rookery.Posts;
using Rookery.TestKit;
using Rookery.Verification;

namespace Rookery.Contract.Tests.Verification;

public sealed class SqliteDerivedTablesTests : DerivedTablesContract
{
    protected override DerivedTablesRig Open() => new SqlDerivedRig(new SqliteFile());
}

public sealed class PostgresDerivedTablesTests : DerivedTablesContract
{
    protected override DerivedTablesRig Open() => new SqlDerivedRig(PostgresDatabase.Create());
}

internal sealed class SqlDerivedRig : DerivedTablesRig
{
    private readonly TestDatabase _database;
    private readonly Recorder _recorder = new();

    public SqlDerivedRig(TestDatabase database)
    {
        _database = database;
        _database.Database.Writes.Observe(_recorder);
        Tables = new SqlDerivedTables(SqlDatabases.Only(_database.Database));
        Posts = new SqlPostStore(_database.Database);
        Graph = new SqlGraphStore(_database.Database);
    }

    public override IDerivedTables Tables { get; }

    public override IPostStore Posts { get; }

    public override IGraphStore Graph { get; }

    public override IReadOnlyList<DomainEvent> Announced => _recorder.Announced;

    public override int Forgotten => _recorder.Forgotten;

    public override Task BreakAsync(DerivedTable table, RowDifference row)
    {
        var (name, first, second) = table switch
        {
            DerivedTable.Followers => ("followers", "followee", "follower"),
            DerivedTable.BlockedBy => ("blocked_by", "blocked", "blocker"),
            DerivedTable.Likers => ("likers", "post", "account"),
            _ => ("mentions", "account", "post"),
        };
        var visibility = table == DerivedTable.Mentions ? (", visibility", ", 0") : ("", "");
        return ExecuteAsync(
            row.Missing
                ? $"DELETE FROM {name} WHERE {first} = @first AND {second} = @second"
                : $"INSERT INTO {name} ({first}, {second}{visibility.Item1}) VALUES (@first, @second{visibility.Item2})",
            row.First,
            row.Second
        );
    }

    public override Task IndexAsync(string hashtag, PostId post) =>
        ExecuteAsync(
            "INSERT INTO hashtag_posts (hashtag, post) VALUES (@hashtag, @post)",
            hashtag,
            post.Value
        );

    public override Task UnindexAsync(string hashtag, PostId post) =>
        ExecuteAsync(
            "DELETE FROM hashtag_posts WHERE hashtag = @hashtag AND post = @post",
            hashtag,
            post.Value
        );

    public override Task HoldCountsAsync(PostId post, PostCounts counts) =>
        ExecuteAsync(
            """
            INSERT INTO post_counts (post, likes, reposts, replies) VALUES (@post, @likes, @reposts, @replies)
            ON CONFLICT (post) DO UPDATE SET likes = excluded.likes, reposts = excluded.reposts, replies = excluded.replies
            """,
            post.Value,
            counts.Likes,
            counts.Reposts,
            counts.Replies
        );

    public override async Task PlaceDeliveryAsync(long sequence)
    {
        await ExecuteAsync("UPDATE relay_position SET published_through = @sequence", sequence);
        await ExecuteAsync(
            "INSERT INTO consumer_positions (consumer, applied_through) VALUES ('counts', @sequence)",
            sequence
        );
        await ExecuteAsync(
            "INSERT INTO inbox (consumer, sequence) VALUES ('counts', @sequence)",
            sequence
        );
    }

    public override void Dispose() => _database.Dispose();

    private Task<int> ExecuteAsync(string sql, params object[] arguments) =>
        _database.Database.Writes.RunAsync(
            commit => commit.Session.Execute(sql, arguments),
            CancellationToken.None
        );
}
