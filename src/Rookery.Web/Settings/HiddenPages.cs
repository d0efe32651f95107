using Microsoft.AspNetCore.Routing;
using Rookery.Accounts;
using Rookery.Graph;
using Rookery.Web.Layout;
using Rookery.Web.Visits;

namespace Rookery.Web.Settings;

/// <summary>Whom a member blocks, or mutes.</summary>
/// <param name="Undo">What takes it back: the last part of the form's path.</param>
public sealed record HiddenModel(
    Frame Frame,
    string Heading,
    string Explained,
    string Undo,
    IReadOnlyList<AccountCard> Accounts,
    string? Older,
    string? Newest
);

/// <summary>The lists of whom a member does not want to see: nobody finds again by looking around whom he has hidden.</summary>
internal sealed class HiddenPages(
    Pages pages,
    SiteRoutes site,
    IAccounts accounts,
    ListMembers members
)
{
    private const string MaxId = "max_id";

    public void Map(IEndpointRouteBuilder routes)
    {
        site.Page(
            routes,
            "/settings/blocked",
            "Whom a member blocks",
            visit =>
                ShowAsync(
                    visit,
                    new BlocksOf(visit.Member.Id),
                    visit.Say.BlockedAccounts,
                    visit.Say.BlockedExplained,
                    "unblock"
                ),
            Visiting.Members
        );
        site.Page(
            routes,
            "/settings/muted",
            "Whom a member mutes",
            visit =>
                ShowAsync(
                    visit,
                    new MutesOf(visit.Member.Id),
                    visit.Say.MutedAccounts,
                    visit.Say.MutedExplained,
                    "unmute"
                ),
            Visiting.Members
        );
    }

    private async Task<Problem?> ShowAsync(
        Visit visit,
        MemberList list,
        string heading,
        string explained,
        string undo
    )
    {
        var max = visit.Fields.OptionalPost(MaxId);
        if (visit.Fields.Problem is { } wrong)
        {
            return wrong;
        }

        var page = new Page(Page.DefaultCount, max);
        var found = await members.HandleAsync(list, page, "username", visit.Gone);
        if (!found.Succeeded)
        {
            return found.Problem;
        }

        var ids = found.Value.Accounts;
        var cards = await accounts.CardsAsync(ids.ToArray(), visit.Gone);
        var path = visit.Context.Request.Path.ToUriComponent();
        return await pages.ShowAsync<HiddenPage>(
            visit,
            new HiddenModel(
                pages.FrameOf(visit, heading) with
                {
                    Place = "settings",
                },
                heading,
                explained,
                undo,
                [.. cards.OrderByDescending(card => card.Id)],
                ids.Count == page.Count ? $"{path}?{MaxId}={ids[^1]}" : null,
                max is null ? null : path
            )
        );
    }
}
