using Rookery.TestKit.Servers;
using Rookery.Timelines;
using Xunit;

namespace Rookery.Contract.Tests.Timelines;

/// <summary>How far a part of a list is known to be complete, and in how many round trips. Two stores that get it wrong are found out.</summary>
public sealed class RedisReadTests : IAsyncLifetime
{
    private readonly AccountId _owner = Fresh.Account();
    private readonly AccountId _author = Fresh.Account();
    private readonly AccountId _other = Fresh.Account();
    private RedisProxy _proxy = null!;
    private Adapters.Redis.RedisConnection _connection = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var servers = await TestContext.Current.GetFixture<SharedServers>();
        _proxy = new RedisProxy((await servers!.RedisAsync()).Port);
        _connection = await RedisClients.ConnectAsync($"127.0.0.1:{_proxy.Port}");
    }

    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync();
        await _proxy.DisposeAsync();
    }

    [Fact]
    public async Task Of_a_long_list_the_beginning_is_read_once_and_is_complete_a_minute_above_its_end()
    {
        var rig = new RedisRig(_connection, length: 200);
        await BuildAsync(rig);
        var posts = await PushAsync(rig, 100, apart: TimeSpan.FromSeconds(10));
        await rig.Store.ReadAsync(_owner, 20, Stop);
        var reads = _proxy.Reads;

        var part = await rig.Store.ReadAsync(_owner, 20, Stop);

        Assert.Equal(1, _proxy.Reads - reads);
        Assert.Equal(Enumerable.Reverse(posts).Take(20), part.Entries);
        Assert.Equal(posts[80].Post.Value - 1, part.CompleteAbove!.Value.Value);
    }

    [Fact]
    public async Task Where_all_of_the_beginning_is_of_the_last_minute_the_whole_list_is_read()
    {
        var rig = new RedisRig(_connection, length: 200);
        await BuildAsync(rig);
        var posts = await PushAsync(rig, 100, apart: TimeSpan.FromMilliseconds(100));
        await rig.Store.ReadAsync(_owner, 20, Stop);
        var reads = _proxy.Reads;

        var part = await rig.Store.ReadAsync(_owner, 20, Stop);

        Assert.Equal(2, _proxy.Reads - reads);
        Assert.Equal(Enumerable.Reverse(posts).Take(20), part.Entries);
    }

    [Fact]
    public async Task What_arrives_late_is_no_witness_of_how_old_the_rest_is()
    {
        Assert.Null(await LateArrivalsAsync(clockStands: false));
    }

    [Fact]
    public async Task A_store_that_does_not_mark_what_is_late_fails()
    {
        Assert.NotNull(await LateArrivalsAsync(clockStands: true));
    }

    [Fact]
    public async Task A_list_that_is_built_anew_between_two_reads_is_read_from_its_start()
    {
        Assert.Null(await RebuiltBetweenAsync(rig => rig.Store));
    }

    [Fact]
    public async Task A_store_that_reads_on_where_it_stopped_fails()
    {
        Assert.NotNull(await RebuiltBetweenAsync(rig => new ReadsOn(rig)));
    }

    /// <summary>Forty entries that were held up for hours arrive on top of ten punctual ones. Answers what is wrong with what is claimed then.</summary>
    private async Task<string?> LateArrivalsAsync(bool clockStands)
    {
        var rig = new RedisRig(_connection, clockStands: clockStands);
        await BuildAsync(rig);
        var late = Posted(rig, _author, 40, 1);
        await rig.PassAsync(TimeSpan.FromHours(2));
        var punctual = Posted(rig, _author, 10, 100);
        await PushAsync(rig, [.. punctual, .. late]);
        await rig.PassAsync(TimeSpan.FromMinutes(2));
        var newest = Posted(rig, _author, 1, 200);
        await PushAsync(rig, newest);
        return Missing(
            await rig.Store.ReadAsync(_owner, 1, Stop),
            [.. late, .. punctual, .. newest]
        );
    }

    /// <summary>
    /// The owner follows somebody new while the list is read: it is dropped and built anew, with old posts of theirs. Answers what is missing from
    /// what is claimed.
    /// </summary>
    private async Task<string?> RebuiltBetweenAsync(Func<RedisRig, ITimelineStore> reader)
    {
        var rig = new RedisRig(_connection, length: 200);
        await BuildAsync(rig);
        var posts = await PushAsync(rig, 100, apart: TimeSpan.FromMilliseconds(100));
        var others = Posted(rig, _other, 3, 500);
        _proxy.Hold(
            read: 2,
            async () =>
            {
                var direct = new RedisRig(
                    RedisClients.Single(),
                    length: 200,
                    generation: rig.Generation
                );
                await direct.Store.DropAsync(new[] { _owner }, Stop);
                var rebuild = await direct.Store.BeginRebuildAsync(_owner, Stop);
                var truth = posts.Concat(others).OrderByDescending(entry => entry.Post);
                Assert.True(
                    await direct.Store.FinishRebuildAsync(
                        _owner,
                        rebuild!.Value,
                        [.. truth],
                        default,
                        Stop
                    )
                );
            }
        );
        return Missing(await reader(rig).ReadAsync(_owner, 60, Stop), [.. posts, .. others]);
    }

    private static string? Missing(TimelinePart part, IEnumerable<TimelineEntry> delivered)
    {
        var missing = delivered
            .Where(entry => part.CompleteAbove is { } bound && entry.Post > bound)
            .Except(part.Entries)
            .ToList();
        return missing.Count == 0 ? null : $"{missing.Count} above {part.CompleteAbove}";
    }

    private async Task BuildAsync(RedisRig rig)
    {
        var rebuild = await rig.Store.BeginRebuildAsync(_owner, Stop);
        Assert.True(await rig.Store.FinishRebuildAsync(_owner, rebuild!.Value, [], default, Stop));
    }

    private async Task<TimelineEntry[]> PushAsync(RedisRig rig, int count, TimeSpan apart)
    {
        var posts = new List<TimelineEntry>();
        for (var i = 0; i < count; i++)
        {
            rig.Tick(apart);
            posts.AddRange(Posted(rig, _author, 1, 1));
            await PushAsync(rig, posts[^1]);
        }

        return [.. posts];
    }

    private async Task PushAsync(RedisRig rig, params TimelineEntry[] entries)
    {
        foreach (var entry in entries)
        {
            await rig.Store.PushAsync(new[] { _owner }, entry, Stop);
        }
    }

    private static TimelineEntry[] Posted(RedisRig rig, AccountId author, int count, int first) =>
        [
            .. Enumerable
                .Range(first, count)
                .Select(number => new PostId(Snowflake.FloorAt(rig.Now) + number))
                .Select(id => new TimelineEntry(id, author)),
        ];

    /// <summary>Its second read goes on behind its first, as if nothing had happened in between.</summary>
    private sealed class ReadsOn(RedisRig rig) : TimelineStoreWrapper(rig.Store)
    {
        public override async ValueTask<TimelinePart> ReadAsync(
            AccountId owner,
            int newest,
            CancellationToken token
        )
        {
            var first = await RangeAsync(owner, 0, newest + 31);
            var rest = await RangeAsync(owner, newest + 32, -1);
            var all = first.Concat(rest).ToList();
            var floor = all.FindLast(element => element.IsFloor);
            return new TimelinePart(
                [.. all.Where(element => element.IsEntry).Select(element => element.Entry)],
                new PostId(floor.Post)
            );
        }

        private async Task<List<Adapters.Redis.ListElement>> RangeAsync(
            AccountId owner,
            int from,
            int to
        )
        {
            var elements = new List<Adapters.Redis.ListElement>();
            foreach (var bytes in await rig.AskAsync("LRANGE", rig.Keys.ListOf(owner), from, to))
            {
                Assert.True(Adapters.Redis.ListElement.TryRead(bytes.Span, out var element));
                elements.Add(element);
            }

            return elements;
        }
    }
}
