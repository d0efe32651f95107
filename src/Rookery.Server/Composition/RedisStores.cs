using Microsoft.Extensions.Options;
using Rookery.Adapters.Memory;
using Rookery.Adapters.Redis;
using Rookery.Timelines;

namespace Rookery.Server.Composition;

/// <summary>Pushed timelines are in Redis where one is named, in memory otherwise.</summary>
internal static class RedisStores
{
    /// <summary>From about here one post costs more to push than to merge; where there is no Redis, nothing is pushed.</summary>
    private const int MergeAtReadAbove = 10_000;

    public static IServiceCollection AddRedis(this IServiceCollection services)
    {
        services
            .AddOptions<RedisOptions>()
            .BindConfiguration(RedisOptions.Section)
            .ValidateDataAnnotations()
            .ValidateOnStart();
        // Before what is set: that wins.
        services
            .AddOptions<TimelinesOptions>()
            .Configure<IOptions<RedisOptions>>(
                (timelines, redis) =>
                    timelines.MergeAtReadAbove = redis.Value.IsUsed ? MergeAtReadAbove : 0
            );
        return services
            .AddSingleton<RedisConnection>()
            .AddHostedService(provider => provider.GetRequiredService<RedisConnection>())
            .AddSingleton<ITimelineStore>(provider =>
                provider.GetRequiredService<IOptions<RedisOptions>>().Value.IsUsed
                    ? ActivatorUtilities.CreateInstance<RedisTimelineStore>(provider)
                    : ActivatorUtilities.CreateInstance<MemoryTimelineStore>(provider)
            )
            .AddSingleton(provider =>
                (ITimelineParts)provider.GetRequiredService<ITimelineStore>()
            );
    }
}
