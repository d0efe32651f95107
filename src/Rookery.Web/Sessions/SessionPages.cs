using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;
using Rookery.Accounts;
using Rookery.Api;
using Rookery.Api.Service;
using Rookery.Posts;
using Rookery.Web.Layout;
using Rookery.Web.Posts;
using Rookery.Web.Visits;

namespace Rookery.Web.Sessions;

/// <summary>A form that makes a session. What was written in it is kept, but for the password.</summary>
public sealed record SessionModel(Frame Frame, string Back)
{
    public string Username { get; init; } = "";

    public string Email { get; init; } = "";

    /// <summary>What was written when the session had ended; null: nothing was.</summary>
    public KeptPost? Kept { get; init; }

    public Problem? Problem { get; init; }
}

/// <summary>Signing up, logging in and out. The session is the same token that programs get, kept in a cookie.</summary>
internal sealed class SessionPages(
    Pages pages,
    SiteRoutes site,
    Cookies cookies,
    AccountLimits limits,
    ServiceAccess service,
    SignUp signUp,
    LogIn logIn,
    LogOut logOut,
    IAccounts accounts,
    TakePictures pictures,
    IOptions<PostsOptions> posts
)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        site.Page(routes, "/signup", "The form to sign up with", AskSignUpAsync);
        site.Form(
            routes,
            "/signup",
            "Make an account and log in",
            SignUpAsync,
            Visiting.Newcomers,
            RouteLimit.SignUps
        );
        site.Page(routes, "/login", "The form to log in with", AskLogInAsync);
        site.Form(routes, "/login", "Log in", LogInAsync, Visiting.Newcomers, RouteLimit.LogIns);
        site.Form(routes, "/logout", "Log out", LogOutAsync, Visiting.Anybody);
    }

    private Task<Problem?> AskSignUpAsync(Visit visit) => AskAsync<SignUpPage>(visit, "signup");

    private Task<Problem?> AskLogInAsync(Visit visit) => AskAsync<LogInPage>(visit, "login");

    private Task<Problem?> AskAsync<TPage>(Visit visit, string place)
        where TPage : Microsoft.AspNetCore.Components.IComponent =>
        visit.Me is null
            ? pages.ShowAsync<TPage>(visit, Model(visit.WithForms(), place))
            : Task.FromResult(visit.SeeOther(visit.Back(SiteRoutes.Home)));

    private async Task<Problem?> SignUpAsync(Visit visit)
    {
        var request = new SignUpRequest(
            visit.Text("username"),
            visit.Text("email"),
            visit.Text("password")
        )
        {
            Language = visit.Say.Code,
        };
        if (visit.Fields.Problem is { } wrong)
        {
            return wrong;
        }

        var opened = await signUp.HandleAsync(request, visit.Gone);
        return opened.Succeeded
            ? await EnterAsync(visit, opened.Value)
            : await AgainAsync<SignUpPage>(visit, "signup", opened.Problem);
    }

    private async Task<Problem?> LogInAsync(Visit visit)
    {
        var request = new LogInRequest(visit.Text("username").Trim(), visit.Text("password"))
        {
            Device = Device.Of(visit.Context.Request.Headers.UserAgent),
        };
        if (visit.Fields.Problem is { } wrong)
        {
            return wrong;
        }

        if (
            !service.IsTrusted(visit.Context)
            && await limits.RefuseLogInAsAsync(request.Username, visit.Gone) is { } refused
        )
        {
            return refused;
        }

        var opened = await logIn.HandleAsync(request, visit.Gone);
        return opened.Succeeded
            ? await EnterAsync(visit, opened.Value)
            : await AgainAsync<LogInPage>(visit, "login", opened.Problem);
    }

    /// <summary>Another session than the browser may have had, which ends: whoever knew that one knows nothing of this.</summary>
    private async Task<Problem?> EnterAsync(Visit visit, LoggedIn opened)
    {
        await logOut.HandleAsync(visit.Session, visit.Gone);
        cookies.OpenSession(visit.Context, opened.AuthToken);
        return KeptPost.CarriedBy(visit) is { } kept && visit.Fields.Problem is null
            ? await AskAgainAsync(visit, opened, kept)
            : visit.SeeOther(visit.Back(SiteRoutes.Home));
    }

    /// <summary>The box with what was written before.</summary>
    private async Task<Problem?> AskAgainAsync(Visit visit, LoggedIn opened, KeptPost kept)
    {
        var cards = await accounts.CardsAsync(new[] { opened.Account }, visit.Gone);
        var member = visit with
        {
            Me = cards.Count == 1 ? cards[0] : null,
            Session = opened.AuthToken,
            FormSecret = opened.AuthToken,
        };
        var frame = pages.FrameOf(member, visit.Say.Write) with { Here = SiteRoutes.Home };
        return await pages.ShowAsync<ComposePage>(
            member,
            ComposeModel.Again(frame, posts.Value.MaxLength, pictures.Most, kept) with
            {
                Back = visit.Back(""),
            }
        );
    }

    private Task<Problem?> AgainAsync<TPage>(Visit visit, string place, Problem problem)
        where TPage : Microsoft.AspNetCore.Components.IComponent =>
        pages.ShowAsync<TPage>(
            visit,
            Model(visit, place) with
            {
                Problem = problem,
            },
            ProblemResponses.StatusOf(problem.Kind)
        );

    private SessionModel Model(Visit visit, string place) =>
        new(
            pages.FrameOf(visit, place == "login" ? visit.Say.LogIn : visit.Say.SignUp) with
            {
                Place = place,
                Notice = visit.Text("done") switch
                {
                    "password" => visit.Say.PasswordSet,
                    "email" => visit.Say.EmailConfirmed,
                    _ => null,
                },
            },
            visit.Back("")
        )
        {
            Username = visit.Text("username"),
            Email = visit.Text("email"),
            Kept = KeptPost.CarriedBy(visit),
        };

    private async Task<Problem?> LogOutAsync(Visit visit)
    {
        await logOut.HandleAsync(visit.Session, visit.Gone);
        Cookies.EndSession(visit.Context);
        return visit.SeeOther("/");
    }
}
