using Rookery.Accounts;
using Rookery.Delivery;

namespace Rookery.Posts;

/// <summary>
/// Removes what a deleted account posted and liked. Closing comes first and hides all of it at once; the removal goes on behind, in chunks that
/// leave room for others between them. Where accounts has a database of its own, only the closing is heard of here.
/// </summary>
internal sealed class RemovePostsOfDeleted(IPostStore store) : IEventConsumer, IAccountClosing
{
    /// <summary>Of each kind in one commit: a few ms of the commit thread.</summary>
    private const int Chunk = 100;

    public string Name => "post-cleanup";

    public IReadOnlyList<Type> Reads { get; } = [typeof(AccountDeleted), typeof(AuthorClosed)];

    public Task CloseAsync(AccountId account, CancellationToken token) =>
        store.CloseAuthorAsync(account, token);

    public async Task HandleAsync(IReadOnlyList<Committed> events, CancellationToken token)
    {
        foreach (var happened in events.Select(committed => committed.Event))
        {
            if (happened is AccountDeleted deleted)
            {
                await store.CloseAuthorAsync(deleted.Account, token);
                await RemoveAsync(deleted.Account, token);
            }
            else if (happened is AuthorClosed closed)
            {
                await RemoveAsync(closed.Author, token);
            }
        }
    }

    private async Task RemoveAsync(AccountId author, CancellationToken token)
    {
        while (await store.RemoveSomeOfAsync(author, Chunk, token))
        {
            // Each chunk is a commit of its own.
        }
    }
}
