using Microsoft.Extensions.DependencyInjection;

namespace Rookery.Sharing;

public static class SharingModule
{
    /// <summary>Needs an <see cref="ISharedCache"/>. Who reads posts and cards through it is the composition's matter.</summary>
    public static IServiceCollection AddSharing(this IServiceCollection services)
    {
        services
            .AddOptions<SharingOptions>()
            .BindConfiguration(SharingOptions.Section)
            .ValidateDataAnnotations()
            .ValidateOnStart();
        return services
            .AddSingleton(provider => new ChangesSeen(
                provider.GetRequiredService<ISharedCache>().Keeps
            ))
            .AddSingleton<ICommitObserver>(provider => provider.GetRequiredService<ChangesSeen>())
            .AddSingleton<SharedReads>()
            .AddHostedService<ReadPastChanges>();
    }
}
