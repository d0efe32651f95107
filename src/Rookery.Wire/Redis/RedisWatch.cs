using Rookery.Wire.Resp;

namespace Rookery.Wire.Redis;

/// <summary>The first round trip of a transaction: WATCH, and reads behind it.</summary>
internal sealed class RedisWatch
{
    private readonly RedisCommand _watch;
    private readonly RedisBatch? _reads;

    private RedisWatch(RedisCommand watch, RedisBatch? reads) => (_watch, _reads) = (watch, reads);

    public int Slot => _watch.Slot;

    /// <exception cref="ArgumentException">There is no key, or they are in different slots.</exception>
    public static RedisWatch Of(RedisArg[] keys, RedisBatch? reads)
    {
        if (keys.Length == 0)
        {
            throw new ArgumentException("No key is given.", nameof(keys));
        }

        var slots = keys.Select(key => RedisCommand.WriteKey(new WireBuffer(), key)).Distinct();
        return slots.Count() == 1
            ? new RedisWatch(RedisCommand.Of("WATCH", keys[0], keys.AsSpan(1)), reads)
            : throw new ArgumentException("The keys are in different slots.", nameof(keys));
    }

    /// <summary>The reply to WATCH, after the reads have theirs.</summary>
    public async Task<RedisReply> RunAsync(RedisTransaction transaction, CancellationToken stop)
    {
        try
        {
            var watching = transaction.SendAsync(_watch, stop);
            if (_reads is { Count: > 0 })
            {
                await transaction.SendAsync(_reads, stop);
            }

            return await watching;
        }
        catch (OperationCanceledException)
        {
            await transaction.DisposeAsync();
            throw;
        }
    }

    public static WireException Failed(in RedisReply reply) =>
        reply.Failure is { } failure
            ? new WireUnavailableException(failure.Message, neverSent: true, failure)
        : Redirect.Of(reply).Kind == RedirectKind.None
            ? new RespErrorException(reply.Unchecked.AsText())
        : new WireUnavailableException(
            $"The slot of the key cannot be watched now: {reply.Unchecked.AsText()}",
            neverSent: true
        );
}
