using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Rookery.Api;

namespace Rookery.Tests.Api;

/// <summary>How an endpoint is written: read fields, call the use case, present the answer or the problem.</summary>
internal sealed class ExampleApi
{
    private readonly ConcurrentDictionary<AccountId, string> _names = new();

    public static void Map(IEndpointRouteBuilder routes)
    {
        var api = new ExampleApi();
        Endpoints.Map(
            routes,
            "POST",
            "/users",
            api.CreateAsync,
            new("Create an account", AuthKind.ServiceKey)
            {
                Tag = "Example",
                Limit = RouteLimit.Writes,
                Fields =
                [
                    new("name", FieldType.Text, FieldPlace.Body, "Shown name.", Min: 1, Max: 50),
                ],
                Answers = [new(201, "The account", """{"id":1,"id_str":"1","name":"Ali"}""")],
            }
        );
        Endpoints.Map(
            routes,
            "GET",
            "/users/{id}",
            api.GetAsync,
            new("One account", AuthKind.None)
            {
                Fields = [new("id", FieldType.Id, FieldPlace.Path, "Which.")],
                Answers = [new(200, "The account")],
            }
        );
        Endpoints.Map(
            routes,
            "DELETE",
            "/users",
            api.DeleteAsync,
            new("Delete an account", AuthKind.ServiceKey)
            {
                Fields = [new("user_id", FieldType.Id, FieldPlace.BodyOrQuery, "Which.")],
                Answers = [new(200, "It is gone", "{}")],
            }
        );
    }

    private async Task<Problem?> CreateAsync(HttpContext context)
    {
        var fields = await RequestFields.ReadAsync(context);
        var name = fields.Text("name", max: 50);
        if (fields.Problem is { } wrong)
        {
            return wrong;
        }

        return await context.AnswerAsync(201, Create(name), WriteUser);
    }

    private Task<Problem?> GetAsync(HttpContext context)
    {
        var fields = RequestFields.OfQuery(context);
        var id = fields.PathAccount("id");
        return fields.Problem is { } wrong
            ? Task.FromResult<Problem?>(wrong)
            : context.AnswerAsync(200, Get(id), WriteUser);
    }

    private async Task<Problem?> DeleteAsync(HttpContext context)
    {
        var fields = await RequestFields.ReadAsync(context);
        var id = fields.Account("user_id");
        if (fields.Problem is { } wrong)
        {
            return wrong;
        }

        _names.TryRemove(id, out _);
        return await context.AnswerEmptyAsync<Done>(Done.Instance);
    }

    private Result<AccountId> Create(string name)
    {
        var id = new AccountId(_names.Count + 1);
        return _names.Values.Contains(name)
                ? Problem.Conflict("name", "This name is taken; choose another.")
            : _names.TryAdd(id, name) ? id
            : Problem.Unavailable("Try again.");
    }

    private Result<AccountId> Get(AccountId id) =>
        _names.ContainsKey(id) ? id : Problem.NoAccount(id, "id");

    private void WriteUser(Utf8JsonWriter json, AccountId id)
    {
        json.WriteStartObject();
        json.WriteId("id", id);
        json.WriteString("name", _names[id]);
        json.WriteEndObject();
    }
}
