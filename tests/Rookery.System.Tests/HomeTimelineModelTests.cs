using Rookery.SystemTests.Histories;
using Rookery.TestKit;
using Rookery.TestKit.Servers;
using Xunit;

namespace Rookery.SystemTests;

/// <summary>
/// Random histories against the oracle, on every engine.
/// </summary>
public sealed class HomeTimelineModelTests
{
    private const int Histories = 150;

    // The reference for small installations; Redis has its own.
    private const int HistoriesPushed = 75;
    private const int HistoriesOnRedis = 30;

    // Each makes a database, which costs more than most histories.
    private const int HistoriesInPostgres = 20;
    private const int HistoriesInThree = 8;

    // Each starts six hosts, and their queues.
    private const int HistoriesByRoles = 5;

    [Fact]
    public void Merged_home_timelines_are_the_oracles_whatever_happens() =>
        PlayHistories.Check(Strategy.Merged, Histories);

    [Fact]
    public void Pushed_home_timelines_are_the_oracles_whatever_happens() =>
        PlayHistories.Check(Strategy.Pushed, HistoriesPushed);

    [Fact]
    public async Task Home_timelines_pushed_to_Redis_are_the_oracles_whatever_happens()
    {
        var stop = TestContext.Current.CancellationToken;
        await using var redis = await RedisServer.StartAsync(stop);
        // On a thread of its own: the histories wait for what they do.
        await Task.Run(() => PlayHistories.Check(Strategy.PushedTo(redis), HistoriesOnRedis), stop);
    }

    [Fact]
    public async Task In_PostgreSQL_merged_home_timelines_are_the_oracles_whatever_happens()
    {
        var postgres = await PostgresAsync();
        PlayHistories.Check(Strategy.Merged, HistoriesInPostgres, InOf(postgres));
    }

    [Fact]
    [Trait("Length", "soak")]
    public async Task In_PostgreSQL_pushed_home_timelines_are_the_oracles_whatever_happens()
    {
        var postgres = await PostgresAsync();
        PlayHistories.Check(Strategy.Pushed, HistoriesInPostgres, InOf(postgres));
    }

    [Fact]
    public async Task A_host_for_each_role_keeps_the_home_timelines_the_oracles_whatever_happens()
    {
        var stop = TestContext.Current.CancellationToken;
        var postgres = await PostgresAsync();
        var broker = await (await TestContext.Current.GetFixture<SharedServers>())!.RabbitMqAsync();
        await using var redis = await RedisServer.StartAsync(stop);
        await Task.Run(
            () =>
                PlayHistories.Check(
                    Strategy.PushedTo(redis).ByRoles(broker),
                    HistoriesByRoles,
                    InOf(postgres)
                ),
            stop
        );
    }

    [Fact]
    [Trait("Length", "soak")]
    public async Task A_host_for_each_role_over_three_databases_keeps_them_too()
    {
        var stop = TestContext.Current.CancellationToken;
        var postgres = await PostgresAsync();
        var broker = await (await TestContext.Current.GetFixture<SharedServers>())!.RabbitMqAsync();
        await using var redis = await RedisServer.StartAsync(stop);
        var strategy = Strategy.PushedTo(redis).ByRoles(broker);
        await Task.Run(
            () => PlayHistories.Check(strategy, HistoriesByRoles, InThreeOf(postgres)),
            stop
        );
    }

    [Fact]
    public async Task In_three_databases_merged_home_timelines_are_the_oracles_whatever_happens()
    {
        var postgres = await PostgresAsync();
        PlayHistories.Check(Strategy.Merged, HistoriesInThree, InThreeOf(postgres));
    }

    [Fact]
    [Trait("Length", "soak")]
    public async Task In_three_databases_pushed_home_timelines_are_the_oracles_whatever_happens()
    {
        var postgres = await PostgresAsync();
        PlayHistories.Check(Strategy.Pushed, HistoriesInThree, InThreeOf(postgres));
    }

    /// <summary>Each in a database of its own.</summary>
    private static PrepareStrategy InOf(PostgresServer postgres) =>
        async (strategy, stop) => strategy.In(await postgres.CreateDatabaseAsync(stop));

    private static PrepareStrategy InThreeOf(PostgresServer postgres) =>
        async (strategy, stop) => strategy.In(await DividedDatabases.CreateAsync(postgres, stop));

    private static async Task<PostgresServer> PostgresAsync() =>
        await (await TestContext.Current.GetFixture<SharedServers>())!.PostgresAsync();
}
