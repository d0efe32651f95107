using Microsoft.Extensions.Options;
using Rookery.Adapters.Logs;
using Rookery.Adapters.Otlp;
using Rookery.Telemetry;

namespace Rookery.Server.Composition;

/// <summary>Where a server's metrics go by themselves.</summary>
internal static class Metrics
{
    /// <summary>Adds the collector that the settings name.</summary>
    /// <param name="roles">Those of this process, as they were asked for.</param>
    public static void AddMetricsCollector(this WebApplicationBuilder builder, string? roles)
    {
        const string setting = $"{TelemetryOptions.Section}:{nameof(TelemetryOptions.Otlp)}";
        if (!string.IsNullOrEmpty(builder.Configuration[setting]))
        {
            builder.Services.AddHostedService(parts => Make(parts, roles));
        }
    }

    private static SendMetrics Make(IServiceProvider parts, string? roles)
    {
        var options = parts.GetRequiredService<IOptions<TelemetryOptions>>().Value;
        // The same as in its lines, so that they are found together.
        var source = Logs.SourceOf(parts.GetRequiredService<IOptions<LogsOptions>>().Value, roles);
        var resource = new Dictionary<string, string>
        {
            ["service.name"] = LogSource.Product,
            ["service.instance.id"] = source.Instance,
            ["rookery.role"] = source.Roles,
            ["host.name"] = source.Host,
        };
        return new SendMetrics(
            options.Otlp,
            TimeSpan.FromSeconds(options.OtlpSeconds),
            parts.GetRequiredService<Measurements>(),
            resource,
            parts.GetRequiredService<TimeProvider>(),
            parts.GetRequiredService<ILogger<SendMetrics>>()
        );
    }
}
