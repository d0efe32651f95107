using Microsoft.AspNetCore.Routing;
using Rookery.Accounts;
using Rookery.Api;
using Rookery.Web.Layout;
using Rookery.Web.Visits;

namespace Rookery.Web.Settings;

/// <summary>How a member is reached, as it is or as it was just sent.</summary>
/// <param name="Email">Empty where there is none.</param>
/// <param name="Pending">Takes its place when it is confirmed.</param>
/// <param name="Wanted">What was written in the form.</param>
public sealed record EmailModel(
    Frame Frame,
    string Email,
    bool IsConfirmed,
    string Pending,
    bool ToldOfLogIns,
    string Wanted = "",
    Problem? Problem = null
);

/// <summary>A member's address, and the mails that go there.</summary>
internal sealed class EmailPages(
    Pages pages,
    SiteRoutes site,
    ReadEmail read,
    ChangeEmail change,
    AskConfirmation ask,
    ChooseMails choose
)
{
    public const string Root = SettingsPages.Root + "/email";

    public void Map(IEndpointRouteBuilder routes)
    {
        site.Page(routes, Root, "A member's address and mails", ShowAsync, Visiting.Members);
        site.Form(
            routes,
            Root,
            "Change the address; the new one is asked to confirm that",
            ChangeAsync,
            limit: RouteLimit.Passwords
        );
        site.Form(
            routes,
            Root + "/confirmation",
            "Send the mail that asks for a confirmation again",
            AskAsync,
            limit: RouteLimit.Mails
        );
        site.Form(routes, Root + "/mails", "Choose which mails one gets", ChooseAsync);
    }

    /// <summary>The page, which says that this was done.</summary>
    public static string Done(string what) => $"{Root}?done={what}";

    private async Task<Problem?> ShowAsync(Visit visit) =>
        await pages.ShowAsync<EmailPage>(
            visit,
            await ModelAsync(visit) with
            {
                Frame = FrameOf(visit) with
                {
                    Notice = visit.Text("done") switch
                    {
                        "confirmed" => visit.Say.EmailConfirmed,
                        "asked" => visit.Say.ConfirmationSent,
                        "mails" => visit.Say.MailsChosen,
                        _ => null,
                    },
                },
            }
        );

    private async Task<Problem?> ChangeAsync(Visit visit)
    {
        var request = new ChangeEmailRequest(
            visit.Member.Id,
            visit.Text("email"),
            visit.Text("password")
        )
        {
            From = visit.Context.Connection.RemoteIpAddress,
        };
        if (visit.Fields.Problem is { } wrong)
        {
            return wrong;
        }

        var changed = await change.HandleAsync(request, visit.Gone);
        return changed.Succeeded
            ? visit.SeeOther(Done("asked"))
            : await AgainAsync(visit, request.Email!, changed.Problem);
    }

    private async Task<Problem?> AskAsync(Visit visit)
    {
        var asked = await ask.HandleAsync(visit.Member.Id, null, visit.Gone);
        return asked.Succeeded
            ? visit.SeeOther(Done("asked"))
            : await AgainAsync(visit, "", asked.Problem);
    }

    private async Task<Problem?> ChooseAsync(Visit visit)
    {
        var toldOfLogIns = visit.Fields.Flag("log_ins");
        if (visit.Fields.Problem is { } wrong)
        {
            return wrong;
        }

        await choose.HandleAsync(visit.Member.Id, toldOfLogIns, visit.Say.Code, visit.Gone);
        return visit.SeeOther(Done("mails"));
    }

    private async Task<Problem?> AgainAsync(Visit visit, string wanted, Problem problem) =>
        await pages.ShowAsync<EmailPage>(
            visit,
            await ModelAsync(visit) with
            {
                Wanted = wanted,
                Problem = problem,
            },
            ProblemResponses.StatusOf(problem.Kind)
        );

    private async ValueTask<EmailModel> ModelAsync(Visit visit)
    {
        var own = await read.HandleAsync(visit.Member.Id, visit.Gone);
        return new EmailModel(
            FrameOf(visit),
            own.Email?.Email ?? "",
            own.Email?.IsConfirmed ?? false,
            own.Email?.Pending ?? "",
            own.ToldOfLogIns
        );
    }

    private Frame FrameOf(Visit visit) =>
        pages.FrameOf(visit, visit.Say.EmailAndMails) with
        {
            Place = "settings",
            Here = Root,
        };
}
