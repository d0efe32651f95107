using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Rookery.TestKit;
using Rookery.TestKit.Servers;
using Rookery.Timelines;
using Rookery.Verification;
using Xunit;

namespace Rookery.SystemTests.OnRedis;

/// <summary>One of three masters is away, and no replica takes its place: the timelines of the others go on, and nothing is lost on its own.</summary>
public sealed class ShardAwayTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const int Readers = 12;

    private readonly List<ClassicClient> _readers = [];
    private RedisCluster _cluster = null!;
    private World _world = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _cluster = await RedisCluster.StartAsync(Stop);
        _world = await World.CreateAsync(
            Stop,
            new Dictionary<string, string?>
            {
                ["Redis:Nodes"] = string.Join(
                    ',',
                    _cluster.Ports.Select(port => $"127.0.0.1:{port}")
                ),
                ["Timelines:MergeAtReadAbove"] = "100",
            }
        );
        for (var number = 0; number < Readers; number++)
        {
            var reader = await _world.SignUpAsync($"reader_{number}", Stop);
            (await reader.RelateAsync("follow", _world.Alice.Id, Stop)).Require(200);
            _readers.Add(reader);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _world.DisposeAsync();
        await _cluster.DisposeAsync();
    }

    [Theory, InlineData("killed"), InlineData("frozen")]
    public async Task Posts_reach_who_is_elsewhere_at_once_and_the_others_when_it_is_back(
        string how
    )
    {
        var expected = new List<PostId> { await PostAsync() };
        await UntilBuiltAsync();
        var (away, there, elsewhere) = await DivideAsync();
        // A replica would take its place.
        await (await _cluster.ReplicaOfAsync(away, Stop)).KillAsync();
        await (how == "killed" ? away.KillAsync() : away.StopAsync());

        var took = new List<double>();
        for (var post = 0; post < 4; post++)
        {
            expected.Insert(0, await PostAsync());
            var began = Stopwatch.GetTimestamp();
            await UntilAsync(elsewhere, expected);
            took.Add(Stopwatch.GetElapsedTime(began).TotalSeconds);
            // From the database, so at once.
            await AreAsync(there, expected);
        }

        output.WriteLine(
            $"{how} pid {away.ProcessId}; {there.Count} readers there, {elsewhere.Count} elsewhere; seconds until those had each post: {string.Join(", ", took.Select(one => $"{one:F2}"))}"
        );
        Assert.NotEmpty(await Postponed.AllAsync(Stop));
        // A server that says nothing is given up once, after the 10 s in which it might have answered.
        Assert.InRange(took.Count(seconds => seconds > 9), 0, how == "frozen" ? 1 : 0);

        await (how == "killed" ? away.RestartAsync(Stop) : away.ContinueAsync());
        await Wait.UntilAsync(
            async () =>
            {
                // At no moment does a page lack what it had.
                await AreAsync(there, expected);
                return (await Postponed.AllAsync(Stop)).Count == 0;
            },
            () => "what was postponed has been made up",
            Stop
        );
        await UntilBuiltAsync();
        await AreAsync(there, expected);
        await AreAsync(elsewhere, expected);
        await foreach (var report in Verify().HandleAsync(repair: false, Stop))
        {
            Assert.True(report.Different == 0, string.Join("; ", report.Differences));
        }
    }

    private IPostponedParts Postponed =>
        _world.Server.Services.GetRequiredService<IPostponedParts>();

    private VerifyAll Verify() => _world.Server.Services.GetRequiredService<VerifyAll>();

    private async Task<PostId> PostAsync() =>
        new((await _world.Alice.PostAsync("text", Stop)).Require(201).Id("tweet_id"));

    /// <summary>A master, the readers whose timelines it has, and the others.</summary>
    private async Task<(
        RedisServer Away,
        List<ClassicClient> There,
        List<ClassicClient> Elsewhere
    )> DivideAsync()
    {
        var masters = new Dictionary<ClassicClient, RedisServer>();
        foreach (var reader in _readers)
        {
            masters[reader] = await _cluster.MasterOfAsync($"rookery:1:{{{reader.Id}}}l", Stop);
        }

        var away = masters[_readers[0]];
        var sides = _readers.ToLookup(reader => masters[reader] == away);
        Assert.NotEmpty(sides[false]);
        return (away, [.. sides[true]], [.. sides[false]]);
    }

    private static async Task<bool> IsAsync(ClassicClient reader, List<PostId> expected) =>
        (await reader.HomeAsync(new Page(20), Stop))
            .Select(entry => entry.Id)
            .SequenceEqual(expected);

    private static async Task AreAsync(List<ClassicClient> readers, List<PostId> expected)
    {
        foreach (var reader in readers)
        {
            var page = await reader.HomeAsync(new Page(20), Stop);
            Assert.Equal(expected, page.Select(entry => entry.Id));
        }
    }

    private static Task UntilAsync(List<ClassicClient> readers, List<PostId> expected) =>
        Wait.UntilAsync(
            async () =>
            {
                foreach (var reader in readers)
                {
                    if (!await IsAsync(reader, expected))
                    {
                        return false;
                    }
                }

                return true;
            },
            () => $"{readers.Count} readers see all {expected.Count} posts",
            Stop
        );

    /// <summary>Every reader's timeline is in Redis: a page that found none there has had it built.</summary>
    private Task UntilBuiltAsync() =>
        Wait.UntilAsync(
            async () =>
            {
                foreach (var reader in _readers)
                {
                    await reader.HomeAsync(new Page(20), Stop);
                }

                var store = _world.Server.Services.GetRequiredService<ITimelineStore>();
                var built = await store.OwnersAsync(Stop).ToHashSetAsync(cancellationToken: Stop);
                return _readers.All(reader => built.Contains(reader.Id));
            },
            () => "all timelines are in Redis",
            Stop
        );
}
