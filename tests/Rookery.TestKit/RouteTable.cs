using System.Text.Json;
using Microsoft.AspNetCore.Routing;
using Rookery.Api;
using Rookery.Server.OpenApi;
using Rookery.Web.Visits;

namespace Rookery.TestKit;

/// <summary>Compares the OpenAPI document with the routes that are really mapped.</summary>
internal static class RouteTable
{
    /// <summary>One sentence per difference; empty when the document tells exactly what there is.</summary>
    public static IReadOnlyList<string> Differences(EndpointDataSource routes, JsonElement document)
    {
        var described = document
            .GetProperty("paths")
            .EnumerateObject()
            .SelectMany(path =>
                path.Value.EnumerateObject()
                    .Select(operation => (Key(operation.Name, path.Name), operation.Value))
            )
            .ToDictionary();
        var mapped = routes
            .Endpoints.OfType<RouteEndpoint>()
            .Where(route => !IsHidden(route))
            .SelectMany(route =>
                (route.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? [])
                    .Where(method => method != "HEAD")
                    .Select(method => Key(method, RouteDocTransformer.PathOf(route)))
            )
            .ToHashSet();
        return
        [
            .. mapped.Except(described.Keys).Select(key => $"{key} is mapped but not described."),
            .. described.Keys.Except(mapped).Select(key => $"{key} is described but not mapped."),
            .. described
                .Where(one => !HasSummary(one.Value))
                .Select(one => $"{one.Key} has no summary."),
        ];
    }

    /// <summary>The paths that are kept out of the document on purpose.</summary>
    public static IReadOnlyList<string> Hidden(EndpointDataSource routes) =>
        [
            .. routes
                .Endpoints.OfType<RouteEndpoint>()
                .Where(IsHidden)
                .Select(RouteDocTransformer.PathOf),
        ];

    /// <summary>The paths of the site's pages, forms and files.</summary>
    public static IReadOnlyList<string> OfSite(EndpointDataSource routes) =>
        [
            .. routes
                .Endpoints.OfType<RouteEndpoint>()
                .Where(route => route.Metadata.GetMetadata<RouteDoc>()?.Tag == SiteRoutes.Tag)
                .Select(RouteDocTransformer.PathOf),
        ];

    private static bool IsHidden(RouteEndpoint route) =>
        route.Metadata.GetMetadata<IExcludeFromDescriptionMetadata>()
            is { ExcludeFromDescription: true };

    private static bool HasSummary(JsonElement operation) =>
        operation.TryGetProperty("summary", out var text)
        && !string.IsNullOrWhiteSpace(text.GetString());

    private static string Key(string method, string path) => $"{method.ToUpperInvariant()} {path}";
}
