using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Rookery.Telemetry;

namespace Rookery.Sharing;

public static class SharingModule
{
    /// <summary>Needs an <see cref="ISharedCache"/>. Who tells of commits, and who reads posts and cards through it is the composition's matter.</summary>
    public static IServiceCollection AddSharing(this IServiceCollection services)
    {
        services
            .AddOptions<SharingOptions>()
            .BindConfiguration(SharingOptions.Section)
            .ValidateAnnotations(SharingOptions.Section)
            .ValidateOnStart();
        // Where there is one database; several are told apart before.
        services.TryAddSingleton(provider =>
        {
            var source = SharedSource.Of(
                provider.GetRequiredService<ISharedCache>(),
                provider.GetRequiredService<ICommitLease>(),
                provider.GetRequiredService<TelemetryEvents>()
            );
            return new SharedSources(source, source);
        });
        return services.AddHostedService<ReadPastChanges>();
    }
}
