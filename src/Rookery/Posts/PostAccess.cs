using Rookery.Graph;

namespace Rookery.Posts;

/// <summary>Who may see which post, decided on what was loaded before.</summary>
internal static class PostAccess
{
    /// <param name="follows">The viewer follows the author.</param>
    /// <param name="mentioned">The post mentions the viewer.</param>
    public static bool Allows(Visibility visibility, bool isAuthor, bool follows, bool mentioned) =>
        visibility switch
        {
            Visibility.Public or Visibility.Unlisted => true,
            Visibility.Followers => isAuthor || follows || mentioned,
            _ => isAuthor || mentioned,
        };
}

/// <summary>Finds posts that an account wants to act on: reply to, like, repost. What it may not see does not exist for it.</summary>
internal sealed class VisiblePosts(IPosts posts, IGraph graph)
{
    /// <summary>
    /// The post, or the original where <paramref name="id"/> is a repost: acts are on what was written, not on its passing on.
    /// </summary>
    public async ValueTask<Result<Post>> FindAsync(
        PostId id,
        AccountId viewer,
        string field,
        CancellationToken token
    )
    {
        var post = await LoadAsync(id, token);
        if (post?.Kind == PostKind.Repost)
        {
            post = await LoadAsync(post.Original, token);
        }

        return post is not null && await MaySeeAsync(post, viewer, token)
            ? post
            : Problem.NoPost(id, field);
    }

    private async ValueTask<Post?> LoadAsync(PostId id, CancellationToken token)
    {
        var found = await posts.GetManyAsync(new[] { id }, token);
        return found.Count == 0 ? null : found[0];
    }

    private async ValueTask<bool> MaySeeAsync(Post post, AccountId viewer, CancellationToken token)
    {
        if (post.Author == viewer)
        {
            return true;
        }

        var relation = (await graph.RelationshipsAsync(viewer, new[] { post.Author }, token))[0];
        if (relation.Blocking || relation.BlockedBy)
        {
            return false;
        }

        var mentioned =
            post.Visibility >= Visibility.Followers
            && (await posts.MentioningAsync(viewer, new[] { post.Id }, token)).Count > 0;
        return PostAccess.Allows(post.Visibility, false, relation.Following, mentioned);
    }
}
