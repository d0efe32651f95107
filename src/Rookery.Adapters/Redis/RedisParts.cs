using Rookery.Timelines;
using Rookery.Wire.Redis;

namespace Rookery.Adapters.Redis;

/// <summary>The shards as parts of the store: each has a stamp among its keys that says how far it had been brought, and by which stream of writes.</summary>
internal sealed class RedisParts(
    ITimelineStore store,
    TimelineSpace space,
    KnownShards known,
    ScanLists scan,
    DropLists drop
)
{
    public async ValueTask<IReadOnlyList<DoubtfulPart>> CheckAsync(
        IReadOnlyList<long> appliedThrough,
        IReadOnlyList<LackingPart> lacking,
        CancellationToken token
    )
    {
        var doubtful = new List<DoubtfulPart>();
        foreach (var (source, slots) in space.Client.Sources)
        {
            var shard = await known.LookAtAsync(source, slots, token);
            if (shard is { IsWhole: true, Stamp: { } stamp })
            {
                var here = lacking.Where(part => Slots.Named(part.Part).Meet(slots)).ToList();
                var through = here.Select(part => part.AppliedThrough)
                    .Aggregate(appliedThrough, Earlier);
                if (here.Count > 0)
                {
                    // Before anything is asked of the server: it may be one that takes no writes, and that is why it lacks something.
                    known.NoteDoubtful(source);
                }

                // Who has just started knows no position yet.
                await StampAsync(shard, stamp.Later(through), isWhole: here.Count == 0, token);
            }
            else if (shard is not null)
            {
                known.NoteDoubtful(source);
                doubtful.Add(PartOf(shard));
            }
        }

        return doubtful;
    }

    /// <summary>Null while somebody who has some of the slots cannot be reached.</summary>
    public ITimelineStore? Within(string part)
    {
        var slots = Slots.Named(part);
        var reached = space.Client.Sources.SelectMany(shard => shard.Slots).ToList();
        return slots.AreAmong(reached) ? new SlotTimelines(store, space.Keys, slots) : null;
    }

    public async ValueTask ClearAsync(string part, CancellationToken token)
    {
        var slots = Slots.Named(part);
        var timelines = new SlotTimelines(store, space.Keys, slots);
        foreach (var (source, _) in space.Client.Sources.Where(shard => shard.Slots.Meet(slots)))
        {
            await foreach (var owners in scan.AllAsync(source, token))
            {
                await timelines.DropAsync(owners, token);
            }
        }
    }

    public async ValueTask ClearAsync(DoubtfulPart part, CancellationToken token)
    {
        var shard = ShardOf(part);
        await foreach (var owners in scan.AllAsync(shard.Source, token))
        {
            await drop.DropAsync(owners, token);
        }
    }

    public async ValueTask<bool> ConfirmAsync(
        DoubtfulPart part,
        IReadOnlyList<long> appliedThrough,
        CancellationToken token
    )
    {
        var shard = ShardOf(part);
        var now = await known.LookAtAsync(shard.Source, shard.Slots, token);
        return now?.ReplicationId == shard.ReplicationId
            && await StampAsync(shard, appliedThrough, isWhole: true, token);
    }

    private static IReadOnlyList<long> Earlier(
        IReadOnlyList<long> one,
        IReadOnlyList<long> other
    ) => [.. one.Zip(other, Math.Min)];

    private DoubtfulPart PartOf(Shard shard) =>
        new(
            $"Redis {shard.Source.Endpoint}",
            shard.Stamp?.AppliedThrough,
            shard.TookOver,
            new SlotTimelines(store, space.Keys, shard.Slots) { Shard = shard }
        );

    private static Shard ShardOf(DoubtfulPart part) => ((SlotTimelines)part.Timelines).Shard!;

    /// <summary>Behind all that was applied, on the connection that was looked at: elsewhere it would say something of another stream.</summary>
    private async ValueTask<bool> StampAsync(
        Shard shard,
        IReadOnlyList<long> through,
        bool isWhole,
        CancellationToken token
    )
    {
        var stamp = new ShardStamp(shard.ReplicationId, through).ToString();
        var lifetime = (long)space.Lifetime.TotalMilliseconds;
        var set = RedisCommand.Of("SET", space.Keys.StampOf(shard.Slots), stamp, "PX", lifetime);
        var reply = await space.Client.SendAsync(shard.Source, set, token);
        if (reply.Failure is not null || reply.Value.IsError)
        {
            return false;
        }

        if (isWhole)
        {
            known.NoteWhole(shard.Source);
        }

        return true;
    }
}
