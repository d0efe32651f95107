namespace Rookery.Delivery;

/// <summary>
/// Something that acts on events. Events come at least once and in any order; the effect of each must be the same however often
/// it comes. One that throws <see cref="StoreUnavailableException"/> is asked again until it does not: that is no poison.
/// </summary>
public interface IEventConsumer
{
    /// <summary>Stands in inbox and dead letters; never changes.</summary>
    string Name { get; }

    Task HandleAsync(IReadOnlyList<Committed> events, CancellationToken token);
}

/// <summary>
/// Carries committed events to every subscribed consumer, each at its own pace.
/// <para>Delivery: at least once. A publish completes when the bus has taken responsibility for every event of it.</para>
/// <para>Loss: what was published and not acknowledged when the process ends is published again by the relay.</para>
/// </summary>
public interface IEventBus
{
    Task PublishAsync(IReadOnlyList<Committed> events, CancellationToken token);

    /// <summary>Hands one event to one consumer again.</summary>
    Task<Redelivery> RedeliverAsync(string consumer, Committed happened, CancellationToken token);
}

/// <summary>What became of an event that was handed to a consumer again.</summary>
public enum Redelivery
{
    Applied,

    /// <summary>It failed again and is a dead letter again.</summary>
    Buried,

    /// <summary>There is no such consumer in this process.</summary>
    NoConsumer,
}
