using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Rookery.Delivery;

/// <summary>Runs the relay of each outbox, and what drops from it what is old.</summary>
internal sealed class RunDelivery : IHostedService, IDisposable
{
    private readonly List<BackgroundService> _loops;

    public RunDelivery(DeliveryLines lines, IServiceProvider parts) =>
        _loops = [
            .. lines.All.Select(line =>
                ActivatorUtilities.CreateInstance<OutboxRelay>(
                    parts,
                    line.Outbox,
                    line.Source.Bus,
                    line.Source.Lease
                )
            ),
            ActivatorUtilities.CreateInstance<PruneOutbox>(parts),
        ];

    public Task StartAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(_loops.Select(loop => loop.StartAsync(cancellationToken)));

    public Task StopAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(_loops.Select(loop => loop.StopAsync(cancellationToken)));

    public void Dispose() => _loops.ForEach(loop => loop.Dispose());
}
