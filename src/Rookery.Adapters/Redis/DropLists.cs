namespace Rookery.Adapters.Redis;

/// <summary>Takes lists away, and with them the right to finish what was begun.</summary>
internal sealed class DropLists(TimelineSpace space)
{
    /// <exception cref="StoreUnavailableException">Not all are gone.</exception>
    public async ValueTask DropAsync(ReadOnlyMemory<AccountId> owners, CancellationToken token)
    {
        if (owners.Length == 0)
        {
            return;
        }

        var batch = space.Rent();
        try
        {
            foreach (var owner in owners.Span)
            {
                batch.Add("DEL", space.Keys.ListOf(owner), space.Keys.TokenOf(owner));
            }

            await space.Client.SendAsync(batch, token);
            for (var i = 0; i < batch.Count; i++)
            {
                if (Unavailable.FaultOf(batch[i]) is { } fault)
                {
                    throw Unavailable.Is(fault) ? Unavailable.Because(fault) : fault;
                }
            }
        }
        finally
        {
            space.Return(batch);
        }
    }
}
