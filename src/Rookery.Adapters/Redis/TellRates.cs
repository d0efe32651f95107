using Microsoft.Extensions.Hosting;

namespace Rookery.Adapters.Redis;

/// <summary>The loop behind limits for which nobody waits, where they are counted in Redis.</summary>
internal sealed class TellRates(IRateLimits limits) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        limits is RedisRateLimits redis ? redis.TellAsync(stoppingToken) : Task.CompletedTask;
}
