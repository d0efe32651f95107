using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Rookery.Api;
using Rookery.Server.OpenApi;

namespace Rookery.SystemTests.Routes;

/// <summary>One method of one path, as the server itself declares it.</summary>
internal sealed record Route(string Method, string Path, RouteDoc Doc)
{
    public bool IsClient => Path.StartsWith("/api/", StringComparison.Ordinal);

    /// <summary>GET reads the query alone.</summary>
    public bool ReadsBody => Method != "GET";

    /// <summary>A file travels in multipart alone.</summary>
    public bool TakesFile => Doc.Fields.Any(one => one.Type == FieldType.File);

    /// <summary>Without a file it is nothing.</summary>
    public bool NeedsFile => Doc.Fields.Any(one => one is { Type: FieldType.File, Required: true });

    /// <summary>It answers with a WebSocket, to who asks for one.</summary>
    public bool IsSocket => Doc.Answers is [{ Status: 101 }, ..];

    /// <summary>What its fields travel in where it does not matter.</summary>
    public Carrier Body => TakesFile ? Carrier.Multipart : Carrier.Json;

    /// <summary>
    /// Every route of the public API. One without a description cannot be called rightly or wrongly on purpose, so it is refused.
    /// </summary>
    public static IReadOnlyList<Route> All(IServiceProvider services) =>
        [
            .. services
                .GetRequiredService<EndpointDataSource>()
                .Endpoints.OfType<RouteEndpoint>()
                .Where(endpoint =>
                    endpoint.Metadata.GetMetadata<IExcludeFromDescriptionMetadata>()
                        is not { ExcludeFromDescription: true }
                )
                .SelectMany(Of)
                .OrderBy(route => route.ToString(), StringComparer.Ordinal),
        ];

    public override string ToString() => $"{Method} {Path}";

    private static IEnumerable<Route> Of(RouteEndpoint endpoint)
    {
        var path = RouteDocTransformer.PathOf(endpoint);
        var doc =
            endpoint.Metadata.GetMetadata<RouteDoc>()
            ?? throw new InvalidOperationException($"{path} says nothing of itself.");
        return endpoint
            .Metadata.GetMetadata<IHttpMethodMetadata>()!
            .HttpMethods.Where(method => method != "HEAD")
            .Select(method => new Route(method, path, doc));
    }
}
