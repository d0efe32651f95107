using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Rookery.Delivery;

namespace Rookery.Adapters.InProcess;

/// <summary>
/// The bus of one process. It holds nothing on disk, so a publish completes only when every consumer has applied the events or buried
/// them; until then they are the outbox's.
/// </summary>
internal sealed class ChannelBus : BackgroundService, IEventBus
{
    private readonly List<ConsumerLoop> _loops;

    public ChannelBus(
        IEnumerable<IEventConsumer> consumers,
        IOutboxStore outbox,
        EventTypes events,
        IOptions<DeliveryOptions> options,
        TimeProvider time,
        ILogger<ChannelBus> logger
    )
    {
        _loops =
        [
            .. consumers.Select(consumer => new ConsumerLoop(
                consumer,
                outbox,
                events,
                options.Value,
                time,
                logger
            )),
        ];
    }

    public Task PublishAsync(IReadOnlyList<Committed> events, CancellationToken token) =>
        Task.WhenAll(_loops.Select(loop => loop.DeliverAsync(events, token)));

    public async Task<Redelivery> RedeliverAsync(
        string consumer,
        Committed happened,
        CancellationToken token
    )
    {
        if (_loops.Find(loop => loop.Name == consumer) is not { } loop)
        {
            return Redelivery.NoConsumer;
        }

        return await loop.DeliverAsync([happened], token) ? Redelivery.Applied : Redelivery.Buried;
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(_loops.Select(loop => loop.RunAsync(stoppingToken)));
}
