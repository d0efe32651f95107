using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Rookery.Delivery;

namespace Rookery.Adapters.InProcess;

/// <summary>
/// The bus of one process. It takes responsibility for events without writing them again: they stand in the outbox, where nothing is dropped
/// before every consumer is past it, and the disk has each consumer's position.
/// </summary>
internal sealed class ChannelBus : BackgroundService, IEventBus
{
    private readonly Consumers _consumers;
    private readonly List<ConsumerLoop> _loops;
    private readonly IOutboxStore _outbox;
    private readonly Retry _retry;

    // Nothing is published before it is on the disk where each consumer begins: a new one would miss it after a crash.
    private readonly TaskCompletionSource _joined = new(
        TaskCreationOptions.RunContinuationsAsynchronously
    );

    public ChannelBus(
        Consumers consumers,
        IOutboxStore outbox,
        EventTypes events,
        IOptions<DeliveryOptions> options,
        TimeProvider time,
        ILogger<ChannelBus> logger
    )
    {
        (_consumers, _outbox) = (consumers, outbox);
        _retry = new Retry(options.Value, time, logger);
        _loops =
        [
            .. consumers.Here.Select(consumer => new ConsumerLoop(
                new ApplyEvents(consumer, outbox, events, options.Value, _retry, time, logger),
                outbox,
                events,
                options.Value,
                _retry,
                logger
            )),
        ];
    }

    public bool ReachesOthers => false;

    public async Task PublishAsync(OutboxStretch stretch, CancellationToken token)
    {
        await _joined.Task.WaitAsync(token);
        _loops.ForEach(loop => loop.Offer(stretch));
    }

    public async Task<Redelivery> RedeliverAsync(
        string? consumer,
        Committed happened,
        CancellationToken token
    )
    {
        var loops = _loops.FindAll(loop => consumer is null || loop.Name == consumer);
        if (loops.Count == 0)
        {
            return Redelivery.NoConsumer;
        }

        var applied = await Task.WhenAll(
            loops.Select(loop => loop.RedeliverAsync(happened, token))
        );
        return applied.All(one => one) ? Redelivery.Applied : Redelivery.Buried;
    }

    public async ValueTask<long> AppliedThroughAsync(CancellationToken token)
    {
        var here = _loops.Select(loop => loop.AppliedThrough).DefaultIfEmpty(long.MaxValue).Min();
        if (_consumers.All.Count == _loops.Count)
        {
            return here;
        }

        var elsewhere = (await _outbox.ConsumersAsync(token))
            .Where(one => !_consumers.RunsHere(one.Name))
            .Select(one => one.AppliedThrough);
        return Math.Min(here, elsewhere.DefaultIfEmpty(0).Min());
    }

    public override void Dispose()
    {
        _loops.ForEach(loop => loop.Dispose());
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var positions = await _retry.WhileUnavailableAsync(
            "bus",
            () => _outbox.JoinAsync(_consumers.Names, stoppingToken),
            stoppingToken
        );
        _loops.ForEach(loop => loop.StartAfter(positions[loop.Name]));
        _joined.SetResult();
        await Task.WhenAll(_loops.Select(loop => loop.RunAsync(stoppingToken)));
    }
}
