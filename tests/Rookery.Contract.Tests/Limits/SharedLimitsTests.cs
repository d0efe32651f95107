using System.Diagnostics;
using Rookery.Adapters.Redis;
using Rookery.Contract.Tests.Timelines;
using Rookery.TestKit;
using Rookery.TestKit.Servers;
using Xunit;

namespace Rookery.Contract.Tests.Limits;

/// <summary>Two processes that count in one Redis, which is killed, frozen and back.</summary>
public sealed class SharedLimitsTests : IAsyncLifetime
{
    private const int Patience = 400;

    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private RedisServer _redis = null!;
    private RedisConnection _oneConnection = null!;
    private RedisConnection _otherConnection = null!;
    private RedisLimitsRig _one = null!;
    private RedisLimitsRig _other = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _redis = await RedisServer.StartAsync(Stop);
        var nodes = $"127.0.0.1:{_redis.Port}";
        _oneConnection = await RedisClients.ConnectAsync(nodes);
        _otherConnection = await RedisClients.ConnectAsync(nodes);
        _one = new RedisLimitsRig(_oneConnection, patience: Patience);
        _other = new RedisLimitsRig(_otherConnection, _one.Prefix, Patience);
    }

    public async ValueTask DisposeAsync()
    {
        await _one.DisposeAsync();
        await _other.DisposeAsync();
        await _oneConnection.DisposeAsync();
        await _otherConnection.DisposeAsync();
        await _redis.DisposeAsync();
    }

    [Fact]
    public async Task What_is_asked_at_once_is_granted_once_whoever_is_asked()
    {
        var (one, other) = Open(RateLimitsContract.Terms(10, Hour, atOnce: true));
        var key = RateLimitsContract.Key();
        var answers = await Task.WhenAll(
            Enumerable
                .Range(0, 40)
                .Select(i => (i % 2 == 0 ? one : other).TakeAsync(key, Stop).AsTask())
        );
        Assert.Equal(10, answers.Count(wait => wait is null));
        Assert.All(
            answers.Where(wait => wait is not null),
            wait => Assert.InRange(wait!.Value, TimeSpan.Zero, Hour / 10)
        );
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task What_is_charged_by_one_is_owed_to_the_other(bool atOnce)
    {
        var (one, other) = Open(RateLimitsContract.Terms(10, Hour, atOnce));
        var key = RateLimitsContract.Key();
        Assert.Null(await one.TakeAsync(key, Stop));
        await one.ChargeAsync(key, 9, Stop);
        var granted = 0;
        await Wait.UntilAsync(
            async () =>
            {
                var wait = await other.TakeAsync(key, Stop);
                granted += wait is null ? 1 : 0;
                return wait is not null;
            },
            () => $"the other refuses; it has granted {granted}",
            Stop
        );
        Assert.InRange(granted, 0, atOnce ? 0 : 9);
    }

    [Fact]
    public async Task A_key_that_holds_no_bucket_is_a_full_one()
    {
        var (one, other) = Open(RateLimitsContract.Terms(3, Hour, atOnce: true));
        var key = RateLimitsContract.Key();
        Assert.Null(await one.TakeAsync(key, Stop));
        var name = await _redis.AskAsync(Stop, "keys", "*limit*");
        await _redis.AskAsync(Stop, "del", name);
        await _redis.AskAsync(Stop, "rpush", name, "no bucket");
        Assert.Null(await other.TakeAsync(key, Stop));
        Assert.Equal("string", await _redis.AskAsync(Stop, "type", name));
    }

    [Fact]
    public async Task Who_is_refused_by_all_is_refused_again_without_asking()
    {
        var (one, other) = Open(RateLimitsContract.Terms(3, Hour, atOnce: true));
        var key = RateLimitsContract.Key();
        Assert.Equal(3, await RateLimitsContract.GrantedAsync(one, key, 3));
        Assert.NotNull(await other.TakeAsync(key, Stop));
        var before = await ScriptsAsync();
        Assert.Equal(0, await RateLimitsContract.GrantedAsync(other, key, 50));
        Assert.Equal(before, await ScriptsAsync());
    }

    [Fact]
    public async Task What_nobody_waits_for_is_known_to_the_other_soon_and_by_hundredths()
    {
        var (one, other) = Open(RateLimitsContract.Terms(400, Hour, atOnce: false));
        var key = RateLimitsContract.Key();
        Assert.Equal(400, await RateLimitsContract.GrantedAsync(one, key, 500));
        var granted = 0;
        await Wait.UntilAsync(
            async () =>
            {
                var wait = await other.TakeAsync(key, Stop);
                granted += wait is null ? 1 : 0;
                return wait is not null;
            },
            () => $"the other refuses; it has granted {granted}",
            Stop
        );
        Assert.InRange(granted, 4, 100);
        // What was too much is taken off what comes: the bucket is more than full.
        var full = await _one.AskAsync("PTTL", Assert.Single(await _one.KeysAsync()));
        Assert.InRange(
            full.AsInteger(),
            Hour.TotalMilliseconds * 0.99,
            Hour.TotalMilliseconds * 2 + 2
        );
    }

    [Fact]
    public async Task Who_uses_less_than_a_hundredth_costs_no_round_trip()
    {
        var (one, _) = Open(RateLimitsContract.Terms(100_000, Hour, atOnce: false));
        foreach (var key in Enumerable.Range(0, 50).Select(_ => RateLimitsContract.Key()))
        {
            Assert.Equal(900, await RateLimitsContract.GrantedAsync(one, key, 900));
        }

        Assert.Equal(0, await ScriptsAsync());
    }

    [Fact]
    public async Task What_is_counted_lapses_by_itself()
    {
        var (one, _) = Open(RateLimitsContract.Terms(10, TimeSpan.FromMinutes(1), atOnce: true));
        await RateLimitsContract.GrantedAsync(one, RateLimitsContract.Key(), 3);
        var left = await _one.AskAsync("PTTL", Assert.Single(await _one.KeysAsync()));
        Assert.InRange(left.AsInteger(), 1, 18_100);
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task Without_Redis_each_process_keeps_the_limit_alone_and_together_again_behind(
        bool atOnce
    )
    {
        var (one, other) = Open(RateLimitsContract.Terms(10, Hour, atOnce));
        var key = RateLimitsContract.Key();
        await _redis.KillAsync();
        Assert.Equal(10, await RateLimitsContract.GrantedAsync(one, key, 30));
        Assert.Equal(10, await RateLimitsContract.GrantedAsync(other, key, 30));

        await _redis.RestartAsync(Stop);
        await Wait.UntilAsync(
            async () =>
            {
                // Somebody else each time, whom nobody has counted yet.
                var next = RateLimitsContract.Key();
                var together = await RateLimitsContract.GrantedAsync(one, next, 10);
                return together == 10
                    && (!atOnce || await RateLimitsContract.GrantedAsync(other, next, 10) == 0);
            },
            () => "both count together",
            Stop
        );
    }

    [Fact]
    public async Task What_all_had_used_up_stays_so_when_Redis_is_killed()
    {
        var (one, other) = Open(RateLimitsContract.Terms(10, Hour, atOnce: true));
        var key = RateLimitsContract.Key();
        Assert.Equal(9, await RateLimitsContract.GrantedAsync(one, key, 9));
        Assert.Null(await other.TakeAsync(key, Stop));
        await _redis.KillAsync();
        Assert.NotNull(await other.TakeAsync(key, Stop));
    }

    [Fact]
    public async Task A_frozen_Redis_is_waited_for_a_few_times_and_then_by_nobody()
    {
        var (one, _) = Open(RateLimitsContract.Terms(1_000, Hour, atOnce: true));
        await one.TakeAsync(RateLimitsContract.Key(), Stop);
        await _redis.StopAsync();
        try
        {
            var began = Stopwatch.GetTimestamp();
            for (var i = 0; i < 40; i++)
            {
                Assert.Null(await one.TakeAsync(RateLimitsContract.Key(), Stop));
            }

            // Each alone would be 16 s; what a busy machine adds is bounded by half of that.
            Assert.InRange(
                Stopwatch.GetElapsedTime(began).TotalMilliseconds,
                Patience,
                20 * Patience
            );
        }
        finally
        {
            await _redis.ContinueAsync();
        }

        _one.Tick(SilentSources.Rest);
        var before = await ScriptsAsync();
        await one.TakeAsync(RateLimitsContract.Key(), Stop);
        await one.TakeAsync(RateLimitsContract.Key(), Stop);
        Assert.True(await ScriptsAsync() >= before + 2);
    }

    private (IRateLimit One, IRateLimit Other) Open(RateTerms terms) =>
        (_one.Limits.Open(terms), _other.Limits.Open(terms));

    private async Task<long> ScriptsAsync() =>
        (await _redis.AskAsync(Stop, "info", "commandstats"))
            .Split('\n')
            .Where(line => line.StartsWith("cmdstat_eval:", StringComparison.Ordinal))
            .Select(line =>
                long.Parse(
                    line.Split('=', ',')[1],
                    System.Globalization.CultureInfo.InvariantCulture
                )
            )
            .SingleOrDefault();
}
