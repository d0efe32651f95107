using Rookery.Timelines;
using Rookery.Wire;

namespace Rookery.Adapters.Redis;

/// <summary>Reads the beginning of a list in one round trip, and where that is too little, all of it in a second.</summary>
internal sealed class ReadList(
    TimelineSpace space,
    KnownShards known,
    SilentSources silent,
    KeepVisited visited,
    DropLists drop
)
{
    /// <summary>Elements read beyond what is wanted: repeats, and the entries that tell how far the others are complete.</summary>
    private const int Beyond = 32;

    /// <summary>The first answer on a new connection is thrown away; so is the next if it broke meanwhile.</summary>
    private const int Attempts = 3;

    public async ValueTask<TimelinePart> ReadAsync(
        AccountId owner,
        int newest,
        CancellationToken token
    )
    {
        var key = space.Keys.ListOf(owner);
        var source = space.Client.SourceOf(key);
        if (!silent.MayAsk(source))
        {
            throw new StoreUnavailableException(
                "This part of Redis has not answered lately, and is left alone for a moment."
            );
        }

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(token);
        patience.CancelAfter(space.Patience);
        try
        {
            var part = await ReadOrDropAsync(owner, key, newest, patience.Token);
            silent.NoteAnswered(source);
            return part;
        }
        catch (WireException fault) when (Unavailable.Is(fault))
        {
            throw Unavailable.Because(fault);
        }
        catch (OperationCanceledException late) when (!token.IsCancellationRequested)
        {
            silent.NoteLate(source);
            throw new StoreUnavailableException("Redis does not answer in time.", late);
        }
    }

    private async ValueTask<TimelinePart> ReadOrDropAsync(
        AccountId owner,
        byte[] key,
        int newest,
        CancellationToken token
    )
    {
        try
        {
            return await ReadPatientlyAsync(owner, key, newest, token);
        }
        catch (WireException fault) when (ForeignKey.Is(fault))
        {
            await drop.DropAsync(new[] { owner }, token);
            return TimelinePart.None;
        }
    }

    private async ValueTask<TimelinePart> ReadPatientlyAsync(
        AccountId owner,
        byte[] key,
        int newest,
        CancellationToken token
    )
    {
        var part = await RangeAsync(key, newest + Beyond - 1, token);
        if (part.Length == newest + Beyond && !part.HasFloor && part.Known < newest)
        {
            // From the start: between the two the list may have been dropped and built anew.
            part = await RangeAsync(key, -1, token);
        }

        if (part.Length > 0)
        {
            await visited.NoteAsync(owner, part.HasFloor, token);
        }

        return part.ToPart(newest);
    }

    /// <summary>What a server said of which it is not known that it is whole is thrown away, and asked for once more when it is.</summary>
    private async ValueTask<ListPart> RangeAsync(byte[] key, int last, CancellationToken token)
    {
        var batch = space.Rent();
        try
        {
            batch.Add("LRANGE", key, 0, last);
            for (var attempt = 0; attempt < Attempts; attempt++)
            {
                await space.Client.SendAsync(batch, token);
                var elements = batch[0].OrThrow();
                var source = batch[0].Source;
                if (known.IsWhole(source))
                {
                    return ListPart.Read(elements);
                }

                if (!await known.IsFoundWholeAsync(source, token))
                {
                    break;
                }
            }
        }
        finally
        {
            space.Return(batch);
        }

        throw new StoreUnavailableException(
            "This part of Redis has lost something that is being brought back."
        );
    }
}
