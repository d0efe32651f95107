using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Rookery.Adapters.Redis;
using Rookery.Delivery;
using Rookery.TestKit;
using Rookery.TestKit.Servers;
using Rookery.Timelines;
using Rookery.Verification;
using Xunit;

namespace Rookery.SystemTests.OnRedis;

/// <summary>A server whose pushed timelines are in Redis: what a page costs, and what is left of it without Redis.</summary>
public sealed class HomeOnRedisTests : IAsyncLifetime
{
    private readonly CountedPorts _ports = new();
    private RedisServer _redis = null!;
    private World _world = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _redis = await RedisServer.StartAsync(Stop);
        var settings = new Dictionary<string, string?>
        {
            ["Redis:Nodes"] = $"127.0.0.1:{_redis.Port}",
            // Star is merged, alice is pushed.
            ["Timelines:MergeAtReadAbove"] = "5",
        };
        _world = await World.CreateAsync(Stop, settings, _ports);
    }

    public async ValueTask DisposeAsync()
    {
        await _world.DisposeAsync();
        await _redis.DisposeAsync();
    }

    [Fact]
    public async Task A_stream_that_is_opened_again_has_what_is_still_on_its_way_to_a_pushed_timeline()
    {
        // Streams that are closed here are closed there some seconds later, and an account has so many.
        for (var round = 0; round < 10; round++)
        {
            using var first = await StreamAsync(null);
            var at = first.At;
            var posts = new List<PostId>();
            for (var i = 0; i < 4; i++)
            {
                posts.Add(await PostAsync(i % 2 == 0 ? _world.Alice : _world.Star));
            }

            using var again = await StreamAsync(at);
            posts.Add(await PostAsync(_world.Alice));
            Assert.Equal(posts, (await again.TakeAsync(5, Stop)).Select(sent => sent.Post));
            Assert.Equal(posts, (await first.TakeAsync(5, Stop)).Select(sent => sent.Post));
        }

        Task<EventStream> StreamAsync(string? last) =>
            EventStream.OpenAsync(_world.Server.Http, "user", _world.Bob.Token, Stop, last);
    }

    [Fact]
    public async Task A_warm_page_costs_one_round_trip_to_Redis_and_no_query()
    {
        var posts = new List<PostId>();
        for (var i = 0; i < 30; i++)
        {
            posts.Add(await PostAsync(i % 5 == 0 ? _world.Star : _world.Alice));
            await _world.SettleAsync(Stop);
        }

        await HomeAsync();
        await HomeAsync();
        var (queries, commands) = (_ports.Calls.Count, await CommandsAsync());

        var page = await HomeAsync();

        Assert.Equal(Enumerable.Reverse(posts).Take(20), page);
        Assert.Empty(_ports.Calls.Skip(queries));
        var spent = (await CommandsAsync())
            .Select(command =>
                (command.Key, Calls: command.Value - commands.GetValueOrDefault(command.Key))
            )
            .Where(command => command.Calls > 0);
        Assert.Equal([("lrange", 1)], spent);
    }

    [Fact]
    public async Task Without_Redis_pages_and_posts_go_on_and_all_heals_when_it_is_back()
    {
        var first = await PostAsync(_world.Alice);
        await _world.SettleAsync(Stop);
        Assert.Equal([first], await HomeAsync());

        await _redis.KillAsync();
        var second = await PostAsync(_world.Alice);
        var third = await PostAsync(_world.Star);
        Assert.Equal([third, second, first], await HomeAsync());
        Assert.Empty(await Outbox.DeadLettersAsync(Stop));

        await _redis.RestartAsync(Stop);
        await _world.SettleAsync(Stop);
        await UntilBuiltAsync();
        Assert.Equal([third, second, first], await HomeAsync());
        Assert.Empty(await Outbox.DeadLettersAsync(Stop));
    }

    [Fact]
    public async Task A_frozen_Redis_costs_a_page_its_patience_and_no_more()
    {
        var post = await PostAsync(_world.Alice);
        await _world.SettleAsync(Stop);
        await HomeAsync();
        await _redis.StopAsync();
        try
        {
            var began = Stopwatch.GetTimestamp();
            Assert.Equal([post], await HomeAsync());
            Assert.InRange(Stopwatch.GetElapsedTime(began).TotalSeconds, 0.4, 20);
            var later = await PostAsync(_world.Alice);
            Assert.Equal([later, post], await HomeAsync());
        }
        finally
        {
            await _redis.ContinueAsync();
        }

        await _world.SettleAsync(Stop);
        Assert.Equal(2, (await HomeAsync()).Count);
    }

    [Fact]
    public async Task A_Redis_that_stays_frozen_is_waited_for_by_few_and_asked_again_when_it_goes_on()
    {
        const int Pages = 30;
        var post = await PostAsync(_world.Alice);
        await _world.SettleAsync(Stop);
        await HomeAsync();
        await UntilBuiltAsync();
        var most = TimeSpan.FromMilliseconds(0.8 * new RedisOptions().PatienceMilliseconds);
        await _redis.StopAsync();
        var waited = 0;
        try
        {
            for (var page = 0; page < Pages; page++)
            {
                var began = Stopwatch.GetTimestamp();
                Assert.Equal([post], await HomeAsync());
                waited += Stopwatch.GetElapsedTime(began) >= most ? 1 : 0;
            }
        }
        finally
        {
            await _redis.ContinueAsync();
        }

        // Three in a row, and then one a second; the pages between take milliseconds.
        Assert.InRange(waited, 3, Pages / 3);
        await _world.SettleAsync(Stop);
        var before = (await CommandsAsync()).GetValueOrDefault("lrange");
        await Wait.UntilAsync(
            async () =>
            {
                Assert.Equal([post], await HomeAsync());
                return (await CommandsAsync()).GetValueOrDefault("lrange") > before;
            },
            () => "pages are read from Redis again",
            Stop
        );
    }

    [Fact]
    public async Task A_wiped_Redis_is_filled_again_by_who_reads()
    {
        var post = await PostAsync(_world.Alice);
        await _world.SettleAsync(Stop);
        await HomeAsync();
        await UntilBuiltAsync();

        await _redis.AskAsync(Stop, "flushall");
        Assert.Equal([post], await HomeAsync());
        await UntilBuiltAsync();
    }

    [Fact]
    public async Task Verifying_finds_what_is_missing_in_Redis_and_repairs_it()
    {
        var post = await PostAsync(_world.Alice);
        await _world.SettleAsync(Stop);
        await HomeAsync();
        await UntilBuiltAsync();
        // Nothing but its end: it says that it is complete.
        var list = $"rookery:1:{{{_world.Bob.Id}}}l";
        await _redis.AskAsync(Stop, "ltrim", list, "-1", "-1");
        Assert.Empty(await HomeAsync());

        Assert.Contains(await VerifyAsync(repair: false), report => report.Different > 0);
        Assert.Contains(await VerifyAsync(repair: true), report => report.Repaired > 0);

        Assert.Equal([post], await HomeAsync());
        Assert.All(await VerifyAsync(repair: false), report => Assert.Equal(0, report.Different));
    }

    private IOutboxStore Outbox =>
        _world.Server.Services.GetRequiredService<DeliveryLines>().All[0].Outbox;

    private static async Task<PostId> PostAsync(ClassicClient author) =>
        new((await author.PostAsync("text", Stop)).Require(201).Id("tweet_id"));

    private async Task<List<PostId>> HomeAsync() =>
        [.. (await _world.Bob.HomeAsync(new Page(20), Stop)).Select(entry => entry.Id)];

    private ValueTask<List<CheckReport>> VerifyAsync(bool repair) =>
        _world
            .Server.Services.GetRequiredService<VerifyAll>()
            .HandleAsync(repair, Stop)
            .ToListAsync(Stop);

    /// <summary>A page that found nothing in Redis has had it built.</summary>
    private Task UntilBuiltAsync() =>
        Wait.UntilAsync(
            async () =>
            {
                await HomeAsync();
                var store = _world.Server.Services.GetRequiredService<ITimelineStore>();
                return await store
                    .OwnersAsync(Stop)
                    .ContainsAsync(_world.Bob.Id, cancellationToken: Stop);
            },
            () => "bob's timeline is in Redis",
            Stop
        );

    /// <summary>How often each command was run, but for those that keep connections, look at the server every second, and ask for this.</summary>
    private async Task<Dictionary<string, long>> CommandsAsync() =>
        (await _redis.AskAsync(Stop, "info", "commandstats"))
            .Split('\n')
            .Where(line => line.StartsWith("cmdstat_", StringComparison.Ordinal))
            .Select(line => line["cmdstat_".Length..].Split(':', '=', ','))
            .Where(parts => parts[0] is not ("ping" or "info" or "hello" or "get" or "set"))
            .ToDictionary(
                parts => parts[0],
                parts => long.Parse(parts[2], System.Globalization.CultureInfo.InvariantCulture)
            );
}
