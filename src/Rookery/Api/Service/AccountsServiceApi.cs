using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Rookery.Accounts;

namespace Rookery.Api.Service;

/// <summary>Accounts in the words of the service API: <c>/users</c> and <c>/user</c>.</summary>
internal sealed class AccountsServiceApi(
    CreateAccount create,
    FindAccount find,
    DeleteAccount delete
)
{
    private const string User = """{"id":1,"id_str":"1","name":"Ali","username":"ali"}""";

    private static readonly FieldDoc Name = new(
        "name",
        FieldType.Text,
        FieldPlace.Body,
        "Display name, 1 to 50 characters; the handle is derived from it.",
        true,
        1,
        50
    );

    private static readonly FieldDoc IdInPath = new(
        "id",
        FieldType.Id,
        FieldPlace.Path,
        "Which account."
    );

    public static void Map(IEndpointRouteBuilder routes) =>
        ActivatorUtilities
            .CreateInstance<AccountsServiceApi>(routes.ServiceProvider)
            .MapAll(routes);

    private void MapAll(IEndpointRouteBuilder routes)
    {
        routes.MapService(
            "POST",
            "/users",
            CreateAsync,
            new RouteDoc("Make an account without a password", AuthKind.ServiceKey)
            {
                Fields = [Name],
                Answers = [new(201, "The account", User)],
            }
        );
        routes.MapService(
            "GET",
            "/users/{id}",
            GetAsync,
            new RouteDoc("One account", AuthKind.ServiceKey)
            {
                Fields = [IdInPath],
                Answers = [new(200, "The account", User), new(404, "There is none")],
            }
        );
        routes.MapService(
            "DELETE",
            "/users/{id}",
            DeleteAsync,
            new RouteDoc(
                "Delete an account with all that hangs on it; deleting what is gone is fine",
                AuthKind.ServiceKey
            )
            {
                Fields = [IdInPath],
                Answers =
                [
                    new(200, "It is gone", "{}"),
                    new(404, "There never was such an account"),
                ],
            }
        );
        MapSmall(routes);
    }

    private void MapSmall(IEndpointRouteBuilder routes)
    {
        routes.MapService(
            "POST",
            "/user",
            CreateSmallAsync,
            new RouteDoc("Make an account without a password", AuthKind.ServiceKey)
            {
                Fields = [Name],
                Answers = [new(201, "Its id", """{"user_id":1,"user_id_str":"1"}""")],
            }
        );
        routes.MapService(
            "GET",
            "/user",
            GetSmallAsync,
            new RouteDoc("An account's display name", AuthKind.ServiceKey)
            {
                Fields = [new("user_id", FieldType.Id, FieldPlace.Query, "Which account.")],
                Answers =
                [
                    new(200, "Its name", """{"user_id":1,"user_id_str":"1","name":"Ali"}"""),
                    new(404, "There is none"),
                ],
            }
        );
        routes.MapService(
            "DELETE",
            "/user",
            DeleteSmallAsync,
            new RouteDoc(
                "Delete an account with all that hangs on it; deleting what is gone is fine",
                AuthKind.ServiceKey
            )
            {
                Fields = [new("user_id", FieldType.Id, FieldPlace.BodyOrQuery, "Which account.")],
                Answers =
                [
                    new(200, "It is gone", "{}"),
                    new(404, "There never was such an account"),
                ],
            }
        );
    }

    private async Task<Problem?> CreateAsync(HttpContext context) =>
        await context.AnswerAsync(201, await CreatedAsync(context), WriteUser);

    private async Task<Problem?> CreateSmallAsync(HttpContext context) =>
        await context.AnswerAsync(
            201,
            await CreatedAsync(context),
            static (json, account) =>
            {
                json.WriteStartObject();
                json.WriteId("user_id", account.Id);
                json.WriteEndObject();
            }
        );

    private async Task<Result<AccountCard>> CreatedAsync(HttpContext context)
    {
        var fields = await RequestFields.ReadAsync(context);
        var name = fields.Text("name");
        return fields.Problem is { } wrong
            ? wrong
            : await create.HandleAsync(name, context.RequestAborted);
    }

    private async Task<Problem?> GetAsync(HttpContext context)
    {
        var fields = RequestFields.OfQuery(context);
        var id = fields.PathAccount("id");
        return fields.Problem
            ?? await context.AnswerAsync(
                200,
                await find.ByIdAsync(id, "id", context.RequestAborted),
                WriteUser
            );
    }

    private async Task<Problem?> GetSmallAsync(HttpContext context)
    {
        var fields = RequestFields.OfQuery(context);
        var id = fields.Account("user_id");
        return fields.Problem
            ?? await context.AnswerAsync(
                200,
                await find.ByIdAsync(id, "user_id", context.RequestAborted),
                static (json, account) =>
                {
                    json.WriteStartObject();
                    json.WriteId("user_id", account.Id);
                    json.WriteString("name", account.DisplayName);
                    json.WriteEndObject();
                }
            );
    }

    private async Task<Problem?> DeleteAsync(HttpContext context)
    {
        var fields = await RequestFields.ReadAsync(context);
        return await DeletedAsync(context, fields, fields.PathAccount("id"), "id");
    }

    private async Task<Problem?> DeleteSmallAsync(HttpContext context)
    {
        var fields = await RequestFields.ReadAsync(context);
        return await DeletedAsync(context, fields, fields.Account("user_id"), "user_id");
    }

    private async Task<Problem?> DeletedAsync(
        HttpContext context,
        RequestFields fields,
        AccountId account,
        string field
    )
    {
        if (fields.Problem is { } wrong)
        {
            return wrong;
        }

        var deleted = await delete.HandleAsync(account, context.RequestAborted);
        return deleted.Succeeded
            ? await context.AnswerEmptyAsync(deleted)
            : deleted.Problem with
            {
                Field = field,
            };
    }

    private static void WriteUser(Utf8JsonWriter json, AccountCard account)
    {
        json.WriteStartObject();
        json.WriteId("id", account.Id);
        json.WriteString("name", account.DisplayName);
        json.WriteString("username", account.Username);
        json.WriteEndObject();
    }
}
