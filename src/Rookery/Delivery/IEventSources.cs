namespace Rookery.Delivery;

/// <summary>The committed events of one database: those that it has still, what carries them, and whether this process knows them all.</summary>
public sealed record EventSource(IPastEvents Past, IEventBus Bus, ICommitLease Lease)
{
    /// <summary>As <see cref="Committed.Outbox"/> has it.</summary>
    public string? Outbox { get; init; }

    /// <summary>
    /// Has this process told of all that was committed before the call, by whatever process; answers through which event that is. 0 where nobody can say. Throws
    /// <see cref="StoreUnavailableException"/> where the database cannot be read.
    /// </summary>
    public Func<Task<long>> ToldThroughAsync { get; init; } = () => Task.FromResult(0L);
}

/// <summary>Where each capability's events come from: the outbox of its database. Capabilities that share a database share it.</summary>
public interface IEventSources
{
    EventSource Accounts { get; }

    EventSource Graph { get; }

    EventSource Posts { get; }
}
