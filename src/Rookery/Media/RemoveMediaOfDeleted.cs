using Rookery.Accounts;
using Rookery.Delivery;

namespace Rookery.Media;

/// <summary>Removes what a deleted account uploaded. While the blob store is away, the event waits.</summary>
internal sealed class RemoveMediaOfDeleted(IMediaStore store, RemoveMedia remove) : IEventConsumer
{
    private const int Chunk = 100;

    public string Name => "media-cleanup";

    public IReadOnlyList<Type> Reads { get; } = [typeof(AccountDeleted)];

    public async Task HandleAsync(IReadOnlyList<Committed> events, CancellationToken token)
    {
        foreach (var deleted in events.Select(one => one.Event).OfType<AccountDeleted>())
        {
            // First, or what is just being stored would come behind the last look.
            await store.CloseAsync(deleted.Account, token);
            while (await store.SomeOfAsync(deleted.Account, Chunk, token) is { Count: > 0 } media)
            {
                await remove.RemoveAsync(media, token);
            }
        }
    }
}
