using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Rookery.Accounts;

namespace Rookery.Api.Mastodon;

/// <summary>Asking for the mail that confirms an address, and whether it was confirmed.</summary>
internal sealed class EmailsMastodonApi(Callers callers, AskConfirmation ask, ReadEmail read)
{
    private const string Root = "/api/v1/emails/";
    private const string Email = "email";

    private static readonly FieldDoc Token = new(
        "auth_token",
        FieldType.Text,
        FieldPlace.Query,
        "The token, unless it stands in the Authorization header.",
        false,
        1,
        Callers.LongestToken
    );

    public static void Map(IEndpointRouteBuilder routes)
    {
        var api = ActivatorUtilities.CreateInstance<EmailsMastodonApi>(routes.ServiceProvider);
        routes.MapMastodon(
            "POST",
            $"{Root}confirmations",
            api.AskAsync,
            new RouteDoc(
                "Send the mail that asks for a confirmation of the address",
                AuthKind.Token
            )
            {
                Fields =
                [
                    MastodonRoutes.Token,
                    Token,
                    new(
                        Email,
                        FieldType.Text,
                        FieldPlace.Body,
                        "Takes the place of the address, which is not confirmed.",
                        false,
                        1,
                        EmailAddress.MaxLength
                    ),
                ],
                Answers =
                [
                    new(200, "It is on its way", "{}"),
                    new(403, "The address is confirmed"),
                ],
                Limit = RouteLimit.Mails,
            }
        );
        routes.MapMastodon(
            "GET",
            $"{Root}check_confirmation",
            api.CheckAsync,
            new RouteDoc("Whether the address is confirmed", AuthKind.Token)
            {
                Fields = [MastodonRoutes.Token, Token],
                Answers = [new(200, "Whether it is", "true")],
            }
        );
    }

    private async Task<Problem?> AskAsync(HttpContext context)
    {
        var fields = await RequestFields.ReadAsync(context);
        var caller = await callers.RequireAsync(context, fields);
        var email = fields.OptionalText(Email, EmailAddress.MaxLength);
        if ((caller.Problem ?? fields.Problem) is { } wrong)
        {
            return wrong;
        }

        return await context.AnswerEmptyAsync(
            await ask.HandleAsync(caller.Value, email, context.RequestAborted)
        );
    }

    private async Task<Problem?> CheckAsync(HttpContext context)
    {
        var fields = RequestFields.OfQuery(context);
        var caller = await callers.RequireAsync(context, fields);
        if ((caller.Problem ?? fields.Problem) is { } wrong)
        {
            return wrong;
        }

        var isConfirmed = await read.IsConfirmedAsync(caller.Value, context.RequestAborted);
        return await context.AnswerAsync(
            200,
            (Result<bool>)isConfirmed,
            (json, value) => json.WriteBooleanValue(value)
        );
    }
}
