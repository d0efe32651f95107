using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Rookery.Accounts;

namespace Rookery.Api.Classic;

/// <summary>Asking for the mail with which a new password is set.</summary>
internal sealed class EmailsClassicApi(AskNewPassword ask)
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var api = ActivatorUtilities.CreateInstance<EmailsClassicApi>(routes.ServiceProvider);
        routes.MapClassic(
            "POST",
            "forgot_password",
            api.AskAsync,
            new RouteDoc("Have a mail sent with which a new password is set", AuthKind.None)
            {
                Fields =
                [
                    ClassicRoutes.Text(
                        AskNewPassword.Field,
                        "The handle, or the e-mail address.",
                        true,
                        1,
                        EmailAddress.MaxLength
                    ),
                ],
                Answers = [new(200, "If somebody is called so, the mail is on its way", "{}")],
                Limit = RouteLimit.Mails,
            }
        );
    }

    private async Task<Problem?> AskAsync(HttpContext context)
    {
        var fields = await RequestFields.ReadAsync(context);
        var asked = fields.Text(AskNewPassword.Field);
        return fields.Problem
            ?? await context.AnswerEmptyAsync(
                await ask.HandleAsync(asked, "", context.RequestAborted)
            );
    }
}
