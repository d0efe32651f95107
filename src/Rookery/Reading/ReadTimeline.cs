using Rookery.Graph;
using Rookery.Posts;
using Rookery.Timelines;

namespace Rookery.Reading;

/// <summary>Who reads, and what stands between them and others. Nobody in particular: <c>Viewer</c> is null.</summary>
internal readonly record struct ReadContext(
    AccountId? Viewer,
    HiddenAccounts Hidden,
    DateTimeOffset Now
)
{
    /// <summary>A backend that acts for everybody sees every post that stands.</summary>
    public bool SeesAll { get; init; }
}

/// <summary>
/// Reads one page of a timeline in four stages: skeleton (ids), hydrate (rendered posts), rules (what this viewer may see), and the
/// viewer's marks; presenting is the API's. Where rules took entries away, the next stretch fills the page, so a page is short only where
/// the list ends.
/// </summary>
internal sealed class ReadTimeline(
    HomeTimeline home,
    HydratePosts hydrate,
    ViewerMarksCache marks,
    AccountOrdinals ordinals,
    IGraph graph,
    IPosts posts,
    ICommitLease lease,
    TimeProvider time
)
{
    /// <summary>Longer than a lease lasts and a request is on its way to here: so its answer has been marked as one that may be old.</summary>
    private static readonly TimeSpan Marked = TimeSpan.FromSeconds(4);

    /// <summary>The home timeline of its owner.</summary>
    public async ValueTask HomeAsync(
        AccountId owner,
        Page page,
        bool includeOwn,
        TimelinePage into,
        CancellationToken token
    )
    {
        var mayBeOld = lease.Lapsed > Marked;
        var context = await ContextAsync(owner, token);
        into.Start(owner, page, includeOwn);
        while (true)
        {
            await home.ReadAsync(into.Read, token);
            into.Hydrated.Set(into.Read.Ids.AsSpan(0, into.Read.Count));
#if SEEDED_BUGS
            if (SeededBugs.Is("page-cut-before-the-rules"))
                into.Hydrated.Set(into.Read.Ids.AsSpan(0, Math.Min(page.Count, into.Read.Count)));
#endif
            await (
                mayBeOld && page is { MaxId: null, FromBelow: false } && into.EntryCount == 0
                    ? hydrate.HydrateTopAsync(into.Hydrated, token)
                    : hydrate.HydrateAsync(into.Hydrated, token)
            );
            KeepShownOnHome(into, context);
            if (into.IsFull || !into.Read.More)
            {
                break;
            }

            into.NextStretch();
        }

        await FinishAsync(owner, into, token);
    }

    /// <summary>A list that truth keeps an index for, as this viewer may see it.</summary>
    public async ValueTask ListAsync(
        PostList list,
        ReadContext context,
        Page page,
        TimelinePage into,
        CancellationToken token
    )
    {
        into.Start(context.Viewer ?? default, page, includeOwn: false);
        if (
            list is PostList.ByAuthor(var author, _)
            && VisibilityRules.IsBlocked(context.Hidden, author)
        )
        {
            // Every entry would be taken away again.
            into.Finish();
            return;
        }

        await FillAsync(
            async (stretch, stop) => new FoundStretch(await posts.ListAsync(list, stretch, stop)),
            MutesHideOn(list),
            context,
            into,
            token
        );
    }

    /// <summary>
    /// What an account posted that this viewer may see and nothing else, as far as the list can tell: to pass over thousands that the rules take away
    /// again would cost a stranger one request.
    /// </summary>
    public async ValueTask<PostList.ByAuthor> ByAuthorAsync(
        AccountId author,
        AccountId? viewer,
        CancellationToken token
    )
    {
        if (viewer is not { } reader || reader == author)
        {
            return new(author, viewer is null ? Visibility.Unlisted : Visibility.Direct);
        }

        var relations = await graph.RelationshipsAsync(reader, new[] { author }, token);
        var most = relations[0].Following ? Visibility.Followers : Visibility.Unlisted;
        return new(author, most) { Mentioning = reader };
    }

    /// <summary>What somebody else finds, stretch by stretch, as this viewer may see it.</summary>
    /// <param name="mutesHide">Not where one looks at an account itself.</param>
    /// <returns>Where to go on, if the page ended before it was full and before everything was looked at.</returns>
    public async ValueTask<PostId?> FoundAsync(
        Func<Page, CancellationToken, ValueTask<FoundStretch>> find,
        ReadContext context,
        Page page,
        TimelinePage into,
        CancellationToken token,
        bool mutesHide = true
    )
    {
#if SEEDED_BUGS
        if (SeededBugs.Is("block-not-asked-in-search"))
            context = context with { Hidden = HiddenAccounts.None };
#endif
        into.Start(context.Viewer ?? default, page, includeOwn: false);
        await FillAsync(find, mutesHide, context, into, token);
        return !into.IsFull && into.Read.More ? into.Read.Next : null;
    }

    /// <summary>The first of these posts that this viewer may see, in this order.</summary>
    public async ValueTask RankedAsync(
        IReadOnlyList<PostId> ids,
        int count,
        ReadContext context,
        TimelinePage into,
        CancellationToken token
    )
    {
        var looked = 0;
        await FoundAsync(NextAsync, context, new Page(count), into, token);

        ValueTask<FoundStretch> NextAsync(Page stretch, CancellationToken stop)
        {
            var some = ids.Skip(looked).Take(stretch.Count).ToList();
            looked += some.Count;
            return ValueTask.FromResult(new FoundStretch(some));
        }
    }

    /// <summary>These posts in this order, as this viewer may see them; the others are left out.</summary>
    /// <param name="mutesHide">In what was searched for; not in what is named.</param>
    public async ValueTask PostsAsync(
        IReadOnlyList<PostId> ids,
        bool mutesHide,
        ReadContext context,
        TimelinePage into,
        CancellationToken token
    )
    {
        into.Start(context.Viewer ?? default, new Page(Page.MaxCount), includeOwn: false);
        into.Read.Set(ids);
        into.Hydrated.Set(into.Read.Ids.AsSpan(0, into.Read.Count));
        await hydrate.HydrateAsync(into.Hydrated, token);
        await KeepVisibleAsync(mutesHide, into, context, token);
        await FinishAsync(context.Viewer, into, token);
    }

    private async ValueTask FillAsync(
        Func<Page, CancellationToken, ValueTask<FoundStretch>> find,
        bool mutesHide,
        ReadContext context,
        TimelinePage into,
        CancellationToken token
    )
    {
        while (true)
        {
            var read = into.Read;
            var stretch = await find(read.AsPage(), token);
            read.Set(stretch.Ids, stretch.Reached);
            into.Hydrated.Set(read.Ids.AsSpan(0, read.Count));
            await hydrate.HydrateAsync(into.Hydrated, token);
            await KeepVisibleAsync(mutesHide, into, context, token);
            if (into.IsFull || !read.More || stretch.IsLast)
            {
                break;
            }

            into.NextStretch();
        }

        await FinishAsync(context.Viewer, into, token);
    }

    /// <summary>What stands between the viewer and others, now.</summary>
    public ValueTask<ReadContext> ContextAsync(AccountId? viewer, CancellationToken token)
    {
        if (viewer is not { } account)
        {
            return ValueTask.FromResult(
                new ReadContext(null, HiddenAccounts.None, time.GetUtcNow())
            );
        }

        return graph.HiddenFrom(account) is { } hidden
            ? ValueTask.FromResult(new ReadContext(account, hidden, time.GetUtcNow()))
            : LoadContextAsync(account, token);
    }

    private async ValueTask<ReadContext> LoadContextAsync(
        AccountId viewer,
        CancellationToken token
    ) => new(viewer, await graph.HiddenFromAsync(viewer, token), time.GetUtcNow());

    private ValueTask FinishAsync(AccountId? viewer, TimelinePage into, CancellationToken token)
    {
        into.Finish();
        return viewer is { } account
            ? marks.MarkAsync(account, into.Parts, into.Flags, token)
            : ValueTask.CompletedTask;
    }

    private void KeepShownOnHome(TimelinePage into, in ReadContext context)
    {
        for (var i = 0; i < into.Hydrated.Count && !into.IsFull; i++)
        {
            ref readonly var post = ref into.Hydrated.Posts[into.Place(i)];
            ref readonly var original = ref into.Hydrated.Originals[into.Place(i)];
            if (IsWhole(post, original) && ShowsOnHome(into, post.Header, original, context))
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
