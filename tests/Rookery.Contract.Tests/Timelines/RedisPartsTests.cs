using Rookery.Timelines;
using Rookery.Wire.Redis;
using Xunit;

namespace Rookery.Contract.Tests.Timelines;

/// <summary>Shards that are taken over: their stamp carries another stream's id.</summary>
public sealed class RedisPartsTests
{
    private const string OtherId = "0123456789012345678901234567890123456789";

    private readonly AccountId _owner = Fresh.Account();
    private readonly AccountId _other;
    private readonly RedisRig _rig = new(RedisClients.Cluster());

    public RedisPartsTests()
    {
        do
        {
            _other = Fresh.Account();
        } while (ShardOf(_other).Source == ShardOf(_owner).Source);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Of_a_shard_with_another_streams_mark_nothing_is_read_until_it_is_confirmed()
    {
        await BuildAsync();
        await TakeOverAsync(appliedThrough: 5);

        var part = Assert.Single(await _rig.Parts.CheckAsync([9], [], Stop));
        Assert.Equal([5], part.AppliedThrough);
        Assert.False(part.TookOver);
        await IsNotReadAsync(_rig, _owner);
        await IsReadAsync(_rig, _other);
        // Nor by a process that has just connected.
        var next = new RedisRig(
            RedisClients.Cluster(),
            generation: _rig.Generation,
            confirm: false
        );
        await IsNotReadAsync(next, _owner);
        await IsReadAsync(next, _other);

        Assert.True(await _rig.Parts.ConfirmAsync(part, [9], Stop));
        Assert.Empty(await _rig.Parts.CheckAsync([9], [], Stop));
        await IsReadAsync(_rig, _owner);
    }

    [Fact]
    public async Task A_whole_shard_notes_how_far_the_outbox_was_applied_and_never_less()
    {
        await _rig.Parts.CheckAsync([12], [], Stop);
        await _rig.Parts.CheckAsync([0], [], Stop);
        Assert.EndsWith(" 12", await StampAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_shard_without_a_mark_is_doubtful_and_nobody_knows_what_it_lacks()
    {
        await BuildAsync();
        await _rig.AskAsync("DEL", StampKey());
        Assert.Null(Assert.Single(await _rig.Parts.CheckAsync([9], [], Stop)).AppliedThrough);
    }

    [Fact]
    public async Task Clearing_and_delivering_again_touch_no_other_shard()
    {
        await BuildAsync();
        await TakeOverAsync(appliedThrough: 5);
        var part = Assert.Single(await _rig.Parts.CheckAsync([9], [], Stop));

        var entry = new TimelineEntry(new PostId(Snowflake.FloorAt(_rig.Now)), Fresh.Account());
        await part.Timelines.PushAsync(new[] { _owner, _other }, entry, Stop);
        Assert.Equal(3, await _rig.LengthOfAsync(_owner));
        Assert.Equal(2, await _rig.LengthOfAsync(_other));

        await _rig.Parts.ClearAsync(part, Stop);
        Assert.Equal(0, await _rig.LengthOfAsync(_owner));
        Assert.Equal(2, await _rig.LengthOfAsync(_other));
    }

    [Fact]
    public async Task A_rebuild_that_is_under_way_when_its_shard_is_cleared_fails()
    {
        var rebuild = await _rig.Store.BeginRebuildAsync(_owner, Stop);
        await TakeOverAsync(appliedThrough: 5);
        var part = Assert.Single(await _rig.Parts.CheckAsync([9], [], Stop));
        await _rig.Parts.ClearAsync(part, Stop);
        Assert.False(
            await _rig.Store.FinishRebuildAsync(_owner, rebuild!.Value, [], default, Stop)
        );
    }

    private static async Task IsReadAsync(RedisRig rig, AccountId owner) =>
        Assert.NotNull((await rig.Store.ReadAsync(owner, 9, Stop)).CompleteAbove);

    private static async Task IsNotReadAsync(RedisRig rig, AccountId owner) =>
        await Assert.ThrowsAsync<StoreUnavailableException>(async () =>
            await rig.Store.ReadAsync(owner, 9, Stop)
        );

    private async Task BuildAsync()
    {
        foreach (var owner in new[] { _owner, _other })
        {
            var rebuild = await _rig.Store.BeginRebuildAsync(owner, Stop);
            Assert.True(
                await _rig.Store.FinishRebuildAsync(owner, rebuild!.Value, [], default, Stop)
            );
        }
    }

    private async Task TakeOverAsync(long appliedThrough) =>
        await _rig.AskAsync("SET", StampKey(), $"{OtherId} {appliedThrough}", "PX", 60_000);

    private async Task<string> StampAsync() => (await _rig.AskAsync("GET", StampKey())).AsText();

    private byte[] StampKey() => _rig.Keys.StampOf(ShardOf(_owner).Slots);

    private (RedisSource Source, IReadOnlyList<SlotRange> Slots) ShardOf(AccountId owner)
    {
        var slot = KeySlot.Of(_rig.Keys.ListOf(owner));
        return _rig.Client.Sources.Single(shard =>
            shard.Slots.Any(range => slot >= range.First && slot <= range.Last)
        );
    }
}
