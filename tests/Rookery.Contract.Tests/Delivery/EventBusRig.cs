using Rookery.Delivery;
using Rookery.Graph;

namespace Rookery.Contract.Tests.Delivery;

/// <summary>
/// A bus between an outbox, whose relay publishes to it, and consumers. It can be stopped and started again on what it left, which is one life of
/// the process and the next.
/// </summary>
public abstract class EventBusRig : IAsyncDisposable
{
    /// <summary>How often one event is tried.</summary>
    public const int Attempts = 3;

    public abstract IEventBus Bus { get; }

    public abstract IOutboxStore Outbox { get; }

    /// <summary>Moves the bus's clock on, so that whatever waits for another attempt makes it.</summary>
    public abstract void Pass(TimeSpan time);

    public abstract ValueTask StartAsync(IReadOnlyList<IEventConsumer> consumers);

    /// <summary>Stops in good order.</summary>
    public abstract ValueTask StopAsync();

    /// <summary>Commits events, which the relay then publishes; answers with the sequences they got.</summary>
    public abstract Task<IReadOnlyList<Committed>> CommitAsync(IReadOnlyList<DomainEvent> events);

    public abstract ValueTask DisposeAsync();

    public static Followed Event(long number) => new(new AccountId(7), new AccountId(number));
}
