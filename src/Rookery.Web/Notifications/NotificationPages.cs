using Microsoft.AspNetCore.Routing;
using Rookery.Accounts;
using Rookery.Api;
using Rookery.Graph;
using Rookery.Notifications;
using Rookery.Web.Layout;
using Rookery.Web.Timelines;
using Rookery.Web.Visits;

namespace Rookery.Web.Notifications;

/// <summary>One line: what some did with the same post, or that they follow.</summary>
/// <param name="Actors">Who did it last, some of them.</param>
/// <param name="Count">How many did it.</param>
/// <param name="Post">What it is about; null for a follow.</param>
public sealed record ToldLine(
    string Key,
    NotificationKind Kind,
    IReadOnlyList<AccountCard> Actors,
    int Count,
    DateTimeOffset At,
    bool IsNew,
    PostView? Post
)
{
    /// <summary>What was reported; null where nothing was.</summary>
    public ReportLine? Report { get; init; }
}

/// <param name="About">Who was reported.</param>
public sealed record ReportLine(string Path, AccountCard About, string Comment);

/// <param name="Through">The newest that the page has, through which it can be said to be read; null where nothing is new.</param>
/// <param name="Newest">The same, to count what comes behind it; null on pages of older ones.</param>
/// <param name="Top">The first page, from those of older ones.</param>
public sealed record NotificationsModel(
    Frame Frame,
    IReadOnlyList<ToldLine> Lines,
    string? Through,
    string? Newest,
    string? Older,
    string? Top
)
{
    /// <summary>How many wait for an answer whether they may follow.</summary>
    public int FollowRequests { get; init; }
}

/// <summary>What others did that a member may want to know of.</summary>
internal sealed class NotificationPages(
    Pages pages,
    SiteRoutes site,
    ReadGroups read,
    ReadEntries entries,
    KeepMarkers markers,
    DismissNotifications dismiss,
    CountRequests requests
)
{
    public const string Root = "/notifications";

    /// <summary>Through which notification a member has read.</summary>
    public const string Through = "through";

    /// <summary>Which group is taken off the list.</summary>
    public const string Group = "group";

    private const string MaxId = "max_id";

    /// <summary>Smaller than any.</summary>
    private static readonly NotificationId BeforeAll = new(1);

    public void Map(IEndpointRouteBuilder routes)
    {
        site.Page(routes, Root, "What others did", ShowAsync, Visiting.Members);
        site.Form(routes, $"{Root}/read", "Say that all is read", MarkAsync);
        site.Form(routes, $"{Root}/dismiss", "Take one off the list", DismissAsync);
        site.Form(routes, $"{Root}/clear", "Take all off the list", ClearAsync);
    }

    private async Task<Problem?> ShowAsync(Visit visit)
    {
        var max = visit.Fields.OptionalPost(MaxId);
        if (visit.Fields.Problem is { } wrong)
        {
            return wrong;
        }

        var member = visit.Member.Id;
        var part = await read.PageAsync(
            member,
            NotificationFilter.All,
            GroupKey.Grouped,
            new Page(Page.DefaultCount, max),
            visit.Gone
        );
        var readThrough = await markers.ReadThroughAsync(member, visit.Gone);
        var newest = part.Items is [var first, ..] ? first.Newest.Id : BeforeAll;
        var lines = await LinesAsync(visit, part.Items, readThrough);
        return await pages.ShowAsync<NotificationsPage>(
            visit,
            new NotificationsModel(
                pages.FrameOf(visit, visit.Say.Notifications) with
                {
                    Place = "notifications",
                },
                lines,
                lines.Count > 0 && newest > readThrough ? newest.ToString() : null,
                max is null ? newest.ToString() : null,
                part.Older is { } older ? $"{Root}?{MaxId}={older}" : null,
                max is null ? null : Root
            )
            {
                FollowRequests = await requests.HandleAsync(member, visit.Gone),
            }
        );
    }

    private async ValueTask<IReadOnlyList<ToldLine>> LinesAsync(
        Visit visit,
        IReadOnlyList<ShownGroup> groups,
        NotificationId readThrough
    )
    {
        var ids = groups.Select(one => one.Post).Where(post => post.Value != 0).Distinct();
        var posts = (await entries.PostsAsync(visit, [.. ids])).ToDictionary(one => one.Id);
        return
        [
            .. groups
                .Where(one => one.Post.Value == 0 || posts.ContainsKey(one.Post))
                .Select(one => new ToldLine(
                    one.Key,
                    one.Kind,
                    one.Actors,
                    one.Count,
                    one.Newest.CreatedAt,
                    one.Newest.Id > readThrough,
                    posts.GetValueOrDefault(one.Post)?.Shown
                )
                {
                    Report = ReportOf(one.Report),
                }),
        ];
    }

    private static ReportLine? ReportOf(ToldReport? told) =>
        told is null
            ? null
            : new ReportLine(
                $"/moderation/reports/{told.Report.Id}",
                told.About,
                told.Report.Comment
            );

    /// <summary>What came behind the page that says so stays unread, and what was read stays read.</summary>
    private async Task<Problem?> MarkAsync(Visit visit)
    {
        var through = visit.Fields.OptionalPost(Through);
        if (visit.Fields.Problem is { } wrong)
        {
            return wrong;
        }

        var member = visit.Member.Id;
        if (
            through is { } last
            && last.Value > (await markers.ReadThroughAsync(member, visit.Gone)).Value
        )
        {
            var marks = new Dictionary<MarkedTimeline, long>
            {
                [MarkedTimeline.Notifications] = last.Value,
            };
            var marked = await markers.HandleAsync(member, marks, visit.Gone);
            if (!marked.Succeeded)
            {
                return marked.Problem;
            }
        }

        return visit.SeeOther(Root);
    }

    private async Task<Problem?> DismissAsync(Visit visit)
    {
        var ids = await read.IdsOfAsync(visit.Member.Id, visit.Text(Group), visit.Gone);
        await dismiss.HandleAsync(visit.Member.Id, ids, visit.Gone);
        return visit.SeeOther(visit.Back(Root));
    }

    private async Task<Problem?> ClearAsync(Visit visit)
    {
        await dismiss.ClearAsync(visit.Member.Id, visit.Gone);
        return visit.SeeOther(Root);
    }
}
