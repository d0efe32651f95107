namespace Rookery.Delivery;

/// <summary>A consumer that is told which of several outboxes an event is from: sequences of two are not the same events.</summary>
internal sealed class OfOutbox(IEventConsumer consumer, string outbox) : IEventConsumer
{
    public string Name => consumer.Name;

    public IReadOnlyList<Type> Reads => consumer.Reads;

    public bool HasLanes => consumer.HasLanes;

    public Task HandleAsync(IReadOnlyList<Committed> events, CancellationToken token) =>
        consumer.HandleAsync([.. events.Select(From)], token);

    public Task GiveUpAsync(Committed happened, CancellationToken token) =>
        consumer.GiveUpAsync(From(happened), token);

    public async ValueTask<IReadOnlyList<Committed>> LargeAsync(
        IReadOnlyList<Committed> events,
        CancellationToken token
    ) => await consumer.LargeAsync(events, token);

    private Committed From(Committed happened) => happened with { Outbox = outbox };
}
