using Microsoft.Extensions.DependencyInjection;
using Rookery.Delivery;
using Rookery.Notifications;
using Rookery.Posts;

namespace Rookery.Live;

public static class LiveModule
{
    /// <summary>After what reads are made of: a post is told of when they know it.</summary>
    public static IServiceCollection AddLive(this IServiceCollection services)
    {
        services
            .AddOptions<LiveOptions>()
            .BindConfiguration(LiveOptions.Section)
            .ValidateDataAnnotations()
            .ValidateOnStart();
        return services
            .AddSingleton(parts => new LiveSource(
                parts.GetRequiredService<IPosts>(),
                parts.GetRequiredService<IEventSources>(),
                parts.GetRequiredService<INotifications>()
            ))
            .AddSingleton<ICommitObserver>(parts => parts.GetRequiredService<LiveSource>())
            .AddSingleton<LiveStreams>()
            .AddSingleton<RunLive>();
    }
}
