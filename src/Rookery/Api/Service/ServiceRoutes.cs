using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Rookery.Api.Service;

/// <summary>How every route of the service API is mapped: behind the key.</summary>
internal static class ServiceRoutes
{
    public const string Tag = "Service API";

    public static void MapService(
        this IEndpointRouteBuilder routes,
        string method,
        string path,
        Handler handler,
        RouteDoc doc,
        Func<HttpContext, Problem?>? refuseFirst = null
    )
    {
        var access = routes.ServiceProvider.GetRequiredService<ServiceAccess>();
        Endpoints.Map(
            routes,
            method,
            path,
            context =>
                (refuseFirst?.Invoke(context) ?? access.Refuse(context)) is { } refused
                    ? Task.FromResult<Problem?>(refused)
                    : handler(context),
            doc with
            {
                Tag = doc.Tag ?? Tag,
            }
        );
    }
}
