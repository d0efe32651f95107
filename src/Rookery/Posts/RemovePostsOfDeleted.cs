using Rookery.Accounts;
using Rookery.Delivery;

namespace Rookery.Posts;

/// <summary>
/// Removes what a deleted account posted and liked. Closing comes first and hides all of it at once; the removal goes on behind, in chunks that
/// leave room for others between them.
/// </summary>
internal sealed class RemovePostsOfDeleted(IPostStore store) : IEventConsumer, IAccountClosing
{
    /// <summary>Of each kind in one commit: a few ms of the commit thread.</summary>
    private const int Chunk = 100;

    public string Name => "post-cleanup";

    public Task CloseAsync(AccountId account, CancellationToken token) =>
        store.CloseAuthorAsync(account, token);

    public async Task HandleAsync(IReadOnlyList<Committed> events, CancellationToken token)
    {
        foreach (
            var deleted in events.Select(committed => committed.Event).OfType<AccountDeleted>()
        )
        {
            await store.CloseAuthorAsync(deleted.Account, token);
            while (await store.RemoveSomeOfAsync(deleted.Account, Chunk, token))
            {
                // Each chunk is a commit of its own.
            }
        }
    }
}
