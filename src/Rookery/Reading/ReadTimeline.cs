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
internal sealed partial class ReadTimeline(
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
    /// <param name="isWhole">With what is still on its way to a pushed timeline.</param>
    public async ValueTask HomeAsync(
        AccountId owner,
        Page page,
        bool includeOwn,
        TimelinePage into,
        CancellationToken token,
        bool isWhole = false
    )
    {
        var mayBeOld = lease.Lapsed > Marked;
        var context = await ContextAsync(owner, token);
        into.Start(owner, page, includeOwn);
        into.Read.IsWhole = isWhole;
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

    /// <summary>
    /// Those of these new posts that stand on the home timeline of its owner, the owner's among them: for who was told of them and need not look for them. Whether a direct one is addressed
    /// to the owner is not asked: name only those that are.
    /// </summary>
    public async ValueTask OnHomeAsync(
        AccountId owner,
        IReadOnlyList<PostId> ids,
        TimelinePage into,
        CancellationToken token
    )
    {
        var context = await ContextAsync(owner, token);
        into.Start(owner, new Page(ids.Count), includeOwn: true);
        await home.FindSourcesAsync(into.Read, token);
        into.Read.Set(ids);
        into.Hydrated.Set(into.Read.Ids.AsSpan(0, into.Read.Count));
        await hydrate.HydrateAsync(into.Hydrated, token);
        KeepShownOnHome(into, context, areFound: false);
        into.Finish();
        // Nobody has marked yet what was just posted; what it passes on may be older.
        if (into.PartCount > into.EntryCount)
        {
            await marks.MarkAsync(owner, into.Parts, into.Flags, token);
        }
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
}
