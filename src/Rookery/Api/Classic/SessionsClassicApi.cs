using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Rookery.Accounts;
using Rookery.Api.Service;

namespace Rookery.Api.Classic;

/// <summary>Signing up, logging in and out in the client API.</summary>
internal sealed class SessionsClassicApi(
    Callers callers,
    AccountLimits limits,
    ServiceAccess service,
    SignUp signUp,
    LogIn logIn,
    LogOut logOut,
    LogOutEverywhere logOutEverywhere
)
{
    private const string Session = """{"user_id":"123","username":"ana","auth_token":"…"}""";

    public static void Map(IEndpointRouteBuilder routes) =>
        ActivatorUtilities
            .CreateInstance<SessionsClassicApi>(routes.ServiceProvider)
            .MapAll(routes);

    private void MapAll(IEndpointRouteBuilder routes)
    {
        routes.MapClassic(
            "POST",
            "signup",
            SignUpAsync,
            new RouteDoc("Make an account and log in", AuthKind.None)
            {
                Fields =
                [
                    ClassicRoutes.Text(
                        "username",
                        "3 to 30 of a–z 0–9 _, in any case.",
                        true,
                        Handle.MinLength,
                        Handle.MaxLength
                    ),
                    ClassicRoutes.Text(
                        "email",
                        "Where the account's owner is reached.",
                        true,
                        1,
                        EmailAddress.MaxLength
                    ),
                    ClassicRoutes.Text(
                        "password",
                        "12 to 128 characters, not a common one.",
                        true,
                        PasswordRules.MinLength,
                        PasswordRules.MaxLength
                    ),
                ],
                Answers =
                [
                    new(201, "The account and its first token", Session),
                    new(409, "The name is taken, or looks like one that is"),
                ],
                Limit = RouteLimit.SignUps,
            }
        );
        routes.MapClassic(
            "POST",
            "login",
            LogInAsync,
            new RouteDoc("Log in", AuthKind.None)
            {
                Fields =
                [
                    ClassicRoutes.Text("username", "The handle."),
                    ClassicRoutes.Text("password", "The password."),
                ],
                Answers = [new(200, "A new token", Session), new(401, "Name or password is wrong")],
                Limit = RouteLimit.LogIns,
            }
        );
        routes.MapClassic("POST", "logout", LogOutAsync, ClassicRoutes.Act("End this token", "{}"));
        routes.MapClassic(
            "POST",
            "logout_all",
            LogOutEverywhereAsync,
            ClassicRoutes.Act("End all tokens of the account", "{}")
        );
    }

    private async Task<Problem?> SignUpAsync(HttpContext context)
    {
        var fields = await RequestFields.ReadAsync(context);
        var request = new SignUpRequest(
            fields.Text("username"),
            fields.Text("email"),
            fields.Text("password")
        );
        if (fields.Problem is { } wrong)
        {
            return wrong;
        }

        var session = await signUp.HandleAsync(request, context.RequestAborted);
        return await context.AnswerAsync(201, session, WriteSession);
    }

    private async Task<Problem?> LogInAsync(HttpContext context)
    {
        var fields = await RequestFields.ReadAsync(context);
        var request = new LogInRequest(fields.Text("username"), fields.Text("password"))
        {
            Device = Device.Of(context.Request.Headers.UserAgent),
        };
        if (fields.Problem is { } wrong)
        {
            return wrong;
        }

        if (
            !service.IsTrusted(context)
            && await limits.RefuseLogInAsAsync(request.Username, context.RequestAborted)
                is { } refused
        )
        {
            return refused;
        }

        var session = await logIn.HandleAsync(request, context.RequestAborted);
        return await context.AnswerAsync(200, session, WriteSession);
    }

    private async Task<Problem?> LogOutAsync(HttpContext context)
    {
        var fields = await RequestFields.ReadAsync(context);
        var caller = await callers.RequireAsync(context, fields);
        if (!caller.Succeeded)
        {
            return caller.Problem;
        }

        await logOut.HandleAsync(Callers.TokenOf(context, fields)!, context.RequestAborted);
        return await context.AnswerEmptyAsync<Done>(Done.Instance);
    }

    private async Task<Problem?> LogOutEverywhereAsync(HttpContext context)
    {
        var fields = await RequestFields.ReadAsync(context);
        var caller = await callers.RequireAsync(context, fields);
        if (!caller.Succeeded)
        {
            return caller.Problem;
        }

        await logOutEverywhere.HandleAsync(caller.Value, context.RequestAborted);
        return await context.AnswerEmptyAsync<Done>(Done.Instance);
    }

    private static void WriteSession(Utf8JsonWriter json, LoggedIn session)
    {
        json.WriteStartObject();
        json.WriteTextId("user_id", session.Account);
        json.WriteString("username", session.Username);
        json.WriteString("auth_token", session.AuthToken);
        json.WriteEndObject();
    }
}
