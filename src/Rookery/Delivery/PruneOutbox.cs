using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Rookery.Delivery;

/// <summary>
/// Drops what was published and applied long ago, beside the relay: after a busy hour it is thousands of small commits, and no event waits for
/// them.
/// </summary>
internal sealed partial class PruneOutbox(
    IOutboxStore outbox,
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
        try
        {
            await outbox.PruneAsync(time.GetUtcNow().AddHours(-options.Value.KeepHours), token);
        }
#pragma warning disable CA1031 // A loop's edge: what was not dropped is dropped an hour later.
        catch (Exception fault) when (!token.IsCancellationRequested)
#pragma warning restore CA1031
        {
            PruneFailed(logger, fault);
        }
    }

    [LoggerMessage(
        1,
        LogLevel.Warning,
        "Old events could not be dropped; it is tried again in an hour"
    )]
    private static partial void PruneFailed(ILogger logger, Exception fault);
}
