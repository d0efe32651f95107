namespace Rookery.Delivery;

/// <summary>
/// Something that acts on events. Events come at least once and in any order; the effect of each must be the same however often
/// it comes. One that throws <see cref="StoreUnavailableException"/> is asked again until it does not: that is no poison.
/// </summary>
public interface IEventConsumer
{
    /// <summary>Stands in positions, inbox and dead letters; never changes.</summary>
    string Name { get; }

    /// <summary>The events that it acts on: it is asked about those of the outboxes that have such. None named: about all.</summary>
    IReadOnlyList<Type> Reads => [];

    Task HandleAsync(IReadOnlyList<Committed> events, CancellationToken token);

    /// <summary>
    /// The event is a dead letter: what claims to be whole, and is not without it, must be dropped. May come again, and may not come where the
    /// process ends meanwhile.
    /// </summary>
    Task GiveUpAsync(Committed happened, CancellationToken token) => Task.CompletedTask;

    /// <summary>
    /// Whether some events are so much more work that the others should not wait for them. A bus with lanes then asks for those, and may have both
    /// kinds handled at the same time.
    /// </summary>
    bool HasLanes => false;

    /// <summary>Those that are much work; as far as the consumer knows, without finding out.</summary>
    ValueTask<IReadOnlyList<Committed>> LargeAsync(
        IReadOnlyList<Committed> events,
        CancellationToken token
    ) => ValueTask.FromResult<IReadOnlyList<Committed>>([]);
}

/// <summary>
/// Events from the outbox, all those after <paramref name="After"/> and up to <paramref name="Through"/> but for unreadable ones, which are
/// dead letters by now.
/// </summary>
public sealed record OutboxStretch(long After, long Through, IReadOnlyList<Committed> Events);

/// <summary>
/// Carries committed events to every subscribed consumer, each at its own pace: none waits for another.
/// <para>Delivery: at least once. A publish completes when the bus has taken responsibility for every event of it.</para>
/// <para>Loss: what was published and not acknowledged by a consumer when the process ends is delivered to it again.</para>
/// </summary>
public interface IEventBus
{
    Task PublishAsync(OutboxStretch stretch, CancellationToken token);

    /// <summary>What is published reaches the consumers of every process, so that one process can publish for all.</summary>
    bool ReachesOthers { get; }

    /// <summary>Hands one event to one consumer again, or for null to every one.</summary>
    Task<Redelivery> RedeliverAsync(string? consumer, Committed happened, CancellationToken token);

    /// <summary>A sequence up to which every consumer has applied all events or given up on them.</summary>
    ValueTask<long> AppliedThroughAsync(CancellationToken token);
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
