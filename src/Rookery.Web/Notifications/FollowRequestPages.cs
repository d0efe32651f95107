using Microsoft.AspNetCore.Routing;
using Rookery.Accounts;
using Rookery.Graph;
using Rookery.Web.Layout;
using Rookery.Web.Visits;

namespace Rookery.Web.Notifications;

public sealed record FollowRequestsModel(
    Frame Frame,
    IReadOnlyList<AccountCard> Accounts,
    string? Older,
    string? Newest
);

/// <summary>Who has asked to follow a member and waits.</summary>
internal sealed class FollowRequestPages(
    Pages pages,
    SiteRoutes site,
    IAccounts accounts,
    ListMembers members
)
{
    public const string Root = "/follow_requests";

    private const string MaxId = "max_id";

    public void Map(IEndpointRouteBuilder routes) =>
        site.Page(routes, Root, "Who has asked to follow a member", ShowAsync, Visiting.Members);

    private async Task<Problem?> ShowAsync(Visit visit)
    {
        var max = visit.Fields.OptionalPost(MaxId);
        if (visit.Fields.Problem is { } wrong)
        {
            return wrong;
        }

        var page = new Page(Page.DefaultCount, max);
        var asked = new RequestsTo(visit.Member.Id);
        var found = await members.HandleAsync(asked, page, "username", visit.Gone);
        if (!found.Succeeded)
        {
            return found.Problem;
        }

        var ids = found.Value.Accounts;
        var cards = await accounts.CardsAsync(ids.ToArray(), visit.Gone);
        return await pages.ShowAsync<FollowRequestsPage>(
            visit,
            new FollowRequestsModel(
                pages.FrameOf(visit, visit.Say.FollowRequests) with
                {
                    Place = "notifications",
                },
                [.. cards.OrderByDescending(card => card.Id)],
                ids.Count == page.Count ? $"{Root}?{MaxId}={ids[^1]}" : null,
                max is null ? null : Root
            )
        );
    }
}
