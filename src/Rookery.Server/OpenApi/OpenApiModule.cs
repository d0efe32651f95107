using Microsoft.OpenApi;
using Rookery.Api;

namespace Rookery.Server.OpenApi;

internal static class OpenApiModule
{
    public const string Path = "/openapi/v1.json";
    public const string DocumentName = "v1";

    /// <param name="elsewhere">What declares the routes of roles that other processes run.</param>
    public static IServiceCollection AddRookeryOpenApi(
        this IServiceCollection services,
        params IReadOnlyList<Action<IEndpointRouteBuilder>> elsewhere
    )
    {
        services.AddOpenApi(
            DocumentName,
            options =>
            {
                options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
                options.AddDocumentTransformer<RouteDocTransformer>();
            }
        );
        return services
            .AddSingleton(provider => new RoutesElsewhere(provider, elsewhere))
            .AddSingleton<OpenApiFile>();
    }

    public static IEndpointConventionBuilder MapRookeryOpenApi(this IEndpointRouteBuilder routes)
    {
        var file = routes.ServiceProvider.GetRequiredService<OpenApiFile>();
        return Endpoints.Map(
            routes,
            "GET",
            Path,
            file.AnswerAsync,
            new("This description of every route, as OpenAPI 3.1", AuthKind.None)
            {
                Tag = "Operation",
                Answers = [new(200, "The document")],
            }
        );
    }
}
