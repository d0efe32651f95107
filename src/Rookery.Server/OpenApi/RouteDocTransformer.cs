using System.Text.RegularExpressions;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Rookery.Api;

namespace Rookery.Server.OpenApi;

/// <summary>
/// Makes the paths of the document from the routes of all roles and each route's <see cref="RouteDoc"/>. Routes are plain request
/// delegates, which the framework's own explorer does not see; whatever it does see is thrown away.
/// </summary>
internal sealed partial class RouteDocTransformer(
    EndpointDataSource routes,
    RoutesElsewhere elsewhere
) : IOpenApiDocumentTransformer
{
    public Task TransformAsync(
        OpenApiDocument document,
        OpenApiDocumentTransformerContext context,
        CancellationToken cancellationToken
    )
    {
        document.Info = new()
        {
            Title = "Rookery",
            Version = "1",
            Description = "Accounts, follows, posts and home timelines.",
        };
        document.Paths = [];
        document.Tags = null;
        SharedParts.AddTo(document);
        foreach (
            var route in routes
                .Endpoints.OfType<RouteEndpoint>()
                .Concat(elsewhere.All())
                .OrderBy(PathOf, StringComparer.Ordinal)
                // The same document everywhere, whatever is served where.
                .ThenBy(MethodOf, StringComparer.Ordinal)
        )
        {
            AddRoute(document, route);
        }

        return Task.CompletedTask;
    }

    /// <summary>The path as OpenAPI spells it: <c>/users/{id}</c> without constraints and defaults.</summary>
    public static string PathOf(RouteEndpoint route) =>
        "/" + Parameter().Replace(route.RoutePattern.RawText ?? "", "{$1}").TrimStart('/');

    private static string? MethodOf(RouteEndpoint route) =>
        route.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods is [var first, ..]
            ? first
            : null;

    private static void AddRoute(OpenApiDocument document, RouteEndpoint route)
    {
        if (
            // What is for people, not for programs.
            route.Metadata.GetMetadata<IExcludeFromDescriptionMetadata>()
                is { ExcludeFromDescription: true }
            || route.Metadata.GetMetadata<RouteDoc>() is not { } doc
            || route.Metadata.GetMetadata<IHttpMethodMetadata>() is not { } methods
        )
        {
            return;
        }

        var path = PathOf(route);
        if (!document.Paths.TryGetValue(path, out var item))
        {
            item = new OpenApiPathItem { Operations = [] };
            document.Paths.Add(path, item);
        }

        // HEAD comes with every GET and says nothing of its own.
        foreach (var method in methods.HttpMethods.Where(method => method != HttpMethods.Head))
        {
            item.Operations!.Add(
                HttpMethod.Parse(method),
                OperationWriter.Write(document, path, doc)
            );
        }
    }

    [GeneratedRegex(@"\{\**(\w+)[^}]*\}")]
    private static partial Regex Parameter();
}
