using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Rookery.Timelines;
using Rookery.Wire.Redis;

namespace Rookery.Adapters.Redis;

/// <summary>What all that is done to lists shares: the client, the keys, the lengths, and batches to be used again.</summary>
internal sealed class TimelineSpace(
    RedisConnection connection,
    IOptions<RedisOptions> options,
    IOptions<TimelinesOptions> timelines
)
{
    /// <summary>A trim costs as much as thirty pushes, so it waits for that many more.</summary>
    public const int Slack = 128;

    /// <summary>Batches that nobody uses now; what is more is garbage.</summary>
    private const int MostBatches = 64;

    private readonly ConcurrentBag<RedisBatch> _batches = [];

    public RedisClient Client => connection.Client;

    public TimelineKeys Keys { get; } = new(options.Value.KeyPrefix, options.Value.Generation);

    public TimeSpan Patience { get; } =
        TimeSpan.FromMilliseconds(options.Value.PatienceMilliseconds);

    public int Length => timelines.Value.PushedLength;

    public int TrimAbove => Length + Slack;

    /// <summary>Trims should have come long before; a list that is being built for so long is not worth its memory.</summary>
    public int DropAbove => Math.Max(2 * Length, Length + 4 * Slack);

    public TimeSpan Lifetime => TimeSpan.FromDays(timelines.Value.PushedDays);

    public RedisBatch Rent() => _batches.TryTake(out var batch) ? batch : new RedisBatch();

    public void Return(RedisBatch batch)
    {
        if (_batches.Count < MostBatches)
        {
            batch.Clear();
            _batches.Add(batch);
        }
    }
}
