namespace Rookery.Posts;

/// <summary>Deletes a post and all reposts of it. Deleting what is deleted changes nothing.</summary>
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
