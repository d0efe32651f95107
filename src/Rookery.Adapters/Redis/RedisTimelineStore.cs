using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Rookery.Timelines;
using Rookery.Wire;
using Rookery.Wire.Redis;
using Rookery.Wire.Resp;

namespace Rookery.Adapters.Redis;

/// <summary>
/// Pushed timelines as Redis lists, newest arrival first. Ids may come late or twice; the reader sorts. The last element of a list that was built is
/// its floor.
/// </summary>
internal sealed class RedisTimelineStore : ITimelineStore
{
    private const int KeysPerScan = 1_000;

    private readonly TimelineSpace _space;
    private readonly PushEntries _push;
    private readonly DropLists _drop;
    private readonly RebuildList _rebuild;
    private readonly ReadList _read;

    public RedisTimelineStore(
        RedisConnection connection,
        IOptions<RedisOptions> options,
        IOptions<TimelinesOptions> timelines,
        TimeProvider time,
        ILogger<RedisTimelineStore> logger
    )
    {
        _space = new TimelineSpace(connection, options, timelines);
        _drop = new DropLists(_space);
        _push = new PushEntries(_space, new TrimList(_space, _drop), time, logger);
        _rebuild = new RebuildList(_space);
        _read = new ReadList(_space, new KeepVisited(_space, time));
    }

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
            RespValue cursor = default;
            do
            {
                var (next, owners) = await ScanAsync(source, cursor, token);
                cursor = next;
                foreach (var owner in await BuiltAsync(owners, token))
                {
                    yield return owner;
                }
            } while (!cursor.Span.SequenceEqual("0"u8));
        }
    }

    private async ValueTask<(RespValue Cursor, List<AccountId> Owners)> ScanAsync(
        RedisSource source,
        RespValue cursor,
        CancellationToken token
    )
    {
        var from = cursor.IsNull ? "0" : cursor.AsText();
        var scan = RedisCommand.Keyless(
            "SCAN",
            from,
            "MATCH",
            _space.Keys.Pattern,
            "COUNT",
            KeysPerScan
        );
        try
        {
            var reply = (await _space.Client.SendAsync(source, scan, token)).OrThrow();
            var owners = new List<AccountId>();
            foreach (var key in reply[1])
            {
                if (_space.Keys.OwnerOfList(key.Span) is { } owner)
                {
                    owners.Add(owner);
                }
            }

            return (reply[0], owners);
        }
        catch (WireException fault) when (Unavailable.Is(fault))
        {
            throw Unavailable.Because(fault);
        }
    }

    /// <summary>Those whose list is not just being built.</summary>
    private async ValueTask<List<AccountId>> BuiltAsync(
        List<AccountId> owners,
        CancellationToken token
    )
    {
        var batch = _space.Rent();
        try
        {
            foreach (var owner in owners)
            {
                batch.Add("LINDEX", _space.Keys.ListOf(owner), -1);
            }

            await _space.Client.SendAsync(batch, token);
            return [.. owners.Where((_, place) => ListElement.IsFloorIn(batch[place].OrThrow()))];
        }
        catch (WireException fault) when (Unavailable.Is(fault))
        {
            throw Unavailable.Because(fault);
        }
        finally
        {
            _space.Return(batch);
        }
    }
}
