using Rookery.Wire;
using Rookery.Wire.Resp;

namespace Rookery.Adapters.Redis;

/// <summary>
/// Cuts lists down to their length and says how far they are complete then. One without a floor is being built: a floor of what was cut from it
/// would claim what its rebuild has not brought yet, so nothing of it is cut; if that goes on for long, it is dropped.
/// </summary>
internal sealed class TrimList(TimelineSpace space, DropLists drop)
{
    /// <summary>Each has a connection to itself for two round trips; of those a node has sixteen.</summary>
    private const int AtOnce = 8;

    public async ValueTask TrimAsync(
        List<(AccountId Owner, int Length)> lists,
        CancellationToken token
    )
    {
        if (lists.Count == 0)
        {
            return;
        }

        try
        {
            var beyond = lists.Where(list => list.Length > space.DropAbove);
            await drop.DropAsync(beyond.Select(list => list.Owner).ToArray(), token);
            await Parallel.ForEachAsync(
                lists.Where(list => list.Length <= space.DropAbove).Select(list => list.Owner),
                new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = token },
                TrimAsync
            );
        }
        catch (Exception fault) when (fault is WireException or StoreUnavailableException)
        {
            // What was pushed has arrived; the next push finds the list too long again.
        }
    }

    private async ValueTask TrimAsync(AccountId owner, CancellationToken token)
    {
        var key = space.Keys.ListOf(owner);
        var batch = space.Rent();
        try
        {
            batch.Add("LRANGE", key, space.Length, -1);
            await using var transaction = await space.Client.WatchAsync([key], batch, token);
            if (FloorAfter(batch[0].OrThrow()) is { } floor)
            {
                batch.Clear();
                batch.Add("LTRIM", key, 0, space.Length - 1);
                batch.Add("RPUSHX", key, ListElement.Floor(floor).ToArray());
                // Who is in between has pushed; the next one trims.
                await transaction.ExecuteAsync(batch, token);
            }
        }
        finally
        {
            space.Return(batch);
        }
    }

    /// <summary>Nothing of what is cut is above it, nor was anything missing above it before. Null: the list is being built, or is gone.</summary>
    private static long? FloorAfter(RespValue cut)
    {
        var floor = 0L;
        var isBuilt = false;
        foreach (var bytes in cut)
        {
            if (ListElement.TryRead(bytes.Span, out var element))
            {
                floor = Math.Max(floor, element.Post);
                isBuilt |= element.IsFloor;
            }
        }

        return isBuilt ? floor : null;
    }
}
