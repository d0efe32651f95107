using Rookery.Delivery;
using Rookery.Graph;

namespace Rookery.Notifications;

/// <summary>A reader wants to be told of each new post of somebody whom he follows, or no longer. A bell ends with its follow.</summary>
internal sealed class RingBell(IBellStore store, IGraph graph, IEventSources sources)
{
    public async Task<Result<Done>> HandleAsync(
        AccountId reader,
        AccountId author,
        CancellationToken token
    )
    {
        // Before: a follow that ends behind it ends the bell, however late that is told.
        var asOf = await sources.Graph.Past.LastAsync(token);
        var relations = await graph.RelationshipsAsync(reader, new[] { author }, token);
        // Who waits for the author's answer is told once it is yes.
        if (relations[0] is { Following: false, Requested: false })
        {
            return Problem.Forbidden(
                $"You do not follow account {author}; follow it to be told of its posts."
            );
        }

        await store.RingAsync(new Bell(author, reader), asOf, token);
        return Done.Instance;
    }

    public async Task<Result<Done>> UndoAsync(
        AccountId reader,
        AccountId author,
        CancellationToken token
    )
    {
        await store.UnringAsync(new Bell(author, reader), token);
        return Done.Instance;
    }

    /// <summary>At whom of these the reader rang, of those whom he follows, or has asked, as <paramref name="relations"/> say. At nobody where that cannot be read: a profile without its bell is still a profile.</summary>
    public async ValueTask<IReadOnlySet<AccountId>> RungAsync(
        AccountId reader,
        IReadOnlyList<Relationship> relations,
        CancellationToken token
    )
    {
        var followed = relations
            .Where(one => one.Following || one.Requested)
            .Select(one => one.Account)
            .ToArray();
        try
        {
            return followed.Length == 0
                ? new HashSet<AccountId>()
                : await store.RungAsync(reader, followed, token);
        }
        catch (StoreUnavailableException)
        {
            return new HashSet<AccountId>();
        }
    }
}
