using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Rookery.Delivery;

/// <summary>
/// Moves committed events from the outbox to the bus, in order, and notes how far it is only after the bus has taken them:
/// whatever kills the process in between, they are published again, and consumers drop what they have applied.
/// </summary>
internal sealed partial class OutboxRelay(
    IOutboxStore outbox,
    IEventBus bus,
    EventTypes events,
    IOptions<DeliveryOptions> options,
    TimeProvider time,
    ILogger<OutboxRelay> logger
) : BackgroundService
{
    /// <summary>Dead letters of events that no consumer could even be asked about.</summary>
    public const string Name = "relay";

    private static readonly TimeSpan PauseAfterFault = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan PruneInterval = TimeSpan.FromHours(1);

    private long _position;
    private long _prunedAt;

    /// <summary>The last sequence that every consumer has applied or given up on.</summary>
    public long Position => Volatile.Read(ref _position);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var started = false;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (!started)
                {
                    Volatile.Write(
                        ref _position,
                        await outbox.PublishedThroughAsync(stoppingToken)
                    );
                    started = true;
                }

                await outbox.WaitAsync(Position, stoppingToken);
                await RelayBatchAsync(stoppingToken);
                await PruneAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // A loop's edge: what failed is still in the outbox and is tried again.
            catch (Exception fault)
#pragma warning restore CA1031
            {
                RelayFailed(logger, fault, Position);
                await PauseAsync(stoppingToken);
            }
        }
    }

    private async Task RelayBatchAsync(CancellationToken token)
    {
        var rows = await outbox.ReadAsync(Position, options.Value.BatchSize, token);
        if (rows.Count == 0)
        {
            return;
        }

        var readable = new List<Committed>(rows.Count);
        foreach (var row in rows)
        {
            if (events.Read(row.Name, row.Version, row.Payload.Span) is { } happened)
            {
                readable.Add(new Committed(row.Sequence, happened));
            }
            else
            {
                await BuryUnreadableAsync(row, token);
            }
        }

#if SEEDED_BUGS
        if (SeededBugs.Is("relayed-before-applied"))
            await outbox.AdvanceAsync(rows[^1].Sequence, token);
#endif
        await bus.PublishAsync(readable, token);
        await outbox.AdvanceAsync(rows[^1].Sequence, token);
        Volatile.Write(ref _position, rows[^1].Sequence);
    }

    private Task BuryUnreadableAsync(OutboxRow row, CancellationToken token) =>
        outbox.BuryAsync(
            new DeadLetter(
                Name,
                row,
                1,
                $"No event is called {row.Name} in version {row.Version}, or its text is not one.",
                time.GetUtcNow()
            ),
            token
        );

    private async Task PruneAsync(CancellationToken token)
    {
        if (_prunedAt != 0 && time.GetElapsedTime(_prunedAt) < PruneInterval)
        {
            return;
        }

        _prunedAt = time.GetTimestamp();
        await outbox.PruneAsync(time.GetUtcNow().AddHours(-options.Value.KeepHours), token);
    }

    private async Task PauseAsync(CancellationToken token)
    {
        try
        {
            await Task.Delay(PauseAfterFault, time, token);
        }
        catch (OperationCanceledException)
        {
            // Stopping: the loop's condition ends it.
        }
    }

    [LoggerMessage(1, LogLevel.Error, "Events after {Position} could not be relayed; trying again")]
    private static partial void RelayFailed(ILogger logger, Exception fault, long position);
}
