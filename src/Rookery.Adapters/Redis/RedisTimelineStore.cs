using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;
using Rookery.Timelines;

namespace Rookery.Adapters.Redis;

/// <summary>
/// Pushed timelines as Redis lists, newest arrival first. Ids may come late or twice; the reader sorts. The last element of a list that was built is
/// its floor.
/// </summary>
internal sealed class RedisTimelineStore : ITimelineStore, ITimelineParts, IDisposable
{
    private readonly TimelineSpace _space;
    private readonly PushEntries _push;
    private readonly DropLists _drop;
    private readonly RebuildList _rebuild;
    private readonly ReadList _read;
    private readonly ScanLists _scan;
    private readonly RedisParts _parts;
    private readonly KnownShards _known;

    public RedisTimelineStore(
        RedisConnection connection,
        IOptions<RedisOptions> options,
        IOptions<TimelinesOptions> timelines,
        IPostponedParts postponed,
        TimeProvider time
    )
    {
        _space = new TimelineSpace(connection, options, timelines);
        _drop = new DropLists(_space);
        _push = new PushEntries(_space, new TrimList(_space, _drop), _drop, time);
        _rebuild = new RebuildList(_space);
        _scan = new ScanLists(_space);
        _known = new KnownShards(_space, postponed, time);
        _read = new ReadList(
            _space,
            _known,
            new SilentSources(time),
            new KeepVisited(_space, time),
            _drop
        );
        _parts = new RedisParts(this, _space, _known, _scan, _drop);
    }

    public void Dispose() => _known.Dispose();

    public ValueTask PushAsync(
        ReadOnlyMemory<AccountId> owners,
        TimelineEntry entry,
        CancellationToken token
    ) => _push.PushAsync(owners, entry, token);

    public ValueTask<RebuildToken?> BeginRebuildAsync(AccountId owner, CancellationToken token) =>
        _rebuild.BeginAsync(owner, token);

    public ValueTask<bool> FinishRebuildAsync(
        AccountId owner,
        RebuildToken rebuild,
        IReadOnlyList<TimelineEntry> newestFirst,
        PostId floor,
        CancellationToken token
    ) => _rebuild.FinishAsync(owner, rebuild, newestFirst, floor, token);

    public ValueTask DropAsync(ReadOnlyMemory<AccountId> owners, CancellationToken token) =>
        _drop.DropAsync(owners, token);

    public ValueTask<TimelinePart> ReadAsync(
        AccountId owner,
        int newest,
        CancellationToken token
    ) => _read.ReadAsync(owner, newest, token);

    public async IAsyncEnumerable<AccountId> OwnersAsync(
        [EnumeratorCancellation] CancellationToken token
    )
    {
        foreach (var (source, _) in _space.Client.Sources)
        {
            await foreach (var owners in _scan.AllAsync(source, token))
            {
                foreach (var owner in await _scan.BuiltAsync(owners, token))
                {
                    yield return owner;
                }
            }
        }
    }

    public ValueTask<IReadOnlyList<DoubtfulPart>> CheckAsync(
        IReadOnlyList<long> appliedThrough,
        IReadOnlyList<LackingPart> lacking,
        CancellationToken token
    ) => _parts.CheckAsync(appliedThrough, lacking, token);

    public ITimelineStore? Within(string part) => _parts.Within(part);

    public ValueTask ClearAsync(string part, CancellationToken token) =>
        _parts.ClearAsync(part, token);

    public ValueTask ClearAsync(DoubtfulPart part, CancellationToken token) =>
        _parts.ClearAsync(part, token);

    public ValueTask<bool> ConfirmAsync(
        DoubtfulPart part,
        IReadOnlyList<long> appliedThrough,
        CancellationToken token
    ) => _parts.ConfirmAsync(part, appliedThrough, token);
}
