using Microsoft.Extensions.Options;
using Rookery.Adapters.Redis;
using Rookery.Timelines;

namespace Rookery.Server.Composition;

/// <summary>What Redis needs beside the stores that it serves.</summary>
internal static class RedisStores
{
    /// <summary>From about here one post costs more to push than to merge; where there is no Redis, nothing is pushed.</summary>
    private const int MergeAtReadAbove = 10_000;

    public static IServiceCollection AddRedis(this IServiceCollection services)
    {
        services
            .AddOptions<RedisOptions>()
            .BindConfiguration(RedisOptions.Section)
            .ValidateAnnotations(RedisOptions.Section)
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
            .AddHostedService<TellRates>()
            .AddSingleton(provider =>
                (ITimelineParts)provider.GetRequiredService<ITimelineStore>()
            );
    }
}
