using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Rookery.Telemetry;

namespace Rookery.Api;

/// <summary>Something without which this process should get no requests.</summary>
public interface IReadiness
{
    /// <summary>A word; it stands in metrics.</summary>
    string Name { get; }

    /// <summary>Null when all is well; otherwise what is wrong, for an operator.</summary>
    string? Problem { get; }
}

/// <summary>What load balancers and operators ask.</summary>
internal sealed class HealthApi(
    IEnumerable<IReadiness> parts,
    IHostApplicationLifetime lifetime,
    TelemetryEvents telemetry
)
{
    private static readonly ReadOnlyMemory<byte> Ok = """{"status":"ok"}"""u8.ToArray();

    private readonly IReadiness[] _parts = [.. parts];

    public static void Map(IEndpointRouteBuilder routes) =>
        ActivatorUtilities.CreateInstance<HealthApi>(routes.ServiceProvider).MapAll(routes);

    private bool IsReady =>
        !lifetime.ApplicationStopping.IsCancellationRequested
        && Array.TrueForAll(_parts, part => part.Problem is null);

    private void MapAll(IEndpointRouteBuilder routes)
    {
        telemetry.ReadinessIs(
            () => IsReady,
            () => _parts.Select(part => (part.Name, part.Problem is null))
        );
        Endpoints.Map(
            routes,
            "GET",
            "/health/live",
            static context => AnswerAsync(context, Ok),
            Doc("The process answers")
        );
        Endpoints.Map(
            routes,
            "GET",
            "/health/ready",
            ReadyAsync,
            Doc("The process should get requests; 503 while it drains or cannot store")
        );
        Endpoints.Map(
            routes,
            "GET",
            "/status",
            static context => AnswerAsync(context, Ok),
            Doc("Health, as the small-server contract asks")
        );
    }

    private static RouteDoc Doc(string summary) =>
        new(summary, AuthKind.None)
        {
            Tag = "Operation",
            // A load balancer that gets no answer takes the server out.
            Limit = RouteLimit.None,
            Answers = [new(200, "It is well", """{"status":"ok"}""")],
        };

    private Task<Problem?> ReadyAsync(HttpContext context)
    {
        if (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            return Task.FromResult<Problem?>(Problem.Unavailable("The server is stopping."));
        }

        foreach (var part in _parts)
        {
            if (part.Problem is { } wrong)
            {
                return Task.FromResult<Problem?>(Problem.Unavailable(wrong));
            }
        }

        return AnswerAsync(context, Ok);
    }

    private static async Task<Problem?> AnswerAsync(HttpContext context, ReadOnlyMemory<byte> body)
    {
        await JsonAnswer.SendAsync(context, 200, JsonAnswer.ContentType, body);
        return null;
    }
}
