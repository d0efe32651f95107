namespace Rookery.Posts;

/// <summary>Passes a post on to the account's followers. Reposting what one has reposted answers the standing repost.</summary>
internal sealed class RepostPost(IPostStore store, VisiblePosts visible)
{
    /// <summary>Answers the original.</summary>
    public async Task<Result<Post>> HandleAsync(
        AccountId account,
        PostId post,
        CancellationToken token
    )
    {
        var original = await visible.FindAsync(post, account, "tweet_id", token);
        if (!original.Succeeded)
        {
            return original.Problem;
        }

        var visibility = original.Value.Visibility;
        if (!MayPassOn(original.Value, account))
        {
            return Problem.Forbidden(
                "This post was not written for everybody; only public and unlisted posts, and one's own followers-only posts, can be reposted."
            );
        }

        var accepted = await store.AcceptAsync(
            new NewPost(
                account,
                PostKind.Repost,
                visibility,
                "",
                default,
                original.Value.Id,
                [],
                [],
                null
            ),
            token
        );
        return accepted.Succeeded ? original : accepted.Problem;
    }

    public async Task<Result<Post>> UndoAsync(
        AccountId account,
        PostId post,
        CancellationToken token
    )
    {
        var original = await visible.FindAsync(post, account, "tweet_id", token);
        // Also of a post that the account may no longer see: nothing is told, and nothing of it stays behind.
        await store.UnrepostAsync(account, original.Succeeded ? original.Value.Id : post, token);
        return original;
    }

    private static bool MayPassOn(Post original, AccountId account) =>
        original.Visibility <= Visibility.Unlisted
        || (original.Visibility == Visibility.Followers && original.Author == account);
}
