using Microsoft.Extensions.Logging;

namespace Rookery.Delivery;

/// <summary>
/// Has one consumer apply events. Some that fail together are taken apart, so that one bad event costs nobody else more than its own attempts; one
/// that still fails is a dead letter.
/// </summary>
internal sealed partial class ApplyEvents(
    IEventConsumer consumer,
    IOutboxStore outbox,
    EventTypes events,
    DeliveryOptions options,
    Retry retry,
    TimeProvider time,
    ILogger logger
) : IDisposable
{
    // A consumer does one thing at a time, be it new or handed to it again.
    private readonly SemaphoreSlim _turn = new(1);

    public string Name => consumer.Name;

    /// <summary>Completes when each was applied or buried.</summary>
    public async Task AllAsync(IReadOnlyList<Committed> stretch, CancellationToken token)
    {
        await _turn.WaitAsync(token);
        try
        {
            await ApplyAsync(stretch, token);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Applies one event; false where it was buried.</summary>
    public async Task<bool> AloneAsync(Committed happened, CancellationToken token)
    {
        await _turn.WaitAsync(token);
        try
        {
            return await AttemptAsync(happened, token);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Tells the consumer of a dead letter of its; what it cannot do then is logged, since nothing comes after this.</summary>
    public async Task GiveUpAsync(Committed happened, CancellationToken token)
    {
        try
        {
            await retry.WhileUnavailableAsync(
                Name,
                () => consumer.GiveUpAsync(happened, token),
                token
            );
        }
#pragma warning disable CA1031 // A consumer's edge: the event is a dead letter already, and the others wait.
        catch (Exception fault) when (!token.IsCancellationRequested)
#pragma warning restore CA1031
        {
            CouldNotGiveUp(logger, fault, Name, happened.Sequence);
        }
    }

    public void Dispose() => _turn.Dispose();

    private async Task ApplyAsync(IReadOnlyList<Committed> stretch, CancellationToken token)
    {
        if (stretch.Count == 0 || await TryAsync(stretch, token) is null)
        {
            return;
        }

        foreach (var happened in stretch)
        {
            await AttemptAsync(happened, token);
        }
    }

    private async Task<bool> AttemptAsync(Committed happened, CancellationToken token)
    {
        for (var attempt = 1; ; attempt++)
        {
            if (await TryAsync([happened], token) is not { } fault)
            {
                return true;
            }

            if (attempt >= options.Attempts)
            {
                GaveUp(logger, fault, Name, happened.Sequence, attempt);
                await BuryAsync(happened, attempt, fault, token);
                await GiveUpAsync(happened, token);
                return false;
            }

            await retry.AfterAsync(attempt, token);
        }
    }

    /// <summary>Null when it went well.</summary>
    private async Task<Exception?> TryAsync(IReadOnlyList<Committed> batch, CancellationToken token)
    {
        try
        {
            await retry.WhileUnavailableAsync(
                Name,
                () => consumer.HandleAsync(batch, token),
                token
            );
            return null;
        }
        catch (OperationCanceledException) when (token.IsCancellationRequested)
        {
            throw;
        }
#pragma warning disable CA1031 // A consumer's edge: the caller decides between another attempt and the dead letters.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            return fault;
        }
    }

    /// <summary>A store that cannot take the letter now is waited for: the event must stand somewhere before the position passes it.</summary>
    private Task BuryAsync(
        Committed happened,
        int attempts,
        Exception fault,
        CancellationToken token
    )
    {
        var letter = new DeadLetter(
            Name,
            events.Write(happened),
            attempts,
            $"{fault.GetType().Name}: {fault.Message}",
            time.GetUtcNow()
        );
        return retry.WhileUnavailableAsync(Name, () => outbox.BuryAsync(letter, token), token);
    }

    [LoggerMessage(
        4,
        LogLevel.Error,
        "{Consumer} could not drop what lacks event {Sequence}, a dead letter"
    )]
    private static partial void CouldNotGiveUp(
        ILogger logger,
        Exception fault,
        string consumer,
        long sequence
    );

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
}
