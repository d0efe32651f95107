using Npgsql;
using Rookery.SystemTests.Histories;
using Rookery.TestKit;
using Rookery.TestKit.Servers;
using Xunit;

namespace Rookery.SystemTests.Docs;

/// <summary>What puts the tables of an installation into hash partitions.</summary>
public sealed class PartitionScriptTests
{
    private const int Partitions = 4;

    private static readonly string Script =
        $"SET rookery.partitions = {Partitions};\n"
        + File.ReadAllText(Tree.PathOf("deploy/postgres/partition.sql"));

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_stands_goes_on_in_partitions_and_statements_about_one_account_touch_one()
    {
        var postgres = await PostgresAsync();
        var database = await postgres.CreateDatabaseAsync(Stop);
        var settings = new Dictionary<string, string?> { ["Databases:Default"] = database };
        await using var world = await World.CreateAsync(Stop, settings);
        var before = new PostId(
            (await world.Alice.PostAsync("before", Stop)).Require(201).Id("tweet_id")
        );
        (await world.Bob.MarkAsync("repost", before, Stop)).Require(200);

        // Not under a running server.
        var refused = await Assert.ThrowsAsync<PostgresException>(() =>
            postgres.RunAsync(database, Script, Stop)
        );
        Assert.Contains("stop all of them", refused.MessageText, StringComparison.Ordinal);

        List<ClassicClient> people = [world.Alice, world.Bob];
        await world.RestartAsync(
            people,
            Stop,
            meanwhile: async () =>
            {
                await postgres.RunAsync(database, Script, Stop);
                await postgres.RunAsync(database, Script, Stop);
            }
        );
        var (alice, bob) = (people[0], people[1]);
        Assert.Equal(before, Assert.Single(await bob.HomeAsync(new Page(20), Stop)).Id);
        // Twice is once, though no index spans all partitions.
        (await bob.MarkAsync("repost", before, Stop)).Require(200);
        Assert.Single(await bob.UserTimelineAsync(bob.Id, new Page(20), Stop));
        var after = new PostId((await alice.PostAsync("after", Stop)).Require(201).Id("tweet_id"));
        Assert.Equal(
            [after, before],
            (await bob.HomeAsync(new Page(20), Stop)).Select(entry => entry.Id)
        );

        string[] statements =
        [
            $"SELECT text FROM posts WHERE id = {after}",
            $"SELECT followee FROM follows WHERE follower = {bob.Id}",
            $"UPDATE post_counts SET likes = 1 WHERE post = {after}",
            $"INSERT INTO likes (account, post) VALUES ({bob.Id}, {after}) ON CONFLICT DO NOTHING",
        ];
        foreach (var statement in statements)
        {
            Assert.True(
                await CountPartitionsAsync(database, statement) <= 1,
                $"{statement} looks into more than one partition"
            );
        }

        Assert.Equal(
            Partitions,
            await CountPartitionsAsync(database, "SELECT count(*) FROM follows")
        );
    }

    [Fact]
    public async Task Home_timelines_in_partitions_are_the_oracles_whatever_happens()
    {
        var postgres = await PostgresAsync();
        var template = await postgres.CreateDatabaseAsync(Stop);
        await using (
            await World.EmptyAsync(
                Stop,
                new Dictionary<string, string?> { ["Databases:Default"] = template }
            )
        )
        {
            // It makes the tables.
        }

        await postgres.RunAsync(template, Script, Stop);
        await Task.Run(
            () =>
                PlayHistories.Check(
                    Strategy.Merged,
                    histories: 10,
                    async (strategy, stop) =>
                        strategy.In(await postgres.CopyDatabaseAsync(template, stop))
                ),
            Stop
        );
    }

    /// <summary>Partitions that the plan of a statement names.</summary>
    private static async Task<int> CountPartitionsAsync(string database, string statement)
    {
        await using var source = NpgsqlDataSource.Create(database);
        await using var command = source.CreateCommand($"EXPLAIN (COSTS off) {statement}");
        await using var reader = await command.ExecuteReaderAsync(Stop);
        var partitions = 0;
        while (await reader.ReadAsync(Stop))
        {
            partitions += reader.GetString(0).Contains(" Scan", StringComparison.Ordinal) ? 1 : 0;
        }

        return partitions;
    }

    private static async Task<PostgresServer> PostgresAsync() =>
        await (await TestContext.Current.GetFixture<SharedServers>())!.PostgresAsync();
}
