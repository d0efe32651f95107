using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Template;
using Microsoft.Extensions.DependencyInjection;

namespace Rookery.Api.Mastodon;

/// <summary>How every route of Mastodon's part of the client API is mapped.</summary>
internal static class MastodonRoutes
{
    private const string Tag = "Mastodon API";

    public static FieldDoc Token { get; } =
        new(
            Callers.AccessToken,
            FieldType.Text,
            FieldPlace.Query,
            "The token, unless it stands in the Authorization header.",
            false
        )
        {
            IsLenient = true,
        };

    /// <summary>The four fields that page a list.</summary>
    public static IReadOnlyList<FieldDoc> PageFields(int count, int max) =>
        [
            SearchDoc.Lenient(
                "limit",
                FieldType.Integer,
                $"How many; {count} when not given, {max} at most."
            ),
            SearchDoc.Lenient("max_id", FieldType.Id, "Only what is strictly older."),
            SearchDoc.Lenient(
                "since_id",
                FieldType.Id,
                "Only what is strictly newer, from the top."
            ),
            SearchDoc.Lenient("min_id", FieldType.Id, "The page just above this id."),
        ];

    public static void MapMastodon(
        this IEndpointRouteBuilder routes,
        string method,
        string path,
        Handler handler,
        RouteDoc doc
    ) =>
        Endpoints.Map(
            routes,
            method,
            path,
            handler,
            doc with
            {
                Tag = Tag,
                InvalidStatus = 422,
                IsForBrowsers = true,
            }
        );

    /// <summary>Whether some method of the path that was asked is Mastodon's.</summary>
    public static bool IsPath(HttpContext context) =>
        context
            .RequestServices.GetRequiredService<EndpointDataSource>()
            .Endpoints.OfType<RouteEndpoint>()
            .Any(route =>
                route.Metadata.GetMetadata<RouteDoc>() is { IsForBrowsers: true }
                && new TemplateMatcher(
                    new RouteTemplate(route.RoutePattern),
                    new RouteValueDictionary()
                ).TryMatch(context.Request.Path, new RouteValueDictionary())
            );
}
