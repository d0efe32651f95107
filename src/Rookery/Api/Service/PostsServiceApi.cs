using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Rookery.Accounts;
using Rookery.Posts;

namespace Rookery.Api.Service;

/// <summary>Posts in the words of the service API: <c>/tweets</c> and <c>/tweet/{user_id}</c>.</summary>
internal sealed class PostsServiceApi(
    AcceptPost accept,
    DeletePost delete,
    IPosts posts,
    IAccounts accounts
)
{
    private const string Tweet =
        """{"id":7,"id_str":"7","user_id":1,"user_id_str":"1","content":"Hello, this is my first tweet!","created_at":"2026-01-02T03:04:05.678Z"}""";

    private static readonly FieldDoc UserInBody = new(
        "user_id",
        FieldType.Id,
        FieldPlace.Body,
        "Who posts."
    );

    private static readonly FieldDoc UserInPath = new(
        "user_id",
        FieldType.Id,
        FieldPlace.Path,
        "Whose posts."
    );

    private static readonly FieldDoc TweetInPath = new(
        "id",
        FieldType.Id,
        FieldPlace.Path,
        "Which post."
    );

    public static void Map(IEndpointRouteBuilder routes) =>
        ActivatorUtilities.CreateInstance<PostsServiceApi>(routes.ServiceProvider).MapAll(routes);

    private void MapAll(IEndpointRouteBuilder routes)
    {
        routes.MapService(
            "POST",
            "/tweets",
            PostAsync,
            new RouteDoc("Post for an account", AuthKind.ServiceKey)
            {
                Fields =
                [
                    UserInBody,
                    TextField("content", "The text; `body` is accepted for it."),
                    .. WarningFields.All,
                ],
                Answers = [new(201, "The post", Tweet), new(404, "There is no such account")],
            }
        );
        routes.MapService(
            "GET",
            "/tweets/{id}",
            GetAsync,
            new RouteDoc("One post", AuthKind.ServiceKey)
            {
                Fields = [TweetInPath],
                Answers = [new(200, "The post", Tweet), new(404, "There is no such post")],
            }
        );
        routes.MapService(
            "DELETE",
            "/tweets/{id}",
            DeleteAsync,
            new RouteDoc("Delete a post; deleting what is gone is fine", AuthKind.ServiceKey)
            {
                Fields = [TweetInPath],
                Answers = [new(200, "It is gone", "{}"), new(404, "There never was such a post")],
            }
        );
        routes.MapService(
            "POST",
            "/tweet/{user_id}",
            PostForUserAsync,
            new RouteDoc("Post for an account", AuthKind.ServiceKey)
            {
                Fields = [UserInPath, TextField("tweet", "The text."), .. WarningFields.All],
                Answers =
                [
                    new(201, "The post's id", """{"tweet_id":9,"tweet_id_str":"9"}"""),
                    new(404, "There is no such account"),
                ],
            }
        );
        routes.MapService(
            "DELETE",
            "/tweet/{user_id}",
            DeleteForUserAsync,
            new RouteDoc(
                "Delete a post of an account; deleting what is gone is fine",
                AuthKind.ServiceKey
            )
            {
                Fields =
                [
                    UserInPath,
                    new("tweet_id", FieldType.Id, FieldPlace.BodyOrQuery, "Which post."),
                ],
                Answers =
                [
                    new(200, "It is gone", "{}"),
                    new(403, "The post is another account's"),
                    new(404, "There never was such a post or account"),
                ],
            }
        );
    }

    private async Task<Problem?> PostAsync(HttpContext context)
    {
        var fields = await RequestFields.ReadAsync(context);
        var author = fields.Account("user_id");
        var alias = fields.Has("content") ? null : "body";
        var text = fields.Text("content", alias: alias);
        var request = new PostRequest(
            author,
            text,
            alias is null || !fields.Has("body") ? "content" : "body"
        );
        var accepted = await AcceptAsync(context, fields, request);
        return await context.AnswerAsync(201, accepted, WriteTweet);
    }

    private async Task<Problem?> PostForUserAsync(HttpContext context)
    {
        var fields = await RequestFields.ReadAsync(context);
        var request = new PostRequest(fields.PathAccount("user_id"), fields.Text("tweet"), "tweet");
        var accepted = await AcceptAsync(context, fields, request);
        return await context.AnswerAsync(
            201,
            accepted,
            static (json, post) =>
            {
                json.WriteStartObject();
                json.WriteId("tweet_id", post.Id);
                json.WriteEndObject();
            }
        );
    }

    private async Task<Problem?> GetAsync(HttpContext context)
    {
        var fields = RequestFields.OfQuery(context);
        var id = fields.PathPost("id");
        if (fields.Problem is { } wrong)
        {
            return wrong;
        }

        var found = await posts.GetManyAsync(new[] { id }, context.RequestAborted);
        // Where accounts has a database of its own, posts may not have been told yet that one is gone.
        return
            found.Count == 0
            || await NoSuchAccountAsync(found[0].Author, context.RequestAborted) is not null
            ? Problem.NoPost(id, "id")
            : await context.AnswerValueAsync(200, found[0], WriteTweet);
    }

    private async Task<Problem?> DeleteAsync(HttpContext context)
    {
        var fields = await RequestFields.ReadAsync(context);
        var id = fields.PathPost("id");
        if (fields.Problem is { } wrong)
        {
            return wrong;
        }

        var deleted = await delete.HandleAsync(id, null, context.RequestAborted);
        return deleted.Succeeded
            ? await context.AnswerEmptyAsync(deleted)
            // Here the post's only name is id.
            : deleted.Problem with
            {
                Field = "id",
            };
    }

    private async Task<Problem?> DeleteForUserAsync(HttpContext context)
    {
        var fields = await RequestFields.ReadAsync(context);
        var author = fields.PathAccount("user_id");
        var id = fields.Post("tweet_id");
        return fields.Problem
            ?? await NoSuchAccountAsync(author, context.RequestAborted)
            ?? await context.AnswerEmptyAsync(
                await delete.HandleAsync(id, author, context.RequestAborted)
            );
    }

    private async Task<Result<Post>> AcceptAsync(
        HttpContext context,
        RequestFields fields,
        PostRequest request
    )
    {
        request = request with
        {
            IdempotencyKey = context.Request.Headers["Idempotency-Key"],
            Warning = WarningFields.WarningOf(fields),
            IsSensitive = WarningFields.IsSensitive(fields),
        };
        if (fields.Problem is { } wrong)
        {
            return wrong;
        }

        if (await NoSuchAccountAsync(request.Author, context.RequestAborted) is { } nobody)
        {
            return nobody;
        }

        var accepted = await accept.HandleAsync(request, context.RequestAborted);
        return accepted.Succeeded ? accepted.Value.Post : accepted.Problem;
    }

    private async ValueTask<Problem?> NoSuchAccountAsync(AccountId account, CancellationToken token)
    {
        var unknown = await accounts.UnknownAsync(new[] { account }, token);
        return unknown.Count > 0 ? Problem.NoAccount(account, "user_id") : null;
    }

    private static FieldDoc TextField(string name, string description) =>
        new(name, FieldType.Text, FieldPlace.Body, description, true, 1, 500);

    private static void WriteTweet(Utf8JsonWriter json, Post post)
    {
        json.WriteStartObject();
        json.WriteId("id", post.Id);
        json.WriteId("user_id", post.Author);
        json.WriteString("content", post.Text);
        WarningFields.Write(json, post);
        json.WriteIsoTime("created_at", post.Id.CreatedAt);
        json.WriteEndObject();
    }
}
