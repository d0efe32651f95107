using Microsoft.AspNetCore.Routing;
using Rookery.Accounts;
using Rookery.Graph;
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
}

/// <param name="Tab">Which part of the profile: <c>posts</c> or <c>replies</c>.</param>
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

/// <summary>What is done to another account.</summary>
internal delegate Task<Result<Done>> RelationAct(
    AccountId member,
    AccountId other,
    CancellationToken token
);

/// <summary>Profiles, who follows whom, and the buttons to follow.</summary>
internal sealed class ProfilePages(
    Pages pages,
    SiteRoutes site,
    FindAccount find,
    IAccounts accounts,
    IGraph graph,
    ReadEntries read,
    ShowEntries show,
    ListMembers members,
    FollowAccount follow,
    UnfollowAccount unfollow
)
{
    private const string Root = "/@{username}";

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
        MapAct(routes, "follow", "Follow an account", follow.HandleAsync);
        MapAct(routes, "unfollow", "No longer follow an account", unfollow.HandleAsync);
    }

    private void MapAct(
        IEndpointRouteBuilder routes,
        string name,
        string summary,
        RelationAct act
    ) => site.Form(routes, $"{Root}/{name}", summary, visit => ActAsync(visit, act));

    private async Task<Problem?> ProfileAsync(Visit visit, string tab, Func<Post, bool> isShown)
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
        var entries = await read.OfAuthorAsync(visit, account.Id, isShown, page);
        return await pages.ShowAsync<ProfilePage>(
            visit,
            new ProfileModel(FrameOf(visit, account), head.Value, tab, entries)
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

    private async Task<Problem?> ActAsync(Visit visit, RelationAct act)
    {
        var found = await FindAsync(visit);
        if (!found.Succeeded)
        {
            return found.Problem;
        }

        var done = await act(visit.Member.Id, found.Value.Id, visit.Gone);
        return done.Succeeded
            ? visit.SeeOther(visit.Back($"/@{found.Value.Username}"))
            : done.Problem;
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
        return new ProfileHead(
            account,
            await show.HtmlOfAsync(account.Bio, visit.Gone),
            visit.Account is { } viewer && viewer != account.Id
                ? (await graph.RelationshipsAsync(viewer, new[] { account.Id }, visit.Gone))[0]
                : null
        );
    }

    private Frame FrameOf(Visit visit, AccountCard account) =>
        pages.FrameOf(visit, $"{account.DisplayName} (@{account.Username})") with
        {
            Place = account.Id == visit.Account ? "me" : "",
        };
}
