using System.Text;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Rookery.Wire;
using Rookery.Wire.Redis;

namespace Rookery.Adapters.Redis;

/// <summary>
/// Limits that all processes with this Redis share: a key for each limit and caller. Every process counts what it grants itself too, so that is what
/// holds where Redis is away or slow, and what refuses most of a flood without a round trip.
/// </summary>
internal sealed partial class RedisRateLimits(
    RedisConnection connection,
    IOptions<RedisOptions> options,
    TimeProvider time,
    ILogger<RedisRateLimits> logger
) : IRateLimits
{
    /// <summary>Callers that others are to be told of. Beyond, they are told of when they have used up more.</summary>
    private const int MostUntold = 4096;

    /// <summary>Told of in one go.</summary>
    private const int AtATime = 128;

    private readonly TimeSpan _patience = TimeSpan.FromMilliseconds(
        options.Value.LimitPatienceMilliseconds
    );

    private readonly SilentSources _silent = new(time);
    private readonly Channel<(RedisRateLimit Limit, RateKey Key)> _untold = Channel.CreateBounded<(
        RedisRateLimit,
        RateKey
    )>(
        new BoundedChannelOptions(MostUntold)
        {
            FullMode = BoundedChannelFullMode.DropWrite,
            SingleReader = true,
        }
    );

    private int _isAlone;

    public IRateLimit Open(RateTerms terms) =>
        new RedisRateLimit(
            this,
            terms,
            new RateLimiter(time, terms.Permits, terms.Window),
            Encoding.ASCII.GetBytes($"{options.Value.KeyPrefix}:limit:{terms.Name}:")
        );

    /// <summary>Has others told how many the limit has granted to the key; soon, and nobody waits for it.</summary>
    public void TellSoon(RedisRateLimit limit, RateKey key) =>
        _untold.Writer.TryWrite((limit, key));

    /// <summary>Null where there is no answer in time.</summary>
    public async ValueTask<long?> AskAsync(
        byte[] key,
        RedisCommand command,
        CancellationToken token
    )
    {
        RedisSource? source = null;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(token);
        patience.CancelAfter(_patience);
        try
        {
            source = connection.Client.SourceOf(key);
            if (!_silent.MayAsk(source))
            {
                return null;
            }

            var reply = await connection.Client.SendAsync(command, patience.Token);
            var answer = reply.OrThrow().AsInteger();
            _silent.NoteAnswered(source);
            NoteTogether();
            return answer;
        }
        catch (Exception fault) when (fault is WireException or StoreUnavailableException)
        {
            NoteAlone(fault.Message);
        }
        catch (OperationCanceledException) when (!token.IsCancellationRequested)
        {
            _silent.NoteLate(source);
            NoteAlone($"It does not answer within {_patience.TotalMilliseconds} ms.");
        }

        return null;
    }

    /// <summary>Tells others for as long as it is let. One at a time: a flood is told of in large steps.</summary>
    public async Task TellAsync(CancellationToken stop)
    {
        var telling = new List<Task>(AtATime);
        while (await _untold.Reader.WaitToReadAsync(stop))
        {
            while (telling.Count < AtATime && _untold.Reader.TryRead(out var one))
            {
                telling.Add(one.Limit.TellAsync(one.Key, stop));
            }

            await Task.WhenAll(telling);
            telling.Clear();
        }
    }

    private void NoteAlone(string why)
    {
        if (Interlocked.Exchange(ref _isAlone, 1) == 0)
        {
            Alone(logger, why);
        }
    }

    private void NoteTogether()
    {
        if (Volatile.Read(ref _isAlone) != 0 && Interlocked.Exchange(ref _isAlone, 0) != 0)
        {
            Together(logger);
        }
    }

    [LoggerMessage(
        1,
        LogLevel.Warning,
        "Limits are not counted together with other processes: Redis cannot be asked. {Why}"
    )]
    private static partial void Alone(ILogger logger, string why);

    [LoggerMessage(2, LogLevel.Information, "Limits are counted together with other processes")]
    private static partial void Together(ILogger logger);
}
