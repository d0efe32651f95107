using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Rookery.Delivery;

/// <summary>
/// One consumer with its own position in the outbox. What was published lately is handed to it; where it falls behind, that is let go, and it
/// reads the outbox itself until it is back.
/// </summary>
internal sealed partial class ConsumerLoop(
    ApplyEvents apply,
    IOutboxStore outbox,
    EventTypes events,
    DeliveryOptions options,
    Retry retry,
    ILogger logger
) : IDisposable
{
    // The newest two: one more would only be memory, since the outbox has them all.
    private readonly Channel<OutboxStretch> _published = Channel.CreateBounded<OutboxStretch>(
        new BoundedChannelOptions(2) { FullMode = BoundedChannelFullMode.DropOldest }
    );

    private long _appliedThrough;

    public string Name => apply.Name;

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
    public Task<bool> RedeliverAsync(Committed happened, CancellationToken token) =>
        apply.AloneAsync(happened, token);

    public void Dispose() => apply.Dispose();

    /// <summary>Goes on until everything up to the stretch's end was applied or buried.</summary>
    private async Task FollowAsync(OutboxStretch published, CancellationToken token)
    {
        var waits = false;
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
            catch (StoreUnavailableException fault)
            {
                // What is wrong with it, the store itself says.
                if (!waits)
                {
                    waits = true;
                    Waits(logger, Name, AppliedThrough, fault.Message);
                }

                await retry.AfterAsync(attempt, token);
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
        await apply.AllAsync(stretch.Events, token);
        await outbox.AdvanceAsync(Name, stretch.Through, token);
        Volatile.Write(ref _appliedThrough, stretch.Through);
    }

    [LoggerMessage(
        4,
        LogLevel.Warning,
        "{Consumer} waits behind event {Position} for its database: {Why}"
    )]
    private static partial void Waits(ILogger logger, string consumer, long position, string why);

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
