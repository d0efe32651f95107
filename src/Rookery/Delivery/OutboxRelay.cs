using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Rookery.Delivery;

/// <summary>
/// Moves committed events from the outbox to the bus, in order, and notes how far it is only after the bus has taken responsibility for them:
/// whatever kills the process in between, they are published again. It waits for no consumer. Where several processes share a bus, one of them relays.
/// </summary>
internal sealed partial class OutboxRelay(
    IOutboxStore outbox,
    IEventBus bus,
    ICommitLease lease,
    EventTypes events,
    IOptions<DeliveryOptions> options,
    TimeProvider time,
    ILogger<OutboxRelay> logger
) : BackgroundService
{
    /// <summary>Dead letters of events that no consumer could even be asked about.</summary>
    public const string Name = "relay";

    private static readonly TimeSpan PauseAfterFault = TimeSpan.FromSeconds(1);

    /// <summary>Of a process that leaves it to another: so much later it goes on where that one ended.</summary>
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(200);

    /// <summary>A batch of this size says that many are writing.</summary>
    private const int BusyBatch = 64;

    /// <summary>
    /// Then the next one is let grow: each costs a note of the position from the relay and from every consumer, which are writes like those of the
    /// many. Counters are later by as much.
    /// </summary>
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(50);

    private long _position;

    private bool IsAnothers => bus.ReachesOthers && !lease.IsFirst;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var (started, waits) = (false, false);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (IsAnothers)
                {
                    started = false;
                    await Task.Delay(BetweenLooks, time, stoppingToken);
                    continue;
                }

                if (!started)
                {
                    await GoOnAsync(stoppingToken);
                    started = true;
                }

                await outbox.WaitAsync(_position, stoppingToken);
                if (IsAnothers)
                {
                    continue;
                }

                var relayed = await RelayBatchAsync(stoppingToken);
                waits = false;
                if (relayed >= BusyBatch && relayed < options.Value.BatchSize)
                {
                    await Task.Delay(Gathering, time, stoppingToken);
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (StoreUnavailableException fault)
            {
                // What is wrong with it, the store itself says.
                if (!waits)
                {
                    waits = true;
                    RelayWaits(logger, _position, fault.Message);
                }

                await PauseAsync(stoppingToken);
            }
#pragma warning disable CA1031 // A loop's edge: what failed is still in the outbox and is tried again.
            catch (Exception fault)
#pragma warning restore CA1031
            {
                RelayFailed(logger, fault, _position);
                await PauseAsync(stoppingToken);
            }
        }
    }

    /// <summary>Says how far it was: consumers that are behind that go on at once.</summary>
    private async Task GoOnAsync(CancellationToken token)
    {
        _position = await outbox.PublishedThroughAsync(token);
        await bus.PublishAsync(new OutboxStretch(_position, _position, []), token);
    }

    /// <summary>How many events it relayed.</summary>
    private async Task<int> RelayBatchAsync(CancellationToken token)
    {
        var rows = await outbox.ReadAsync(_position, options.Value.BatchSize, token);
        if (rows.Count == 0)
        {
            return 0;
        }

        var readable = events.ReadAll(rows);
        foreach (
            var row in rows.ExceptBy(readable.Select(one => one.Sequence), row => row.Sequence)
        )
        {
            await BuryUnreadableAsync(row, token);
        }

        var told = readable.FindAll(committed => events.IsForConsumers(committed.Event));
        await bus.PublishAsync(new OutboxStretch(_position, rows[^1].Sequence, told), token);
        await outbox.AdvanceAsync(rows[^1].Sequence, token);
        _position = rows[^1].Sequence;
        return rows.Count;
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

    [LoggerMessage(
        2,
        LogLevel.Warning,
        "Events after {Position} wait for their database, which is asked every second: {Why}"
    )]
    private static partial void RelayWaits(ILogger logger, long position, string why);

    [LoggerMessage(1, LogLevel.Error, "Events after {Position} could not be relayed; trying again")]
    private static partial void RelayFailed(ILogger logger, Exception fault, long position);
}
