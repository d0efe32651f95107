using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.FSharp.Core;
using Rookery.SystemTests.Histories;
using Rookery.TestKit;
using Rookery.TestKit.Servers;
using Xunit;

namespace Rookery.SystemTests;

/// <summary>
/// Random histories against the oracle. A failure names the seed and the shortest history that still fails; ROOKERY_SEED plays another set,
/// ROOKERY_HISTORIES another number.
/// </summary>
[Collection(nameof(LongTests))]
public sealed class HomeTimelineModelTests
{
    private const ulong Seed = 20_060_321;
    private const int Histories = 150;
    private const int HistoriesOnRedis = 30;

    // Each makes a database, which costs more than most histories.
    private const int HistoriesInPostgres = 20;
    private const int HistoriesInThree = 8;

    // Each starts six hosts, and their queues.
    private const int HistoriesByRoles = 5;

    [Fact]
    public void Merged_home_timelines_are_the_oracles_whatever_happens() => Check(Strategy.Merged);

    [Fact]
    public void Pushed_home_timelines_are_the_oracles_whatever_happens() => Check(Strategy.Pushed);

    [Fact]
    public async Task Home_timelines_pushed_to_Redis_are_the_oracles_whatever_happens()
    {
        var stop = TestContext.Current.CancellationToken;
        await using var redis = await RedisServer.StartAsync(stop);
        // On a thread of its own: the histories wait for what they do.
        await Task.Run(() => Check(Strategy.PushedTo(redis), HistoriesOnRedis), stop);
    }

    [Fact]
    public async Task In_PostgreSQL_merged_home_timelines_are_the_oracles_whatever_happens()
    {
        var postgres = await PostgresAsync();
        Check(Strategy.Merged, HistoriesInPostgres, postgres);
    }

    [Fact]
    [Trait("Length", "soak")]
    public async Task In_PostgreSQL_pushed_home_timelines_are_the_oracles_whatever_happens()
    {
        var postgres = await PostgresAsync();
        Check(Strategy.Pushed, HistoriesInPostgres, postgres);
    }

    [Fact]
    public async Task A_host_for_each_role_keeps_the_home_timelines_the_oracles_whatever_happens()
    {
        var stop = TestContext.Current.CancellationToken;
        var postgres = await PostgresAsync();
        var broker = await (await TestContext.Current.GetFixture<SharedServers>())!.RabbitMqAsync();
        await using var redis = await RedisServer.StartAsync(stop);
        await Task.Run(
            () => Check(Strategy.PushedTo(redis).ByRoles(broker), HistoriesByRoles, postgres),
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
        await Task.Run(() => Check(strategy, HistoriesByRoles, postgres, divided: true), stop);
    }

    [Fact]
    public async Task In_three_databases_merged_home_timelines_are_the_oracles_whatever_happens()
    {
        var postgres = await PostgresAsync();
        Check(Strategy.Merged, HistoriesInThree, postgres, divided: true);
    }

    [Fact]
    public async Task In_three_databases_pushed_home_timelines_are_the_oracles_whatever_happens()
    {
        var postgres = await PostgresAsync();
        Check(Strategy.Pushed, HistoriesInThree, postgres, divided: true);
    }

    private static async Task<PostgresServer> PostgresAsync() =>
        await (await TestContext.Current.GetFixture<SharedServers>())!.PostgresAsync();

    private static void Check(
        Strategy strategy,
        int histories = Histories,
        PostgresServer? postgres = null,
        bool divided = false
    )
    {
        var stop = TestContext.Current.CancellationToken;
        var seed = Number("ROOKERY_SEED", Seed);
        var replay = new Replay(new Rnd(seed, 1), FSharpOption<int>.None);
        var config = Config
            .QuickThrowOnFailure.WithName($"{strategy.Name}, seed {seed}")
            .WithMaxTest((int)Number("ROOKERY_HISTORIES", (ulong)histories))
            .WithReplay(FSharpOption<Replay>.Some(replay));
        FsCheck.Check.One(
            config,
            Prop.ForAll(Step.Histories, steps => Play(steps, strategy, postgres, divided, stop))
        );
    }

    private static void Play(
        Step[] steps,
        Strategy strategy,
        PostgresServer? postgres,
        bool divided,
        CancellationToken stop
    ) => PlayAsync(steps, strategy, postgres, divided, stop).GetAwaiter().GetResult();

    private static async Task PlayAsync(
        Step[] steps,
        Strategy strategy,
        PostgresServer? postgres,
        bool divided,
        CancellationToken stop
    )
    {
        var played =
            postgres is null ? strategy
            : divided ? strategy.In(await DividedDatabases.CreateAsync(postgres, stop))
            : strategy.In(await postgres.CreateDatabaseAsync(stop));
        await HistoryRun.PlayAsync(steps, played, stop);
    }

    private static ulong Number(string variable, ulong otherwise) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text
            ? ulong.Parse(text, CultureInfo.InvariantCulture)
            : otherwise;
}
