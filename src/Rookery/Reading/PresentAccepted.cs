using Rookery.Accounts;
using Rookery.Posts;

namespace Rookery.Reading;

/// <summary>
/// Renders a post for the answer to its author and keeps the rendering, so that its first reader finds it. A repeated answer is rendered from
/// what was accepted then, whatever became of the post.
/// </summary>
internal sealed class PresentAccepted(
    HydratePosts hydrate,
    IAccounts accounts,
    IPosts posts,
    AccountOrdinals ordinals
)
{
    public async ValueTask<ReadOnlyMemory<byte>> RenderAsync(
        AcceptedPost accepted,
        CancellationToken token
    )
    {
        var post = accepted.Post;
        // The version before the card: see HydratePosts.
        var version = accounts.ProfileVersion(ordinals.GetOrAdd(post.Author));
        AccountId[] people =
            post.Kind == PostKind.Repost && post.OriginalAuthor != post.Author
                ? [post.Author, post.OriginalAuthor]
                : [post.Author];
        var cards = (await accounts.CardsAsync(people, token)).ToDictionary(card => card.Id);
        if (!cards.TryGetValue(post.Author, out var author))
        {
            throw new StoreUnavailableException("The author was deleted while posting.");
        }

        var originals =
            post.Kind == PostKind.Repost
                ? await posts.GetManyAsync(new[] { post.Original }, token)
                : [];
        var original = originals.Count == 0 ? null : originals[0];
        if (!accepted.Repeated)
        {
            hydrate.Keep(post, original, author, version);
        }

        var writer = cards.GetValueOrDefault(post.OriginalAuthor);
        return new RenderEntry().RenderAlone(post, author, original, writer);
    }
}
