namespace Rookery.Posts;

/// <summary>Likes a post, or takes the like back. Both change nothing the second time.</summary>
internal sealed class LikePost(IPostStore store, VisiblePosts visible)
{
    public async Task<Result<Post>> HandleAsync(
        AccountId account,
        PostId post,
        CancellationToken token
    )
    {
        var found = await visible.FindAsync(post, account, "tweet_id", token);
        if (!found.Succeeded)
        {
            return found;
        }

        var liked = await store.LikeAsync(account, found.Value.Id, token);
        return liked.Succeeded ? found : liked.Problem;
    }

    public async Task<Result<Post>> UndoAsync(
        AccountId account,
        PostId post,
        CancellationToken token
    )
    {
        var found = await visible.FindAsync(post, account, "tweet_id", token);
        // Also of a post that the account may no longer see: nothing is told, and nothing of it stays behind.
        await store.UnlikeAsync(account, found.Succeeded ? found.Value.Id : post, token);
        return found;
    }
}
