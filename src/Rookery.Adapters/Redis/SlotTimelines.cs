using Rookery.Timelines;
using Rookery.Wire.Redis;

namespace Rookery.Adapters.Redis;

/// <summary>The store, for owners whose keys are in some slots.</summary>
internal sealed class SlotTimelines(
    ITimelineStore store,
    TimelineKeys keys,
    IReadOnlyList<SlotRange> slots
) : ITimelineStore
{
    /// <summary>Who had them all when it was looked at; null where nobody was.</summary>
    public Shard? Shard { get; init; }

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
            if (slots.Have(KeySlot.Of(key[..length])))
            {
                here.Add(owner);
            }
        }

        return [.. here];
    }
}
