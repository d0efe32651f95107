using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Rookery.Accounts;
using Rookery.Api;
using Rookery.Web.Layout;
using Rookery.Web.Visits;

namespace Rookery.Web.Sessions;

/// <summary>The form that has a mail sent with which a new password is set.</summary>
public sealed record ForgottenModel(Frame Frame, string Username, Problem? Problem = null);

/// <summary>The form that sets one.</summary>
/// <param name="Token">What was in the link.</param>
public sealed record NewPasswordModel(
    Frame Frame,
    string Token,
    string Username,
    Problem? Problem = null
);

/// <summary>For who has forgotten the password: asking for a mail, and setting another with the link in it.</summary>
internal sealed class PasswordPages(
    Pages pages,
    SiteRoutes site,
    AskNewPassword ask,
    ResetPassword reset
)
{
    public const string Root = "/forgotten";
    private const string Token = "token";

    private static readonly string New = ResetPassword.Path.TrimEnd('/');

    public void Map(IEndpointRouteBuilder routes)
    {
        site.Page(routes, Root, "The form to ask for a new password with", ShowAsync);
        site.Form(
            routes,
            Root,
            "Have a mail sent with which a new password is set",
            AskAsync,
            Visiting.Newcomers,
            RouteLimit.Mails
        );
        site.Page(routes, $"{New}/{{{Token}}}", "The form to set a new password with", ChooseAsync);
        site.Form(
            routes,
            New,
            "Set a new password with what was in the link of a mail",
            SetAsync,
            Visiting.Newcomers,
            RouteLimit.LogIns
        );
    }

    private Task<Problem?> ShowAsync(Visit visit) => ShowAsync(visit, "", null);

    private Task<Problem?> ShowAsync(Visit visit, string username, Problem? problem)
    {
        var one = visit.WithForms();
        return pages.ShowAsync<ForgottenPage>(
            one,
            new ForgottenModel(
                pages.FrameOf(one, visit.Say.ForgottenPassword) with
                {
                    Here = Root,
                    Place = "login",
                    Notice = visit.Text("done") == "sent" ? visit.Say.NewPasswordSent : null,
                },
                username,
                problem
            ),
            problem is null ? StatusCodes.Status200OK : ProblemResponses.StatusOf(problem.Kind)
        );
    }

    /// <summary>What is answered says nothing of whether somebody is called so.</summary>
    private async Task<Problem?> AskAsync(Visit visit)
    {
        var asked = visit.Text(AskNewPassword.Field);
        if (visit.Fields.Problem is { } wrong)
        {
            return wrong;
        }

        var done = await ask.HandleAsync(asked, visit.Say.Code, visit.Gone);
        return done.Succeeded
            ? visit.SeeOther($"{Root}?done=sent")
            : await ShowAsync(visit, asked, done.Problem);
    }

    private async Task<Problem?> ChooseAsync(Visit visit)
    {
        var token = visit.Fields.PathText(Token);
        return await reset.FindAsync(token, visit.Gone) is { } link
            ? await ChooseAsync(visit.WithForms(), token, link.Username, null)
            : await ShowAsync(visit, "", ResetPassword.Ended);
    }

    private Task<Problem?> ChooseAsync(
        Visit visit,
        string token,
        string username,
        Problem? problem
    ) =>
        pages.ShowAsync<NewPasswordPage>(
            visit,
            new NewPasswordModel(
                pages.FrameOf(visit, visit.Say.ChooseNewPassword) with
                {
                    Here = Root,
                    Place = "login",
                },
                token,
                username,
                problem
            ),
            problem is null ? StatusCodes.Status200OK : ProblemResponses.StatusOf(problem.Kind)
        );

    private async Task<Problem?> SetAsync(Visit visit)
    {
        var request = new ResetPasswordRequest(visit.Text(Token), visit.Text("new_password"));
        if (visit.Fields.Problem is { } wrong)
        {
            return wrong;
        }

        var done = await reset.HandleAsync(request, visit.Gone);
        if (done.Succeeded)
        {
            // Its session has ended with all others.
            Cookies.EndSession(visit.Context);
            return visit.SeeOther("/login?done=password");
        }

        return await reset.FindAsync(request.Link, visit.Gone) is { } link
            ? await ChooseAsync(visit, request.Link, link.Username, done.Problem)
            : await ShowAsync(visit, "", done.Problem);
    }
}
