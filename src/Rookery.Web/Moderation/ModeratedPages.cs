using Microsoft.AspNetCore.Routing;
using Rookery.Accounts;
using Rookery.Api;
using Rookery.Web.Layout;
using Rookery.Web.Visits;

namespace Rookery.Web.Moderation;

/// <summary>An account as moderators see it, and suspending it.</summary>
internal sealed class ModeratedPages(
    Pages pages,
    SiteRoutes site,
    ReadModeration moderation,
    SuspendAccount suspend,
    LiftSuspension lift
)
{
    private const string Root = ModerationPages.Root + "/accounts/{username}";

    public void Map(IEndpointRouteBuilder routes)
    {
        site.Page(
            routes,
            Root,
            "An account, for moderators",
            visit => moderation.AsModeratorAsync(visit, ShowAsync),
            Visiting.Members
        );
        Form("suspend", "Suspend an account", suspend.HandleAsync);
        Form("lift", "Lift the suspension of an account", lift.HandleAsync);

        void Form(string name, string summary, DecisionAct act) =>
            site.Form(
                routes,
                $"{Root}/{name}",
                summary,
                visit => moderation.AsModeratorAsync(visit, one => DecideAsync(one, act))
            );
    }

    private async Task<Problem?> ShowAsync(Visit visit)
    {
        var found = await FindAsync(visit);
        return found.Succeeded
            ? await pages.ShowAsync<ModeratedPage>(visit, await ModelAsync(visit, found.Value))
            : found.Problem;
    }

    private async Task<Problem?> DecideAsync(Visit visit, DecisionAct act)
    {
        var reason = visit.Text("reason");
        if (visit.Fields.Problem is { } wrong)
        {
            return wrong;
        }

        var found = await FindAsync(visit);
        if (!found.Succeeded)
        {
            return found.Problem;
        }

        var account = found.Value;
        var decided = await act(account.Id, new Decision(visit.Member.Id, reason), visit.Gone);
        return decided.Succeeded
            ? visit.SeeOther($"{ModerationPages.Root}/accounts/{account.Username}")
            : await pages.ShowAsync<ModeratedPage>(
                visit,
                await ModelAsync(visit, account) with
                {
                    Reason = reason,
                    Problem = decided.Problem,
                },
                ProblemResponses.StatusOf(decided.Problem.Kind)
            );
    }

    private ValueTask<Result<ModeratedAccount>> FindAsync(Visit visit) =>
        moderation.AccountAsync(visit.Fields.PathText("username"), visit.Gone);

    private async ValueTask<AccountModel> ModelAsync(Visit visit, ModeratedAccount account)
    {
        var acts = await moderation.ActsAsync(account.Id, null, visit.Gone);
        return new AccountModel(
            pages.FrameOf(visit, visit.Say.AccountTitle(account.Username)) with
            {
                Place = "settings",
            },
            account,
            acts,
            await moderation.KnownAsync(acts, visit.Gone),
            account.Id != visit.Member.Id
                && account.Role < await moderation.RoleAsync(visit.Member.Id, visit.Gone)
        );
    }

    /// <summary>What is decided about an account.</summary>
    private delegate Task<Result<Standing>> DecisionAct(
        AccountId account,
        Decision decision,
        CancellationToken token
    );
}
