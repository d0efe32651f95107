using Microsoft.Extensions.DependencyInjection;

namespace Rookery.Telemetry;

public static class TelemetryModule
{
    public static IServiceCollection AddTelemetry(this IServiceCollection services)
    {
        services
            .AddOptions<TelemetryOptions>()
            .BindConfiguration(TelemetryOptions.Section)
            .ValidateAnnotations(TelemetryOptions.Section)
            .ValidateOnStart();
        return services.AddMetrics().AddSingleton<TelemetryEvents>().AddSingleton<Measurements>();
    }
}
