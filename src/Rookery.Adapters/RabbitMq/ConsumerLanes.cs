using Rookery.Delivery;

namespace Rookery.Adapters.RabbitMq;

/// <summary>One consumer with a reader for each of its queues. Only what is much work is handled beside the rest.</summary>
internal sealed class ConsumerLanes : IDisposable
{
    private readonly List<QueueReader> _readers;
    private readonly ApplyEvents _apply;
    private readonly ApplyEvents _applyLarge;
    private (long Queue, int Times) _silence;

    public ConsumerLanes(
        IEventConsumer consumer,
        AppliedMessages applied,
        BusParts parts,
        DeliveryOptions delivery
    )
    {
        (Name, HasLanes) = (consumer.Name, consumer.HasLanes);
        (_apply, _applyLarge) = (Apply(), Apply());
        _readers =
        [
            .. Topology
                .LanesOf(HasLanes)
                .Select(lane => new QueueReader(
                    consumer,
                    lane,
                    lane == Lane.Large ? _applyLarge : _apply,
                    applied,
                    parts
                )),
        ];

        ApplyEvents Apply() =>
            new(
                consumer,
                parts.Outbox,
                parts.Events,
                delivery,
                parts.Retry,
                parts.Time,
                parts.Logger
            );
    }

    public string Name { get; }

    public bool HasLanes { get; }

    public bool IsBusy => _readers.Exists(reader => reader.IsBusy);

    /// <summary>How often in a row the queues of this number did not answer. What another process has put in their place has not been asked.</summary>
    public int SilencesOf(long queue) => _silence.Queue == queue ? _silence.Times : 0;

    public void NoteSilence(long queue) => _silence = (queue, SilencesOf(queue) + 1);

    public void NoteAnswer() => _silence = default;

    public async Task StartAsync(BrokerSession session, long queue)
    {
        foreach (var reader in _readers)
        {
            await reader.StartAsync(session, queue, session.Stop);
        }
    }

    public Task<bool> AloneAsync(Committed happened, CancellationToken token) =>
        _apply.AloneAsync(happened, token);

    public void Dispose()
    {
        _apply.Dispose();
        _applyLarge.Dispose();
    }
}
