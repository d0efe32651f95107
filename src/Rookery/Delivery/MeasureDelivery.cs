using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Rookery.Telemetry;

namespace Rookery.Delivery;

/// <summary>
/// Looks every few seconds how far the delivery of each outbox is, for whoever asks meanwhile: nobody who asks waits for a database. Of an outbox that several
/// processes share, the one that relays it tells.
/// </summary>
internal sealed partial class MeasureDelivery : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly DeliveryLines _lines;
    private readonly TimeProvider _time;
    private readonly ILogger<MeasureDelivery> _logger;
    private volatile IReadOnlyList<OutboxReading> _last = [];

    public MeasureDelivery(
        DeliveryLines lines,
        TelemetryEvents telemetry,
        TimeProvider time,
        ILogger<MeasureDelivery> logger
    )
    {
        (_lines, _time, _logger) = (lines, time, logger);
        telemetry.DeliveryIs(() => _last);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var now = new PeriodicTimer(Interval, _time);
        do
        {
            _last = await LookAsync(stoppingToken);
        } while (await now.WaitForNextTickAsync(stoppingToken));
    }

    private async Task<IReadOnlyList<OutboxReading>> LookAsync(CancellationToken token)
    {
        var all = new List<OutboxReading>();
        foreach (var line in _lines.All.Where(IsTold))
        {
            try
            {
                all.Add(await LookAsync(line, token));
            }
            catch (StoreUnavailableException)
            {
                // What is wrong with it, the store itself says; a gap says that nobody knows.
            }
#pragma warning disable CA1031 // A loop's edge: it is looked again in seconds.
            catch (Exception fault) when (!token.IsCancellationRequested)
#pragma warning restore CA1031
            {
                LookFailed(_logger, fault);
            }
        }

        return all;
    }

    private static bool IsTold(DeliveryLine line) =>
        !line.Source.Bus.ReachesOthers || line.Source.Lease.IsFirst;

    private async ValueTask<OutboxReading> LookAsync(DeliveryLine line, CancellationToken token)
    {
        // The positions first: what is written between the two reads is behind, and nobody is ahead.
        var consumers = await line.Outbox.ConsumersAsync(token);
        var last = await line.Outbox.LastSequenceAsync(token);
        var state = await line.Outbox.StateAsync(token);
        var letters = consumers.ToDictionary(one => one.Name, _ => 0L);
        foreach (var (consumer, count) in state.DeadLetters)
        {
            letters[consumer] = count;
        }

        var oldest = _time.GetUtcNow() - (state.OldestWaiting ?? _time.GetUtcNow());
        return new OutboxReading(
            string.Join(',', _lines.CapabilitiesOf(line)),
            consumers.ToDictionary(one => one.Name, one => Math.Max(0, last - one.AppliedThrough)),
            letters,
            oldest > TimeSpan.Zero ? oldest : TimeSpan.Zero
        );
    }

    [LoggerMessage(
        1,
        LogLevel.Warning,
        "How far delivery is could not be read; it is tried again in seconds"
    )]
    private static partial void LookFailed(ILogger logger, Exception fault);
}
