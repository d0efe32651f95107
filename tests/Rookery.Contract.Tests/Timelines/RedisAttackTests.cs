using Microsoft.Extensions.Options;
using Rookery.Adapters.Redis;
using Rookery.TestKit.Servers;
using Rookery.Timelines;
using Xunit;

namespace Rookery.Contract.Tests.Timelines;

/// <summary>What broke earlier ways of keeping timelines in Redis.</summary>
public sealed class RedisAttackTests
{
    private readonly AccountId _owner = Fresh.Account();
    private readonly AccountId _author = Fresh.Account();
    private readonly RedisRig _rig = new(RedisClients.Single());
    private int _posts;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Live_pushes_never_abort_a_rebuild()
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var pushing = Task.Run(() => PushUntilAsync(ended.Token), Stop);
        for (var round = 0; round < 50; round++)
        {
            await _rig.Store.DropAsync(new[] { _owner }, Stop);
            var rebuild = await _rig.Store.BeginRebuildAsync(_owner, Stop);
            Assert.NotNull(rebuild);
            Assert.True(await FinishAsync(rebuild.Value));
        }

        await ended.CancelAsync();
        await pushing;
        Assert.True(_posts > 50, $"Only {_posts} were pushed meanwhile.");
    }

    [Fact]
    public async Task A_list_that_is_being_built_gets_no_floor_from_a_trim()
    {
        var rebuild = await _rig.Store.BeginRebuildAsync(_owner, Stop);
        var old = Posted();
        var pushed = await PushAsync(TimelineRig.Length + 2 * TimelineSpace.Slack);

        Assert.Equal(pushed.Count + 1, await _rig.LengthOfAsync(_owner));
        Assert.True(await FinishAsync(rebuild!.Value, old));
        var part = await _rig.Store.ReadAsync(_owner, 1_000, Stop);
        Assert.Equal([.. Enumerable.Reverse(pushed), old], part.Entries);
        Assert.Equal(default(PostId), part.CompleteAbove);
    }

    [Fact]
    public async Task A_rebuilder_that_died_leaves_no_key_after_its_lease()
    {
        Assert.NotNull(await _rig.Store.BeginRebuildAsync(_owner, Stop));
        await PushAsync(3);
        await _rig.Store.ReadAsync(_owner, 10, Stop);
        await _rig.PassAsync(TimeSpan.FromMinutes(1));

        Assert.Equal(0, await ExistAsync(_rig.Keys.ListOf(_owner)));
        Assert.Equal(0, await ExistAsync(_rig.Keys.TokenOf(_owner)));
    }

    [Fact]
    public async Task Of_many_who_begin_at_once_one_builds()
    {
        for (var round = 0; round < 20; round++)
        {
            await _rig.Store.DropAsync(new[] { _owner }, Stop);
            var begun = await Task.WhenAll(
                Enumerable
                    .Range(0, 8)
                    .Select(_ => _rig.Store.BeginRebuildAsync(_owner, Stop).AsTask())
            );
            Assert.Single(begun, one => one is not null);
        }
    }

    [Fact]
    public async Task However_much_is_pushed_while_a_rebuild_goes_on_a_list_stays_bounded()
    {
        const int Pushers = 8;
        var space = Space(TimelineRig.Length);
        var longest = 0L;
        var rebuild = await _rig.Store.BeginRebuildAsync(_owner, Stop);
        await Task.WhenAll(
            Enumerable
                .Range(0, Pushers)
                .Select(_ =>
                    Task.Run(
                        async () =>
                        {
                            for (var i = 0; i < space.DropAbove / Pushers + 20; i++)
                            {
                                await _rig.Store.PushAsync(new[] { _owner }, Posted(), Stop);
                                var length = await _rig.LengthOfAsync(_owner);
                                InterlockedMax(ref longest, length);
                            }
                        },
                        Stop
                    )
                )
        );

        Assert.InRange(longest, space.DropAbove / 2, space.DropAbove + Pushers);
        // It was too long, so it was dropped, and nobody may put anything under what came since.
        Assert.False(await FinishAsync(rebuild!.Value));
        Assert.Equal(0, await _rig.LengthOfAsync(_owner));
    }

    [Fact]
    public void A_list_of_800_is_never_longer_than_2400()
    {
        var space = Space(length: 800);
        Assert.Equal(2_400, space.DropAbove + space.Length);
        Assert.InRange(space.TrimAbove, 864, space.DropAbove - 1);
    }

    [Fact]
    public async Task Wiped_in_the_middle_of_everything_no_part_claims_what_it_has_not()
    {
        await using var server = await RedisServer.StartAsync(Stop);
        await using var connection = await RedisClients.ConnectAsync($"127.0.0.1:{server.Port}");
        var suite = new Suite(new RedisRig(connection, store => new Wiped(store, connection)));
        await suite.Beside_pushes_drops_and_rebuilds_no_part_claims_what_it_has_not();
    }

    [Theory]
    [InlineData("push", false)]
    [InlineData("read", false)]
    [InlineData("read", true)]
    [InlineData("rebuild", false)]
    public async Task Something_else_under_a_key_counts_as_not_there_and_is_taken_away(
        string by,
        bool isList
    )
    {
        await _rig.AskAsync(isList ? "RPUSH" : "SET", _rig.Keys.ListOf(_owner), "text");
        await _rig.AskAsync("RPUSH", _rig.Keys.TokenOf(_owner), "no token");
        if (by == "push")
        {
            await PushAsync(1);
        }
        else if (by == "read")
        {
            Assert.Null((await _rig.Store.ReadAsync(_owner, 10, Stop)).CompleteAbove);
        }

        if (by != "rebuild")
        {
            Assert.Equal(0, await ExistAsync(_rig.Keys.ListOf(_owner)));
            Assert.Equal(0, await ExistAsync(_rig.Keys.TokenOf(_owner)));
        }

        var rebuild = await _rig.Store.BeginRebuildAsync(_owner, Stop);
        var pushed = await PushAsync(1);
        Assert.True(await FinishAsync(rebuild!.Value));
        Assert.Equal(pushed, (await _rig.Store.ReadAsync(_owner, 10, Stop)).Entries);
    }

    [Fact]
    public async Task Something_else_in_the_place_of_a_list_that_is_being_built_ends_the_rebuild()
    {
        var rebuild = await _rig.Store.BeginRebuildAsync(_owner, Stop);
        await _rig.AskAsync("SET", _rig.Keys.ListOf(_owner), "text");
        Assert.False(await FinishAsync(rebuild!.Value));
    }

    [Fact]
    public async Task Something_else_in_the_place_of_a_stamp_makes_its_part_doubtful_and_is_replaced()
    {
        await using var server = await RedisServer.StartAsync(Stop);
        await using var connection = await RedisClients.ConnectAsync($"127.0.0.1:{server.Port}");
        var rig = new RedisRig(connection);
        var stamp = rig.Keys.StampOf(connection.Client.Sources[0].Slots);
        await rig.AskAsync("DEL", stamp);
        await rig.AskAsync("RPUSH", stamp, "no stamp");
        var doubtful = Assert.Single(await rig.Parts.CheckAsync([0], [], Stop));
        Assert.True(await rig.Parts.ConfirmAsync(doubtful, [0], Stop));
        Assert.Empty(await rig.Parts.CheckAsync([0], [], Stop));
    }

    private static TimelineSpace Space(int length) =>
        new(
            RedisClients.Single(),
            Options.Create(new RedisOptions()),
            Options.Create(new TimelinesOptions { PushedLength = length })
        );

    private static void InterlockedMax(ref long most, long value)
    {
        for (var seen = Volatile.Read(ref most); value > seen; )
        {
            seen =
                Interlocked.CompareExchange(ref most, value, seen) is var before && before == seen
                    ? value
                    : before;
        }
    }

    private async Task<long> ExistAsync(byte[] key) =>
        (await _rig.AskAsync("EXISTS", key)).AsInteger();

    private async Task PushUntilAsync(CancellationToken ended)
    {
        while (!ended.IsCancellationRequested)
        {
            await _rig.Store.PushAsync(new[] { _owner }, Posted(), Stop);
        }
    }

    private async Task<List<TimelineEntry>> PushAsync(int count)
    {
        var entries = new List<TimelineEntry>();
        for (var i = 0; i < count; i++)
        {
            entries.Add(Posted());
            await _rig.Store.PushAsync(new[] { _owner }, entries[^1], Stop);
        }

        return entries;
    }

    private TimelineEntry Posted() =>
        new(new PostId(Snowflake.FloorAt(_rig.Now) + Interlocked.Increment(ref _posts)), _author);

    private ValueTask<bool> FinishAsync(RebuildToken rebuild, params TimelineEntry[] newestFirst) =>
        _rig.Store.FinishRebuildAsync(_owner, rebuild, newestFirst, default, Stop);

    private sealed class Suite(TimelineRig rig) : TimelineStoreContract
    {
        protected override TimelineRig Open() => rig;
    }

    /// <summary>All of the server is emptied every so many pushes.</summary>
    private sealed class Wiped(ITimelineStore inner, RedisConnection connection)
        : TimelineStoreWrapper(inner)
    {
        private int _pushes;

        public override async ValueTask PushAsync(
            ReadOnlyMemory<AccountId> owners,
            TimelineEntry entry,
            CancellationToken token
        )
        {
            if (Interlocked.Increment(ref _pushes) % 25 == 0)
            {
                var wipe = Wire.Redis.RedisCommand.Keyless("FLUSHALL");
                (await connection.Client.SendAsync(wipe, token)).OrThrow();
            }

            await base.PushAsync(owners, entry, token);
        }
    }
}
