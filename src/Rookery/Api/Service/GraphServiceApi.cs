using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Rookery.Graph;

namespace Rookery.Api.Service;

/// <summary>The graph in the words of the service API: <c>/follow/{follower_id}</c> and <c>/followers</c>.</summary>
internal sealed class GraphServiceApi(
    FollowAccount follow,
    UnfollowAccount unfollow,
    ListMembers list,
    StreamFollows stream
)
{
    private static readonly FieldDoc Follower = new(
        "follower_id",
        FieldType.Id,
        FieldPlace.Path,
        "Who follows."
    );

    public static void Map(IEndpointRouteBuilder routes) =>
        ActivatorUtilities.CreateInstance<GraphServiceApi>(routes.ServiceProvider).MapAll(routes);

    private void MapAll(IEndpointRouteBuilder routes)
    {
        routes.MapService(
            "POST",
            "/follow/{follower_id}",
            FollowAsync,
            new RouteDoc(
                "Follow, or ask whether one may where the account is locked; following twice is fine",
                AuthKind.ServiceKey
            )
            {
                Fields = [Follower, Followee(FieldPlace.Body)],
                Answers = Answers("It is followed, or asked"),
            }
        );
        routes.MapService(
            "DELETE",
            "/follow/{follower_id}",
            UnfollowAsync,
            new RouteDoc(
                "Unfollow, or take back what was asked; what is not followed is fine",
                AuthKind.ServiceKey
            )
            {
                Fields = [Follower, Followee(FieldPlace.BodyOrQuery)],
                Answers = Answers("It is not followed"),
            }
        );
        routes.MapService(
            "GET",
            "/follow/{follower_id}",
            FolloweesAsync,
            new RouteDoc(
                "Whom an account follows: all by ascending id, or a page by descending id",
                AuthKind.ServiceKey
            )
            {
                Fields = [Follower, .. RouteDoc.PageFields],
                Answers =
                [
                    new(200, "The followees", """{"followees":[2,3],"followees_str":["2","3"]}"""),
                    new(404, "There is no such account"),
                ],
            }
        );
        routes.MapService(
            "GET",
            "/followers",
            FollowersAsync,
            new RouteDoc(
                "Who follows an account: all by ascending id, streamed, or a page by descending id",
                AuthKind.ServiceKey
            )
            {
                Fields =
                [
                    new("tweeter_id", FieldType.Id, FieldPlace.Query, "Whose followers."),
                    .. RouteDoc.PageFields,
                ],
                Answers =
                [
                    new(200, "The followers' ids", "[3,5]"),
                    new(404, "There is no such account"),
                ],
            }
        );
    }

    private static FieldDoc Followee(FieldPlace place) =>
        new("followee_id", FieldType.Id, place, "Who is followed.");

    private static IReadOnlyList<AnswerDoc> Answers(string done) =>
        [
            new(200, done, "{}"),
            new(403, "One of the two blocks the other"),
            new(404, "There is no such account"),
        ];

    private async Task<Problem?> FollowAsync(HttpContext context)
    {
        var fields = await RequestFields.ReadAsync(context);
        var (follower, followee) = (
            fields.PathAccount("follower_id"),
            fields.Account("followee_id")
        );
        return fields.Problem
            ?? await context.AnswerEmptyAsync(
                await follow.HandleAsync(follower, followee, context.RequestAborted)
            );
    }

    private async Task<Problem?> UnfollowAsync(HttpContext context)
    {
        var fields = await RequestFields.ReadAsync(context);
        var (follower, followee) = (
            fields.PathAccount("follower_id"),
            fields.Account("followee_id")
        );
        return fields.Problem
            ?? await context.AnswerEmptyAsync(
                await unfollow.HandleAsync(follower, followee, context.RequestAborted)
            );
    }

    private async Task<Problem?> FolloweesAsync(HttpContext context)
    {
        var fields = RequestFields.OfQuery(context);
        var account = fields.PathAccount("follower_id");
        var found = await FindAsync(context, fields, new FolloweesOf(account), "follower_id");
        if (!found.Succeeded)
        {
            return found.Problem;
        }

        var ids = new List<AccountId>();
        await foreach (var id in found.Value.WithCancellation(context.RequestAborted))
        {
            ids.Add(id);
        }

        return await context.AnswerValueAsync(200, ids, WriteFollowees);
    }

    private async Task<Problem?> FollowersAsync(HttpContext context)
    {
        var fields = RequestFields.OfQuery(context);
        var account = fields.Account("tweeter_id");
        var found = await FindAsync(context, fields, new FollowersOf(account), "tweeter_id");
        return found.Succeeded ? await context.AnswerIdsAsync(found.Value) : found.Problem;
    }

    /// <summary>The whole list as a stream, or the page that was asked for.</summary>
    private async ValueTask<Result<AsyncIds>> FindAsync(
        HttpContext context,
        RequestFields fields,
        FollowList of,
        string field
    )
    {
        var page = fields.Page();
        if (fields.Problem is { } wrong)
        {
            return wrong;
        }

        if (!IsPaged(fields))
        {
            var all = await stream.HandleAsync(of, field, context.RequestAborted);
            return all.Succeeded ? new AsyncIds(all.Value) : all.Problem;
        }

        var members = await list.HandleAsync(of, page, field, context.RequestAborted);
        return members.Succeeded
            ? new AsyncIds(members.Value.Accounts.ToAsyncEnumerable())
            : members.Problem;
    }

    private static bool IsPaged(RequestFields fields) =>
        fields.Has("count")
        || fields.Has("limit")
        || fields.Has("max_id")
        || fields.Has("since_id")
        || fields.Has("min_id");

    private static void WriteFollowees(Utf8JsonWriter json, List<AccountId> ids)
    {
        json.WriteStartObject();
        json.WriteStartArray("followees");
        foreach (var id in ids)
        {
            json.WriteNumberValue(id.Value);
        }

        json.WriteEndArray();
        json.WriteStartArray("followees_str");
        foreach (var id in ids)
        {
            json.WriteStringValue(id.ToString());
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private sealed class AsyncIds(IAsyncEnumerable<AccountId> ids) : IAsyncEnumerable<AccountId>
    {
        public IAsyncEnumerator<AccountId> GetAsyncEnumerator(
            CancellationToken cancellationToken = default
        ) => ids.GetAsyncEnumerator(cancellationToken);
    }
}
