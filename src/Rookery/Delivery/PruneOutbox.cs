using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Rookery.Delivery;

/// <summary>
/// Drops what was published and applied long ago, beside the relay: after a busy hour it is thousands of small commits, and no event waits for
/// them.
/// </summary>
internal sealed partial class PruneOutbox(
    DeliveryLines lines,
    IOptions<DeliveryOptions> options,
    TimeProvider time,
    ILogger<PruneOutbox> logger
) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var hourly = new PeriodicTimer(Interval, time);
        do
        {
            await PruneAsync(stoppingToken);
        } while (await hourly.WaitForNextTickAsync(stoppingToken));
    }

    private async Task PruneAsync(CancellationToken token)
    {
        foreach (var line in lines.All)
        {
            await PruneAsync(line, token);
        }
    }

    /// <summary>First of the outbox, and then of the marks that consumers have made of its events beside others.</summary>
    private async Task PruneAsync(DeliveryLine line, CancellationToken token)
    {
        try
        {
            var before = time.GetUtcNow().AddHours(-options.Value.KeepHours);
            await line.Outbox.PruneAsync(before, token);
            var others = lines.All.Where(other => other != line).ToList();
            if (others.Count == 0)
            {
                return;
            }

            var gone = await GoneThroughAsync(line.Outbox, token);
            var name = await line.Outbox.IdentityAsync(token);
            foreach (var other in others)
            {
                await other.Outbox.PruneMarksAsync(name, gone, token);
            }
        }
#pragma warning disable CA1031 // A loop's edge: what was not dropped is dropped an hour later.
        catch (Exception fault) when (!token.IsCancellationRequested)
#pragma warning restore CA1031
        {
            PruneFailed(logger, fault);
        }
    }

    /// <summary>The last event that the outbox has no more. Read before the end: what is added in between is not taken for gone.</summary>
    private static async Task<long> GoneThroughAsync(IOutboxStore outbox, CancellationToken token)
    {
        var last = await outbox.LastSequenceAsync(token);
        return await outbox.ReadAsync(0, 1, token) is [var oldest]
            ? Math.Min(oldest.Sequence - 1, last)
            : last;
    }

    [LoggerMessage(
        1,
        LogLevel.Warning,
        "Old events could not be dropped; it is tried again in an hour"
    )]
    private static partial void PruneFailed(ILogger logger, Exception fault);
}
