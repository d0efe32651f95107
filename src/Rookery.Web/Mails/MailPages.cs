using Microsoft.AspNetCore.Routing;
using Rookery.Accounts;
using Rookery.Mail;
using Rookery.Web.Layout;
using Rookery.Web.Settings;
using Rookery.Web.Visits;

namespace Rookery.Web.Mails;

/// <summary>Asks whether the address is to be confirmed: programs that look at mails follow links too, and press no buttons.</summary>
/// <param name="Token">What was in the link.</param>
public sealed record ConfirmModel(Frame Frame, string Token, string Email, string Username);

/// <param name="Here">The link's own path, which the button posts to.</param>
public sealed record UnsubscribeModel(Frame Frame, string Here, bool IsDone);

/// <summary>Where the links in mails lead that do something without a log-in.</summary>
internal sealed class MailPages(
    Pages pages,
    SiteRoutes site,
    ConfirmEmail confirm,
    Unsubscribe unsubscribe
)
{
    private const string Token = "token";
    private const string Ticket = "ticket";

    private static readonly string Confirm = ConfirmEmail.Path.TrimEnd('/');

    public void Map(IEndpointRouteBuilder routes)
    {
        site.Page(
            routes,
            $"{Confirm}/{{{Token}}}",
            "Asks whether an e-mail address is to be confirmed",
            AskAsync
        );
        site.Form(
            routes,
            Confirm,
            "Confirm an e-mail address with what was in the link of a mail",
            ConfirmAsync,
            Visiting.Anybody
        );
        site.Page(
            routes,
            $"{Unsubscribe.Path}{{{Ticket}}}",
            "Asks whether mails of a kind are to end",
            AskToEndAsync
        );
        SiteRoutes.FromMail(
            routes,
            $"{Unsubscribe.Path}{{{Ticket}}}",
            "End mails of a kind; mail programs send this too",
            EndAsync
        );
    }

    private async Task<Problem?> AskAsync(Visit visit)
    {
        var token = visit.Fields.PathText(Token);
        if (await confirm.FindAsync(token, visit.Gone) is not { } link)
        {
            return Problem.NotFound(ConfirmEmail.Ended.Detail);
        }

        var one = visit.WithForms();
        return await pages.ShowAsync<ConfirmPage>(
            one,
            new ConfirmModel(
                pages.FrameOf(one, visit.Say.ConfirmEmail) with
                {
                    Here = "/",
                },
                token,
                link.Email,
                link.Username
            )
        );
    }

    private async Task<Problem?> ConfirmAsync(Visit visit)
    {
        var token = visit.Text(Token);
        if (visit.Fields.Problem is { } wrong)
        {
            return wrong;
        }

        var done = await confirm.HandleAsync(token, visit.Gone);
        return !done.Succeeded ? done.Problem
            // It may be another's who reads mail on the same machine: nothing is said then of the visitor's own address.
            : visit.Me?.Id == done.Value ? visit.SeeOther(EmailPages.Done("confirmed"))
            : visit.SeeOther("/login?done=email");
    }

    private async Task<Problem?> AskToEndAsync(Visit visit)
    {
        var found = await unsubscribe.CheckAsync(visit.Fields.PathText(Ticket), visit.Gone);
        return found.Problem ?? await ShowAsync(visit, isDone: false);
    }

    private async Task<Problem?> EndAsync(Visit visit)
    {
        var done = await unsubscribe.HandleAsync(visit.Fields.PathText(Ticket), visit.Gone);
        return done.Problem ?? await ShowAsync(visit, isDone: true);
    }

    private Task<Problem?> ShowAsync(Visit visit, bool isDone) =>
        pages.ShowAsync<UnsubscribePage>(
            visit,
            new UnsubscribeModel(
                pages.FrameOfNobody(visit.Say.EndMails, visit.Say),
                visit.Here,
                isDone
            )
        );
}
