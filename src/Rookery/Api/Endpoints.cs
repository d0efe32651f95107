using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

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
        var parts = routes.ServiceProvider;
        var limits = parts.GetRequiredService<RequestLimits>();
        var freshness = parts.GetRequiredService<Freshness>();
        var route = Bounded(doc, method);
        var body = new BodyLimit(route.MaxBodyBytes!.Value, parts.GetRequiredService<BodyBudget>());
        var mapped = routes
            .MapMethods(
                path,
                MethodsOf(method),
                context => RunAsync(context, handler, route, limits, freshness)
            )
            .Describe(route);
        mapped.Add(endpoint => endpoint.Metadata.Add(body));
        return mapped;
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

    /// <summary>No route is without limits: what it does not say follows from its method and from who may call it.</summary>
    private static RouteDoc Bounded(RouteDoc doc, string method) =>
        doc with
        {
            Limit =
                doc.Limit
                ?? (
                    doc.Auth == AuthKind.ServiceKey ? RouteLimit.None
                    : method == HttpMethods.Get ? RouteLimit.Reads
                    : RouteLimit.Writes
                ),
            MaxBodyBytes =
                doc.MaxBodyBytes
                ?? (doc.Auth == AuthKind.ServiceKey ? BodyLimit.OfBackends : BodyLimit.Usual),
        };

    private static string[] MethodsOf(string method) =>
        method == HttpMethods.Get ? [HttpMethods.Get, HttpMethods.Head] : [method];

    private static async Task RunAsync(
        HttpContext context,
        Handler handler,
        RouteDoc route,
        RequestLimits limits,
        Freshness freshness
    )
    {
        if (route.Auth != AuthKind.None)
        {
            context.Response.Headers.CacheControl = "no-store";
        }

        if (route.IsForBrowsers)
        {
            BrowserAccess.Allow(context.Response);
        }

        var refused =
            await limits.RefuseAddressAsync(context, route)
            ?? (freshness.IsCertain ? null : await freshness.RefuseAsync(context, route));
        if ((refused ?? await handler(context)) is { } problem)
        {
            await ProblemResponses.WriteAsync(context, problem);
        }
    }
}
