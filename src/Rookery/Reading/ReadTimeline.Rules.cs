using Rookery.Posts;

namespace Rookery.Reading;

/// <summary>The third stage: what of that which was found is shown.</summary>
internal sealed partial class ReadTimeline
{
    /// <param name="areFound">The entries are by those whose posts the timeline has.</param>
    private void KeepShownOnHome(TimelinePage into, in ReadContext context, bool areFound = true)
    {
        for (var i = 0; i < into.Hydrated.Count && !into.IsFull; i++)
        {
            ref readonly var post = ref into.Hydrated.Posts[into.Place(i)];
            ref readonly var original = ref into.Hydrated.Originals[into.Place(i)];
            if (
                IsWhole(post, original)
                && (areFound || into.Read.SourceSpan.Contains(post.Header.AuthorOrdinal))
                && ShowsOnHome(into, post.Header, original, context)
            )
            {
                into.Keep(post, original);
            }
        }
    }

    private bool ShowsOnHome(
        TimelinePage into,
        in FragmentHeader post,
        in FragmentRef original,
        in ReadContext context
    )
    {
        // The skeleton holds what followees wrote; only direct posts come from elsewhere, addressed to the viewer by anybody.
        if (
            post.Visibility == FragmentFlags.Direct
            && !into.Read.FolloweeSpan.Contains(post.AuthorOrdinal)
        )
        {
            return false;
        }

        if (context.Hidden.IsEmpty)
        {
            return true;
        }

        return !VisibilityRules.IsHidden(
                context.Hidden,
                ordinals.IdOf(post.AuthorOrdinal),
                context.Now
            )
            && !(
                original.Exists
                && VisibilityRules.IsHidden(
                    context.Hidden,
                    ordinals.IdOf(original.Header.AuthorOrdinal),
                    context.Now
                )
            );
    }

    private static bool MutesHideOn(PostList list) =>
        list is PostList.Everybody or PostList.WithHashtag;

    private async ValueTask KeepVisibleAsync(
        bool mutesHide,
        TimelinePage into,
        ReadContext context,
        CancellationToken token
    )
    {
        var sights = await SightsAsync(into, context, token);
        for (var i = 0; i < into.Hydrated.Count && !into.IsFull; i++)
        {
            var post = into.Hydrated.Posts[into.Place(i)];
            var original = into.Hydrated.Originals[into.Place(i)];
            if (
                IsWhole(post, original)
                && (context.SeesAll || IsVisible(mutesHide, post, original, context, sights))
            )
            {
                into.Keep(post, original);
            }
        }
    }

    private bool IsVisible(
        bool mutesHide,
        in FragmentRef post,
        in FragmentRef original,
        in ReadContext context,
        Sights sights
    )
    {
        var author = ordinals.IdOf(post.Header.AuthorOrdinal);
        var writer = original.Exists ? ordinals.IdOf(original.Header.AuthorOrdinal) : author;
        var hidden = mutesHide
            ? VisibilityRules.IsHidden(context.Hidden, author, context.Now)
                || VisibilityRules.IsHidden(context.Hidden, writer, context.Now)
            : VisibilityRules.IsBlocked(context.Hidden, author)
                || VisibilityRules.IsBlocked(context.Hidden, writer);
        return !hidden
            && VisibilityRules.Sees(post.Header, sights.Of(author, post.Id))
            && (
                !original.Exists
                || VisibilityRules.Sees(original.Header, sights.Of(writer, original.Id))
            );
    }

    /// <summary>Follows and mentions, asked only where a post is not for everybody: one batch each.</summary>
    private async ValueTask<Sights> SightsAsync(
        TimelinePage into,
        ReadContext context,
        CancellationToken token
    )
    {
        if (context.Viewer is not { } viewer || context.SeesAll)
        {
            return Sights.Nobody;
        }

        var guarded = into.Hydrated.Guarded();
        if (guarded.Count == 0)
        {
            return new Sights(viewer, [], new HashSet<PostId>());
        }

        var authors = guarded
            .Select(post => ordinals.IdOf(post.AuthorOrdinal))
            .Distinct()
            .ToArray();
        var relations = await graph.RelationshipsAsync(viewer, authors, token);
        var mentioning = await posts.MentioningAsync(
            viewer,
            guarded.Select(post => post.PostId).ToArray(),
            token
        );
        return new Sights(
            viewer,
            [
                .. relations
                    .Where(relation => relation.Following)
                    .Select(relation => relation.Account),
            ],
            mentioning
        );
    }

    private static bool IsWhole(in FragmentRef post, in FragmentRef original) =>
        post.Exists && (post.Header.OriginalId.Value == 0 || original.Exists);

    private sealed record Sights(
        AccountId? Viewer,
        HashSet<AccountId> Followed,
        IReadOnlySet<PostId> Mentioning
    )
    {
        public static readonly Sights Nobody = new(null, [], new HashSet<PostId>());

        public Sight Of(AccountId author, PostId post) =>
            new(Viewer == author, Followed.Contains(author), Mentioning.Contains(post));
    }
}
