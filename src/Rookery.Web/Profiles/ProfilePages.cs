using Microsoft.AspNetCore.Routing;
using Rookery.Accounts;
using Rookery.Graph;
using Rookery.Notifications;
using Rookery.Posts;
using Rookery.Web.Layout;
using Rookery.Web.Timelines;
using Rookery.Web.Visits;

namespace Rookery.Web.Profiles;

/// <summary>An account as this visitor sees it.</summary>
/// <param name="BioHtml">Written by the one that writes texts as HTML.</param>
/// <param name="Relation">What stands between the two; null for strangers and oneself.</param>
public sealed record ProfileHead(AccountCard Account, string BioHtml, Relationship? Relation)
{
    public string Path => $"/@{Account.Username}";

    /// <summary>The visitor is told of each new post.</summary>
    public bool IsRung { get; init; }

    /// <summary>Neither of the two sees what the other posts.</summary>
    public bool IsBlocked => Relation is { Blocking: true } or { BlockedBy: true };
}

/// <param name="Tab">Which part of the profile: <c>posts</c>, <c>replies</c> or <c>media</c>.</param>
public sealed record ProfileModel(Frame Frame, ProfileHead Head, string Tab, EntryPage Page);

/// <param name="Tab"><c>followers</c> or <c>following</c>.</param>
public sealed record MembersModel(
    Frame Frame,
    ProfileHead Head,
    string Tab,
    IReadOnlyList<AccountCard> Accounts,
    string? Older,
    string? Newest
);

/// <summary>Profiles, and who follows whom.</summary>
internal sealed class ProfilePages(
    Pages pages,
    SiteRoutes site,
    FindAccount find,
    IAccounts accounts,
    IGraph graph,
    ReadEntries read,
    ShowEntries show,
    ListMembers members,
    RingBell bell
)
{
    public const string Root = "/@{username}";

    public void Map(IEndpointRouteBuilder routes)
    {
        site.Page(
            routes,
            Root,
            "An account and what it posts",
            visit => ProfileAsync(visit, "posts", post => post.Kind != PostKind.Reply)
        );
        site.Page(
            routes,
            Root + "/replies",
            "What an account replies",
            visit => ProfileAsync(visit, "replies", post => post.Kind == PostKind.Reply)
        );
        site.Page(
            routes,
            Root + "/media",
            "What an account posts with pictures or a video",
            visit => ProfileAsync(visit, "media", post => post.Media.Count > 0, onlyMedia: true)
        );
        site.Page(
            routes,
            Root + "/followers",
            "Who follows an account",
            visit => MembersAsync(visit, "followers", account => new FollowersOf(account))
        );
        site.Page(
            routes,
            Root + "/following",
            "Whom an account follows",
            visit => MembersAsync(visit, "following", account => new FolloweesOf(account))
        );
    }

    private async Task<Problem?> ProfileAsync(
        Visit visit,
        string tab,
        Func<Post, bool> isShown,
        bool onlyMedia = false
    )
    {
        var page = ReadEntries.PageOf(visit);
        if (visit.Fields.Problem is { } wrong)
        {
            return wrong;
        }

        var head = await HeadAsync(visit);
        if (!head.Succeeded)
        {
            return head.Problem;
        }

        var account = head.Value.Account;
        var entries = await read.OfAuthorAsync(visit, account.Id, isShown, page, onlyMedia);
        return await pages.ShowAsync<ProfilePage>(
            visit,
            new ProfileModel(
                FrameOf(visit, account) with
                {
                    Meta = MetaOf(visit, head.Value) with
                    {
                        IsIndexed = account.IsIndexable && tab == "posts" && page.MaxId is null,
                    },
                },
                head.Value,
                tab,
                entries
            )
        );
    }

    private async Task<Problem?> MembersAsync(
        Visit visit,
        string tab,
        Func<AccountId, MemberList> of
    )
    {
        var max = visit.Fields.OptionalPost("max_id");
        if (visit.Fields.Problem is { } wrong)
        {
            return wrong;
        }

        var head = await HeadAsync(visit);
        if (!head.Succeeded)
        {
            return head.Problem;
        }

        var account = head.Value.Account;
        var page = new Page(Page.DefaultCount, max);
        var found = await members.HandleAsync(of(account.Id), page, "username", visit.Gone);
        if (!found.Succeeded)
        {
            return found.Problem;
        }

        var ids = found.Value.Accounts;
        var cards = await accounts.CardsAsync(ids.ToArray(), visit.Gone);
        var path = $"{head.Value.Path}/{tab}";
        return await pages.ShowAsync<MembersPage>(
            visit,
            new MembersModel(
                FrameOf(visit, account),
                head.Value,
                tab,
                [.. cards.OrderByDescending(card => card.Id)],
                ids.Count == page.Count ? $"{path}?max_id={ids[^1]}" : null,
                max is null ? null : path
            )
        );
    }

    private ValueTask<Result<AccountCard>> FindAsync(Visit visit) =>
        find.ByUsernameAsync(visit.Fields.PathText("username"), "username", visit.Gone);

    private async ValueTask<Result<ProfileHead>> HeadAsync(Visit visit)
    {
        var found = await FindAsync(visit);
        if (!found.Succeeded)
        {
            return found.Problem;
        }

        var account = found.Value;
        var head = new ProfileHead(
            account,
            await show.HtmlOfAsync(account.Bio, visit.Gone),
            Relation: null
        );
        return visit.Account is { } viewer && viewer != account.Id
            ? await RelateAsync(head, viewer, visit.Gone)
            : head;
    }

    private async ValueTask<ProfileHead> RelateAsync(
        ProfileHead head,
        AccountId viewer,
        CancellationToken token
    )
    {
        var relations = await graph.RelationshipsAsync(viewer, new[] { head.Account.Id }, token);
        return head with
        {
            Relation = relations[0],
            IsRung = (await bell.RungAsync(viewer, relations, token)).Count > 0,
        };
    }

    private static PageMeta MetaOf(Visit visit, ProfileHead head) =>
        PageMeta.Of(visit.Context.Request, head.Path) with
        {
            Type = "profile",
            Description =
                head.Account.Bio.Length > 0
                    ? Excerpt.Of(head.Account.Bio, Excerpt.OfDescription)
                    : visit.Say.PostsBy(head.Account.DisplayName),
            Avatar = head.Account.Avatar,
            FeedOf = head.Path,
        };

    private Frame FrameOf(Visit visit, AccountCard account) =>
        pages.FrameOf(visit, $"{account.DisplayName} (@{account.Username})") with
        {
            Place = account.Id == visit.Account ? "me" : "",
        };
}
