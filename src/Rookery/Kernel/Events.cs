using System.Text.Json.Serialization.Metadata;

namespace Rookery.Kernel;

/// <summary>
/// Something that was committed. Each capability declares its own in <c>*Events.cs</c>, once, with a version;
/// an event holds ids and versions, never a copy of the row.
/// </summary>
public abstract record DomainEvent;

/// <summary>An event with its place in the outbox. Sequences of one outbox grow in commit order.</summary>
public readonly record struct Committed(long Sequence, DomainEvent Event)
{
    /// <summary>Whose sequence it is, where a consumer is told of several outboxes; null where there is only one.</summary>
    public string? Outbox { get; init; }
}

/// <summary>The name an event has on disk and on the wire, and how it is written. Names and versions only ever grow.</summary>
/// <param name="OnlyObserved">It tells what is kept in memory, in whatever process, of a derived value; no consumer is asked about it.</param>
/// <param name="Narrows">It takes away what somebody could see or do: no process may answer from before it once it is acknowledged.</param>
public sealed record EventType(
    string Name,
    int Version,
    JsonTypeInfo TypeInfo,
    bool OnlyObserved = false,
    bool Narrows = false
)
{
    public Type ClrType => TypeInfo.Type;
}

/// <summary>
/// Told of every committed group in commit order, on the committing thread, before the writers of the group are answered:
/// what is kept in memory is current by the time anybody knows that the write happened.
/// Must not block and must not read the database. One that throws is told to forget everything it holds.
/// </summary>
public interface ICommitObserver
{
    void OnCommitted(IReadOnlyList<Committed> group);

    /// <summary>Drops all that is held; it is read again from truth when it is next needed.</summary>
    void Forget();
}
