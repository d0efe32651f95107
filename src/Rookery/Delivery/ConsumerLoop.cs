using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Rookery.Delivery;

/// <summary>
/// One consumer with its own position in the outbox. What was published lately is handed to it; where it falls behind, that is let go, and it
/// reads the outbox itself until it is back. A stretch that fails is taken apart, so that one bad event costs nobody else more than its own
/// attempts.
/// </summary>
internal sealed partial class ConsumerLoop(
    IEventConsumer consumer,
    IOutboxStore outbox,
    EventTypes events,
    DeliveryOptions options,
    Retry retry,
    TimeProvider time,
    ILogger logger
) : IDisposable
{
    // The newest two: one more would only be memory, since the outbox has them all.
    private readonly Channel<OutboxStretch> _published = Channel.CreateBounded<OutboxStretch>(
        new BoundedChannelOptions(2) { FullMode = BoundedChannelFullMode.DropOldest }
    );

    // A consumer does one thing at a time, be it new or handed to it again.
    private readonly SemaphoreSlim _turn = new(1);

    private long _appliedThrough;

    public string Name => consumer.Name;

    /// <summary>Everything up to here was applied or buried.</summary>
    public long AppliedThrough => Volatile.Read(ref _appliedThrough);

    public void StartAfter(long sequence) => Volatile.Write(ref _appliedThrough, sequence);

    /// <summary>Never waits.</summary>
    public void Offer(OutboxStretch stretch) => _published.Writer.TryWrite(stretch);

    public async Task RunAsync(CancellationToken token)
    {
        await foreach (var stretch in _published.Reader.ReadAllAsync(token))
        {
            await FollowAsync(stretch, token);
        }
    }

    /// <summary>Applies one event out of turn; false where it was buried.</summary>
    public async Task<bool> RedeliverAsync(Committed happened, CancellationToken token)
    {
        await _turn.WaitAsync(token);
        try
        {
            return await ApplyAloneAsync(happened, token);
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    /// <summary>Goes on until everything up to the stretch's end was applied or buried.</summary>
    private async Task FollowAsync(OutboxStretch published, CancellationToken token)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                while (await NextAsync(published, token) is { } stretch)
                {
                    await ApplyAsync(stretch, token);
                }

                return;
            }
            catch (OperationCanceledException) when (token.IsCancellationRequested)
            {
                throw;
            }
#pragma warning disable CA1031 // A loop's edge: what failed is still in the outbox and is tried again.
            catch (Exception fault)
#pragma warning restore CA1031
            {
                Stuck(logger, fault, Name, AppliedThrough);
                await retry.AfterAsync(attempt, token);
            }
        }
    }

    /// <summary>
    /// What is next up to the end of what was published; null where nothing is left. Beyond that nothing may be read: the relay has not buried
    /// yet what is unreadable there.
    /// </summary>
    private async ValueTask<OutboxStretch?> NextAsync(
        OutboxStretch published,
        CancellationToken token
    )
    {
        var after = AppliedThrough;
        if (after >= published.Through)
        {
            return null;
        }

        if (after >= published.After)
        {
            // After a crash the first of it may have been applied already: that comes again.
            return published;
        }

        var rows = (await outbox.ReadAsync(after, options.BatchSize, token))
            .TakeWhile(row => row.Sequence <= published.Through)
            .ToList();
        return rows.Count == 0
            ? null
            : new OutboxStretch(after, rows[^1].Sequence, events.ReadAll(rows));
    }

    private async Task ApplyAsync(OutboxStretch stretch, CancellationToken token)
    {
#if SEEDED_BUGS
        if (SeededBugs.Is("relayed-before-applied"))
            await outbox.AdvanceAsync(Name, stretch.Through, token);
#endif
        await _turn.WaitAsync(token);
        try
        {
            await ApplyAsync(stretch.Events, token);
        }
        finally
        {
            _turn.Release();
        }

        await outbox.AdvanceAsync(Name, stretch.Through, token);
        Volatile.Write(ref _appliedThrough, stretch.Through);
    }

    private async Task ApplyAsync(IReadOnlyList<Committed> stretch, CancellationToken token)
    {
        if (stretch.Count == 0 || await TryAsync(stretch, token) is null)
        {
            return;
        }

        foreach (var happened in stretch)
        {
            await ApplyAloneAsync(happened, token);
        }
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
                GaveUp(logger, fault, Name, happened.Sequence, attempt);
                await BuryAsync(happened, attempt, fault, token);
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

    [LoggerMessage(
        3,
        LogLevel.Error,
        "{Consumer} cannot go on behind event {Position}; trying again"
    )]
    private static partial void Stuck(
        ILogger logger,
        Exception fault,
        string consumer,
        long position
    );
}
