using Rookery.Timelines;

namespace Rookery.Contract.Tests.Timelines;

/// <summary>Passes everything on.</summary>
internal abstract class TimelineStoreWrapper(ITimelineStore inner) : ITimelineStore
{
    public virtual ValueTask PushAsync(
        ReadOnlyMemory<AccountId> owners,
        TimelineEntry entry,
        CancellationToken token
    ) => inner.PushAsync(owners, entry, token);

    public virtual ValueTask<RebuildToken?> BeginRebuildAsync(
        AccountId owner,
        CancellationToken token
    ) => inner.BeginRebuildAsync(owner, token);

    public virtual ValueTask<bool> FinishRebuildAsync(
        AccountId owner,
        RebuildToken rebuild,
        IReadOnlyList<TimelineEntry> newestFirst,
        PostId floor,
        CancellationToken token
    ) => inner.FinishRebuildAsync(owner, rebuild, newestFirst, floor, token);

    public ValueTask DropAsync(ReadOnlyMemory<AccountId> owners, CancellationToken token) =>
        inner.DropAsync(owners, token);

    public virtual ValueTask<TimelinePart> ReadAsync(
        AccountId owner,
        int newest,
        CancellationToken token
    ) => inner.ReadAsync(owner, newest, token);

    public IAsyncEnumerable<AccountId> OwnersAsync(CancellationToken token) =>
        inner.OwnersAsync(token);
}
