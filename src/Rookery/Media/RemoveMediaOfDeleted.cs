using Rookery.Accounts;
using Rookery.Delivery;
using Rookery.Posts;

namespace Rookery.Media;

/// <summary>Removes what a deleted account uploaded, what stood on a deleted post, and what a profile shows no longer. While the blob store is away, the event waits.</summary>
internal sealed class RemoveMediaOfDeleted(IMediaStore store, RemoveMedia remove) : IEventConsumer
{
    private const int Chunk = 100;

    public string Name => "media-cleanup";

    public IReadOnlyList<Type> Reads { get; } =
    [typeof(AccountDeleted), typeof(AccountPicturesLeft), typeof(PostMediaLeft)];

    public async Task HandleAsync(IReadOnlyList<Committed> events, CancellationToken token)
    {
        foreach (var media in events.SelectMany(one => LeftBy(one.Event)).Chunk(Chunk))
        {
            await remove.RemoveAsync(await store.DropAsync(media, token), token);
        }

        foreach (var deleted in events.Select(one => one.Event).OfType<AccountDeleted>())
        {
            await RemoveAllOfAsync(deleted.Account, token);
        }
    }

    private static IReadOnlyList<MediaId> LeftBy(DomainEvent one) =>
        one switch
        {
            PostMediaLeft post => post.Media,
            AccountPicturesLeft account => account.Media,
            _ => [],
        };

    private async Task RemoveAllOfAsync(AccountId account, CancellationToken token)
    {
        // First, or what is just being stored would come behind the last look.
        await store.CloseAsync(account, token);
        while (await store.SomeOfAsync(account, Chunk, token) is { Count: > 0 } media)
        {
            await remove.RemoveAsync(media, token);
        }
    }
}
