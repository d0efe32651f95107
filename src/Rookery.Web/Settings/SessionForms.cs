using Microsoft.AspNetCore.Routing;
using Rookery.Accounts;
using Rookery.Web.Visits;

namespace Rookery.Web.Settings;

/// <summary>Ending sessions: one, all others, or all.</summary>
internal sealed class SessionForms(
    SiteRoutes site,
    EndSession endOne,
    LogOutElsewhere logOutElsewhere,
    LogOutEverywhere logOutEverywhere
)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        const string Root = SettingsPages.Root + "/sessions";
        site.Form(routes, Root, "End all sessions", EverywhereAsync);
        site.Form(routes, Root + "/others", "End all sessions but this one", ElsewhereAsync);
        site.Form(routes, Root + "/end", "End one session", EndAsync);
    }

    private async Task<Problem?> EverywhereAsync(Visit visit)
    {
        await logOutEverywhere.HandleAsync(visit.Member.Id, visit.Gone);
        Cookies.EndSession(visit.Context);
        return visit.SeeOther("/");
    }

    private async Task<Problem?> ElsewhereAsync(Visit visit)
    {
        await logOutElsewhere.HandleAsync(visit.Member.Id, visit.Session, visit.Gone);
        return visit.SeeOther(SettingsPages.Done("others"));
    }

    private async Task<Problem?> EndAsync(Visit visit)
    {
        var ended = await endOne.HandleAsync(visit.Member.Id, visit.Text("session"), visit.Gone);
        return ended.Succeeded ? visit.SeeOther(SettingsPages.Done("session")) : ended.Problem;
    }
}
