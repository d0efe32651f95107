using Microsoft.AspNetCore.Routing;

namespace Rookery.Api.Classic;

/// <summary>How every route of the client API's own part is mapped, and the fields that many of them share.</summary>
internal static class ClassicRoutes
{
    public const string Tag = "Client API";
    public const string Root = "/api/v1/";

    public const string Entry =
        """{"tweet_id":"987","user_id":"123","username":"ana","name":"Ana","status":"hello world!","spoiler_text":"","sensitive":false,"created_at":"Wed Sep 05 00:37:15 +0000 2012","visibility":"public","in_reply_to":null,"in_reply_to_user_id":null,"media":[],"like_count":0,"repost_count":0,"reply_count":0,"liked":false,"reposted":false,"repost_of":null}""";

    public static FieldDoc User { get; } =
        new("user_id", FieldType.Id, FieldPlace.Query, "Which account.");

    public static FieldDoc Post { get; } =
        new("tweet_id", FieldType.Id, FieldPlace.Body, "Which post.");

    public static FieldDoc Token { get; } =
        new(
            "auth_token",
            FieldType.Text,
            FieldPlace.BodyOrQuery,
            "The token, unless it stands in the Authorization header.",
            false,
            1,
            Callers.LongestToken
        );

    public static FieldDoc Text(
        string name,
        string description,
        bool required = true,
        int? min = null,
        int? max = null
    ) => new(name, FieldType.Text, FieldPlace.Body, description, required, min, max);

    /// <summary>A route that acts for the token's account.</summary>
    public static RouteDoc Act(
        string summary,
        string answer,
        params IReadOnlyList<FieldDoc> fields
    ) =>
        new(summary, AuthKind.Token)
        {
            Fields = [Token, .. fields],
            Answers = [new(200, "Done", answer)],
        };

    public static void MapClassic(
        this IEndpointRouteBuilder routes,
        string method,
        string name,
        Handler handler,
        RouteDoc doc
    ) => Endpoints.Map(routes, method, Root + name, handler, doc with { Tag = Tag });
}
