using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Rookery.Api;

/// <summary>
/// An endpoint: reads its fields, calls its use case, presents the answer. Returns the problem that kept it from
/// answering, or null when it has answered.
/// </summary>
internal delegate Task<Problem?> Handler(HttpContext context);

/// <summary>How every route of the service and client APIs is mapped.</summary>
internal static class Endpoints
{
    /// <summary>
    /// Maps one method of one path. GET answers HEAD too. What a caller had to prove himself for is never stored by a
    /// cache: any route that looks at a token or key answers <c>no-store</c>.
    /// </summary>
    public static IEndpointConventionBuilder Map(
        IEndpointRouteBuilder routes,
        string method,
        string path,
        Handler handler,
        RouteDoc doc
    )
    {
        var isPublic = doc.Auth == AuthKind.None;
        return routes
            .MapMethods(path, MethodsOf(method), context => RunAsync(context, handler, isPublic))
            .Describe(doc);
    }

    /// <summary>Says what a route is that is mapped in another way.</summary>
    public static IEndpointConventionBuilder Describe(
        this IEndpointConventionBuilder route,
        RouteDoc doc
    )
    {
        route.Add(endpoint =>
        {
            endpoint.Metadata.Add(doc);
            endpoint.DisplayName = doc.Summary;
        });
        return route;
    }

    private static string[] MethodsOf(string method) =>
        method == HttpMethods.Get ? [HttpMethods.Get, HttpMethods.Head] : [method];

    private static async Task RunAsync(HttpContext context, Handler handler, bool isPublic)
    {
        if (!isPublic)
        {
            context.Response.Headers.CacheControl = "no-store";
        }

        if (await handler(context) is { } problem)
        {
            await ProblemResponses.WriteAsync(context, problem);
        }
    }
}
