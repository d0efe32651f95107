namespace Rookery.Posts;

/// <summary>
/// Deletes a post: from the answer on neither it nor a repost of it is shown. One small commit, however many reposted it; what they left is
/// removed behind the event. Deleting what is deleted changes nothing.
/// </summary>
internal sealed class DeletePost(IPostStore store)
{
    /// <param name="author">Whose post it must be; null for anybody's.</param>
    public async Task<Result<Done>> HandleAsync(
        PostId post,
        AccountId? author,
        CancellationToken token
    )
    {
        var deleted = await store.DeleteAsync(post, author, token);
        return deleted.Succeeded ? Done.Instance : deleted.Problem;
    }
}
