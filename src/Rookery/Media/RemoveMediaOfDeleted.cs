using Rookery.Accounts;
using Rookery.Delivery;
using Rookery.Posts;

namespace Rookery.Media;

/// <summary>Removes what a deleted account uploaded, and what stood on a deleted post. While the blob store is away, the event waits.</summary>
internal sealed class RemoveMediaOfDeleted(IMediaStore store, RemoveMedia remove) : IEventConsumer
{
    private const int Chunk = 100;

    public string Name => "media-cleanup";

    public IReadOnlyList<Type> Reads { get; } = [typeof(AccountDeleted), typeof(PostMediaLeft)];

    public async Task HandleAsync(IReadOnlyList<Committed> events, CancellationToken token)
    {
        var left = events.Select(one => one.Event).OfType<PostMediaLeft>();
        foreach (var media in left.SelectMany(post => post.Media).Chunk(Chunk))
        {
            await remove.RemoveAsync(await store.DropAsync(media, token), token);
        }

        foreach (var deleted in events.Select(one => one.Event).OfType<AccountDeleted>())
        {
            await RemoveAllOfAsync(deleted.Account, token);
        }
    }

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
