using Microsoft.AspNetCore.Routing;

namespace Rookery.Api.Mastodon;

/// <summary>How every route of Mastodon's part of the client API is mapped.</summary>
internal static class MastodonRoutes
{
    private const string Tag = "Mastodon API";

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
}
