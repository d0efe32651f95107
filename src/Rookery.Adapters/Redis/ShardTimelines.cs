using Rookery.Timelines;
using Rookery.Wire.Redis;

namespace Rookery.Adapters.Redis;

/// <summary>The store, for owners whose keys are in one shard.</summary>
internal sealed class ShardTimelines(ITimelineStore store, TimelineKeys keys, Shard shard)
    : ITimelineStore
{
    public Shard Shard => shard;

    public ValueTask PushAsync(
        ReadOnlyMemory<AccountId> owners,
        TimelineEntry entry,
        CancellationToken token
    ) => store.PushAsync(Here(owners.Span), entry, token);

    public ValueTask DropAsync(ReadOnlyMemory<AccountId> owners, CancellationToken token) =>
        store.DropAsync(Here(owners.Span), token);

    public ValueTask<RebuildToken?> BeginRebuildAsync(AccountId owner, CancellationToken token) =>
        store.BeginRebuildAsync(owner, token);

    public ValueTask<bool> FinishRebuildAsync(
        AccountId owner,
        RebuildToken rebuild,
        IReadOnlyList<TimelineEntry> newestFirst,
        PostId floor,
        CancellationToken token
    ) => store.FinishRebuildAsync(owner, rebuild, newestFirst, floor, token);

    public ValueTask<TimelinePart> ReadAsync(
        AccountId owner,
        int newest,
        CancellationToken token
    ) => store.ReadAsync(owner, newest, token);

    public IAsyncEnumerable<AccountId> OwnersAsync(CancellationToken token) =>
        store.OwnersAsync(token);

    private AccountId[] Here(ReadOnlySpan<AccountId> owners)
    {
        Span<byte> key = stackalloc byte[TimelineKeys.MaxLength];
        var here = new List<AccountId>(owners.Length);
        foreach (var owner in owners)
        {
            var length = keys.Write(owner, TimelineKeys.List, key);
            if (shard.Has(KeySlot.Of(key[..length])))
            {
                here.Add(owner);
            }
        }

        return [.. here];
    }
}
