using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Rookery.Accounts;

namespace Rookery.Api.Classic;

/// <summary>An account's owner and its visitors in the client API.</summary>
internal sealed class AccountsClassicApi(
    Callers callers,
    ChangePassword changePassword,
    EditProfile editProfile,
    DeleteAccount delete,
    FindAccount find
)
{
    private const string Account =
        """{"user_id":"123","username":"ana","name":"Ana","bio":"","created_at":"Wed Sep 05 00:37:15 +0000 2012","post_count":3,"follower_count":2,"following_count":5,"indexable":true}""";

    public static void Map(IEndpointRouteBuilder routes) =>
        ActivatorUtilities
            .CreateInstance<AccountsClassicApi>(routes.ServiceProvider)
            .MapAll(routes);

    private void MapAll(IEndpointRouteBuilder routes)
    {
        routes.MapClassic(
            "POST",
            "password",
            ChangePasswordAsync,
            ClassicRoutes.Act(
                "Change the password; all other tokens end",
                "{}",
                ClassicRoutes.Text("password", "The one that it is now."),
                ClassicRoutes.Text(
                    "new_password",
                    "The one that it shall be: 12 to 128 characters, not a common one.",
                    true,
                    PasswordRules.MinLength,
                    PasswordRules.MaxLength
                )
            ) with
            {
                Limit = RouteLimit.Passwords,
            }
        );
        routes.MapClassic(
            "POST",
            "profile",
            EditProfileAsync,
            ClassicRoutes.Act(
                "Change what others see; what is not sent stays",
                Account,
                ClassicRoutes.Text(
                    "name",
                    "Display name, 1 to 50 characters.",
                    false,
                    1,
                    DisplayName.MaxLength
                ),
                ClassicRoutes.Text(
                    "bio",
                    "A few words about oneself; may be empty.",
                    false,
                    0,
                    Bio.MaxLength
                ),
                new FieldDoc(
                    "indexable",
                    FieldType.Flag,
                    FieldPlace.Body,
                    "Whether strangers may find what one posts by searching; true at first.",
                    false
                ),
                new FieldDoc(
                    "locked",
                    FieldType.Flag,
                    FieldPlace.Body,
                    "Whether who wants to follow has to ask; false at first.",
                    false
                )
            )
        );
        routes.MapClassic(
            "POST",
            "delete_account",
            DeleteAsync,
            ClassicRoutes.Act(
                "Delete the account with all that hangs on it",
                "{}",
                ClassicRoutes.Text("password", "The account's password.")
            ) with
            {
                Limit = RouteLimit.Passwords,
            }
        );
        routes.MapClassic(
            "GET",
            "user",
            GetAsync,
            new RouteDoc("One account, by `user_id` or by `username`", AuthKind.OptionalToken)
            {
                Fields =
                [
                    ClassicRoutes.Token,
                    ClassicRoutes.User with
                    {
                        Required = false,
                    },
                    new("username", FieldType.Text, FieldPlace.Query, "Its handle.", false),
                ],
                Answers = [new(200, "The account", Account), new(404, "There is none")],
            }
        );
    }

    private async Task<Problem?> ChangePasswordAsync(HttpContext context)
    {
        var fields = await RequestFields.ReadAsync(context);
        var caller = await callers.RequireAsync(context, fields);
        if (!caller.Succeeded)
        {
            return caller.Problem;
        }

        var request = new ChangePasswordRequest(
            caller.Value,
            Callers.TokenOf(context, fields)!,
            fields.Text("password"),
            fields.Text("new_password")
        );
        return fields.Problem
            ?? await context.AnswerEmptyAsync(
                await changePassword.HandleAsync(request, context.RequestAborted)
            );
    }

    private async Task<Problem?> EditProfileAsync(HttpContext context)
    {
        var fields = await RequestFields.ReadAsync(context);
        var caller = await callers.RequireAsync(context, fields);
        if (!caller.Succeeded)
        {
            return caller.Problem;
        }

        var edit = new ProfileEdit(
            caller.Value,
            fields.OptionalText("name", min: 0),
            fields.OptionalText("bio", min: 0),
            fields.OptionalFlag("indexable")
        )
        {
            IsLocked = fields.OptionalFlag("locked"),
        };
        return fields.Problem
            ?? await context.AnswerAsync(
                200,
                await editProfile.HandleAsync(edit, context.RequestAborted),
                WriteAccount
            );
    }

    private async Task<Problem?> DeleteAsync(HttpContext context)
    {
        var fields = await RequestFields.ReadAsync(context);
        var caller = await callers.RequireAsync(context, fields);
        if (!caller.Succeeded)
        {
            return caller.Problem;
        }

        var password = fields.Text("password");
        return fields.Problem
            ?? await context.AnswerEmptyAsync(
                await delete.HandleAsync(caller.Value, password, context.RequestAborted)
            );
    }

    private async Task<Problem?> GetAsync(HttpContext context)
    {
        var fields = RequestFields.OfQuery(context);
        var caller = await callers.OptionalAsync(context, fields);
        var name = fields.OptionalText("username");
        var id = name is null ? fields.Account("user_id") : default;
        if ((caller.Problem ?? fields.Problem) is { } wrong)
        {
            return wrong;
        }

        var found = name is null
            ? await find.ByIdAsync(id, "user_id", context.RequestAborted)
            : await find.ByUsernameAsync(name, "username", context.RequestAborted);
        return await context.AnswerAsync(200, found, WriteAccount);
    }

    private static void WriteAccount(Utf8JsonWriter json, AccountCard account)
    {
        json.WriteStartObject();
        json.WriteWho(account);
        json.WriteString("bio", account.Bio);
        json.WriteClassicTime("created_at", account.CreatedAt);
        json.WriteNumber("post_count", account.Counts.Posts);
        json.WriteNumber("follower_count", account.Counts.Followers);
        json.WriteNumber("following_count", account.Counts.Following);
        json.WriteBoolean("indexable", account.IsIndexable);
        json.WriteBoolean("locked", account.IsLocked);
        json.WriteEndObject();
    }
}
