using Rookery.Api;
using Rookery.Posts;
using Rookery.Reading;
using Rookery.Search;
using Rookery.Web.Visits;

namespace Rookery.Web.Timelines;

/// <summary>Reads timelines for the site's pages, newest first, each page's end being the beginning of the next.</summary>
internal sealed class ReadEntries(
    ReadTimeline read,
    ReadFound found,
    ReadSelected select,
    ShowEntries show
)
{
    private const string MaxId = "max_id";

    /// <summary>The page that the visit asks for with <c>max_id</c>.</summary>
    public static Page PageOf(Visit visit) =>
        new(Page.DefaultCount, visit.Fields.OptionalPost(MaxId));

    public async ValueTask<EntryPage> HomeAsync(Visit visit, Page page)
    {
        using var into = TimelinePage.Rent();
        await read.HomeAsync(visit.Member.Id, page, includeOwn: true, into, visit.Gone);
        return await EntriesAsync(visit, page, into, null);
    }

    public async ValueTask<EntryPage> ListAsync(Visit visit, PostList list, Page page)
    {
        using var into = TimelinePage.Rent();
        var sight = await read.ContextAsync(visit.Account, visit.Gone);
        await read.ListAsync(list, sight, page, into, visit.Gone);
        return await EntriesAsync(visit, page, into, null);
    }

    /// <summary>Of what an account posted what <paramref name="isShown"/> says.</summary>
    /// <param name="onlyMedia">All of that has media: nothing else is looked through.</param>
    public async ValueTask<EntryPage> OfAuthorAsync(
        Visit visit,
        AccountId author,
        Func<Post, bool> isShown,
        Page page,
        bool onlyMedia = false
    )
    {
        var list = await read.ByAuthorAsync(author, visit.Account, visit.Gone) with
        {
            OnlyMedia = onlyMedia,
        };
        using var into = TimelinePage.Rent();
        var reached = await select.HandleAsync(
            list,
            isShown,
            visit.Account,
            page,
            into,
            visit.Gone
        );
        return await EntriesAsync(visit, page, into, reached);
    }

    /// <summary>The newest that an account wrote for everybody, its answers and what it reposts not among them; texts as <paramref name="html"/> writes them.</summary>
    public async ValueTask<IReadOnlyList<EntryView>> FeedAsync(
        Visit visit,
        AccountId author,
        RenderHtml html
    )
    {
        using var into = TimelinePage.Rent();
        await select.HandleAsync(
            new PostList.ByAuthor(author, Visibility.Public),
            post => post.Kind == PostKind.Post,
            visit.Account,
            new Page(Page.DefaultCount),
            into,
            visit.Gone
        );
        return await show.OfAsync(into, visit.Gone, html);
    }

    /// <summary>What answers a post directly, the oldest above <paramref name="after"/> first, and after which one it goes on.</summary>
    public async ValueTask<(IReadOnlyList<EntryView> Replies, PostId? Next)> RepliesAsync(
        Visit visit,
        PostId post,
        PostId? after
    )
    {
        var page = new Page(Page.DefaultCount, MinId: after ?? post);
        using var into = TimelinePage.Rent();
        var reached = await select.HandleAsync(
            new PostList.RepliesTo(post),
            _ => true,
            visit.Account,
            page,
            into,
            visit.Gone
        );
        var next = into.IsFull ? into.FirstEntry : reached;
        var replies = await show.OfAsync(into, visit.Gone);
        return ([.. replies.Reverse()], next);
    }

    /// <summary>What a search finds, as this visitor may see it, and whether something may be missing. A ranking has no next page.</summary>
    public async ValueTask<(EntryPage Page, bool IsPartial)> FoundAsync(
        Visit visit,
        PreparedSearch prepared,
        Page page
    )
    {
        using var into = TimelinePage.Rent();
        var read = await found.HandleAsync(visit.Context, prepared, page, skip: 0, into);
        var entries = await EntriesAsync(visit, page, into, read.Reached);
        return (
            prepared.Query.Sort == SortOrder.Top ? entries with { Older = null } : entries,
            read.IsPartial
        );
    }

    /// <summary>These posts in this order; those that the visitor may not see are left out.</summary>
    public async ValueTask<IReadOnlyList<EntryView>> PostsAsync(
        Visit visit,
        IReadOnlyList<PostId> ids
    )
    {
        using var into = TimelinePage.Rent();
        var sight = await read.ContextAsync(visit.Account, visit.Gone);
        await read.PostsAsync(ids, mutesHide: false, sight, into, visit.Gone);
        return await show.OfAsync(into, visit.Gone);
    }

    /// <summary>What was reported, for who moderates: whomever it was written for, and whatever stands between the two.</summary>
    public async ValueTask<IReadOnlyList<EntryView>> ReportedAsync(
        Visit visit,
        IReadOnlyList<PostId> ids
    )
    {
        using var into = TimelinePage.Rent();
        var sight = await read.ContextAsync(visit.Account, visit.Gone) with { SeesAll = true };
        await read.PostsAsync(ids, mutesHide: false, sight, into, visit.Gone);
        return await show.OfAsync(into, visit.Gone);
    }

    private async ValueTask<EntryPage> EntriesAsync(
        Visit visit,
        Page page,
        TimelinePage into,
        PostId? reached
    )
    {
        var last = into.IsFull ? into.LastEntry : reached;
        return new EntryPage(
            await show.OfAsync(into, visit.Gone),
            last is { } end ? Path(visit, end) : null,
            page.MaxId is null ? null : Path(visit, null)
        );
    }

    /// <summary>This page's path with another end, the rest of its query kept.</summary>
    private static string Path(Visit visit, PostId? max)
    {
        var query = visit
            .Context.Request.Query.Where(one => one.Key != MaxId)
            .SelectMany(one =>
                one.Value.Select(value =>
                    $"{Uri.EscapeDataString(one.Key)}={Uri.EscapeDataString(value ?? "")}"
                )
            )
            .Concat(max is { } end ? [$"{MaxId}={end}"] : []);
        var path = visit.Context.Request.Path.ToUriComponent();
        return string.Join('&', query) is { Length: > 0 } rest ? $"{path}?{rest}" : path;
    }
}
