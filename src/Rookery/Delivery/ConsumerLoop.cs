using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Rookery.Delivery;

/// <summary>
/// One consumer's queue: batches in, each acknowledged when every event in it was applied or is a dead letter. A batch that fails is
/// taken apart, so that one bad event costs nobody else more than its own attempts.
/// </summary>
internal sealed partial class ConsumerLoop(
    IEventConsumer consumer,
    IOutboxStore outbox,
    EventTypes events,
    DeliveryOptions options,
    TimeProvider time,
    ILogger logger
)
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    // Two batches: one in hand, one waiting. The relay behind it stops reading, and the outbox holds the rest.
    private readonly Channel<Delivery> _queue = Channel.CreateBounded<Delivery>(2);

    public string Name => consumer.Name;

    /// <summary>Completes when every event of the batch was applied or buried; true where none was buried.</summary>
    public async Task<bool> DeliverAsync(IReadOnlyList<Committed> batch, CancellationToken token)
    {
        var delivery = new Delivery(batch);
        await _queue.Writer.WriteAsync(delivery, token);
        return await delivery.Acknowledged.Task.WaitAsync(token);
    }

    public async Task RunAsync(CancellationToken token)
    {
        await foreach (var delivery in _queue.Reader.ReadAllAsync(token))
        {
            delivery.Acknowledged.TrySetResult(await ApplyAsync(delivery.Batch, token));
        }
    }

    private async Task<bool> ApplyAsync(IReadOnlyList<Committed> batch, CancellationToken token)
    {
        if (batch.Count == 0 || await TryAsync(batch, token) is null)
        {
            return true;
        }

        var applied = true;
        foreach (var happened in batch)
        {
            applied &= await ApplyAloneAsync(happened, token);
        }

        return applied;
    }

    private async Task<bool> ApplyAloneAsync(Committed happened, CancellationToken token)
    {
        for (var attempt = 1; ; attempt++)
        {
            if (await TryAsync([happened], token) is not { } fault)
            {
                return true;
            }

            if (attempt >= options.Attempts)
            {
                GaveUp(logger, fault, consumer.Name, happened.Sequence, attempt);
                await BuryAsync(happened, attempt, fault, token);
                return false;
            }

            await Task.Delay(WaitAfter(attempt), time, token);
        }
    }

    /// <summary>Null when it went well. An unreachable store is waited for here and never counts.</summary>
    private async Task<Exception?> TryAsync(IReadOnlyList<Committed> batch, CancellationToken token)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await consumer.HandleAsync(batch, token);
                return null;
            }
            catch (OperationCanceledException) when (token.IsCancellationRequested)
            {
                throw;
            }
            catch (StoreUnavailableException fault)
            {
                Waiting(logger, fault, consumer.Name);
                await Task.Delay(WaitAfter(attempt), time, token);
            }
#pragma warning disable CA1031 // A consumer's edge: the caller decides between another attempt and the dead letters.
            catch (Exception fault)
#pragma warning restore CA1031
            {
                return fault;
            }
        }
    }

    private TimeSpan WaitAfter(int attempt)
    {
        var wait = TimeSpan.FromMilliseconds(
            options.FirstRetryMilliseconds * Math.Pow(2, Math.Min(attempt - 1, 16))
        );
        return wait < LongestWait ? wait : LongestWait;
    }

    /// <summary>A store that cannot take the letter now is waited for: the event must stand somewhere before it is acknowledged.</summary>
    private async Task BuryAsync(
        Committed happened,
        int attempts,
        Exception fault,
        CancellationToken token
    )
    {
        var letter = new DeadLetter(
            consumer.Name,
            events.Write(happened),
            attempts,
            $"{fault.GetType().Name}: {fault.Message}",
            time.GetUtcNow()
        );
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await outbox.BuryAsync(letter, token);
                return;
            }
            catch (StoreUnavailableException unavailable)
            {
                Waiting(logger, unavailable, consumer.Name);
                await Task.Delay(WaitAfter(attempt), time, token);
            }
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "{Consumer} waits for its store")]
    private static partial void Waiting(ILogger logger, Exception fault, string consumer);

    [LoggerMessage(
        2,
        LogLevel.Error,
        "{Consumer} gave up on event {Sequence} after {Attempts} attempts; it is a dead letter"
    )]
    private static partial void GaveUp(
        ILogger logger,
        Exception fault,
        string consumer,
        long sequence,
        int attempts
    );

    private sealed record Delivery(IReadOnlyList<Committed> Batch)
    {
        public TaskCompletionSource<bool> Acknowledged { get; } =
            new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
