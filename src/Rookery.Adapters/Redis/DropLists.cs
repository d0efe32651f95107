namespace Rookery.Adapters.Redis;

/// <summary>Takes lists away, and with them the right to finish what was begun.</summary>
internal sealed class DropLists(TimelineSpace space)
{
    /// <exception cref="StoreUnavailableException">Not all are gone; where it names parts, all but those.</exception>
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
            var away = new PartsAway(space);
            for (var i = 0; i < batch.Count; i++)
            {
                if (Unavailable.FaultOf(batch[i]) is { } fault)
                {
                    away.Add(owners.Span[i], fault);
                }
            }

            away.ThrowIfAny();
        }
        finally
        {
            space.Return(batch);
        }
    }
}
