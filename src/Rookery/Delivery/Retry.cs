using Microsoft.Extensions.Logging;

namespace Rookery.Delivery;

/// <summary>How long who failed waits before the next attempt, and waiting for stores that cannot be reached.</summary>
internal sealed partial class Retry(DeliveryOptions options, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    /// <summary>A store that is back is soon used again: trying costs it nothing.</summary>
    private static readonly TimeSpan LongestAbsence = TimeSpan.FromSeconds(5);

    /// <summary>Completes when the next attempt is due; the wait doubles with each.</summary>
    public Task AfterAsync(int attempt, CancellationToken token) =>
        WaitAsync(attempt, LongestWait, token);

    private Task WaitAsync(int attempt, TimeSpan longest, CancellationToken token)
    {
        var wait = TimeSpan.FromMilliseconds(
            options.FirstRetryMilliseconds * Math.Pow(2, Math.Min(attempt - 1, 16))
        );
        return Task.Delay(wait < longest ? wait : longest, time, token);
    }

    /// <summary>Does it, as often as it takes, until the store can be reached: that never counts as a failure.</summary>
    public Task WhileUnavailableAsync(string who, Func<Task> work, CancellationToken token) =>
        WhileUnavailableAsync(
            who,
            async () =>
            {
                await work();
                return Done.Instance;
            },
            token
        );

    public async Task<T> WhileUnavailableAsync<T>(
        string who,
        Func<Task<T>> work,
        CancellationToken token
    )
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await work();
            }
            catch (StoreUnavailableException fault)
            {
                if (attempt == 1)
                {
                    Waiting(logger, who, fault.Message);
                }

                await WaitAsync(attempt, LongestAbsence, token);
            }
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "{Who} waits for its store: {Why}")]
    private static partial void Waiting(ILogger logger, string who, string why);
}
