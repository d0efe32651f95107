using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Rookery.Api.Service;
using Rookery.Telemetry;

namespace Rookery.Api;

/// <summary>What this process measures of itself, for Prometheus. It tells nobody else how much is going on here.</summary>
internal sealed class MetricsApi(
    Measurements measurements,
    ServiceAccess service,
    IOptions<TelemetryOptions> options
)
{
    private readonly BearerKey? _key = options.Value.Key is { Length: > 0 } key
        ? new BearerKey(key)
        : null;

    /// <summary>From here on everything is counted.</summary>
    public static void Map(IEndpointRouteBuilder routes)
    {
        var api = ActivatorUtilities.CreateInstance<MetricsApi>(routes.ServiceProvider);
        Endpoints.Map(
            routes,
            "GET",
            "/metrics",
            api.AnswerAsync,
            new("What the process measures of itself, in Prometheus' format", AuthKind.ServiceKey)
            {
                Tag = "Operation",
                Answers = [new(200, "All metrics", ContentType: PrometheusText.ContentType)],
            }
        );
    }

    private async Task<Problem?> AnswerAsync(HttpContext context)
    {
        if (!service.IsTrusted(context) && _key?.IsSentWith(context.Request) != true)
        {
            return Problem.Unauthenticated(
                "Metrics need the service key, or the key of the setting Metrics:Key: send it as `Authorization: Bearer KEY`. The server prints at start where it keeps the service key."
            );
        }

        await JsonAnswer.SendAsync(
            context,
            StatusCodes.Status200OK,
            PrometheusText.ContentType,
            PrometheusText.Write(measurements.Read())
        );
        return null;
    }
}
