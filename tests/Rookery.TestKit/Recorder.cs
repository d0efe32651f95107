using System.Collections.Concurrent;

namespace Rookery.TestKit;

/// <summary>Keeps what observers of commits are told.</summary>
internal sealed class Recorder : ICommitObserver
{
    private readonly ConcurrentQueue<Committed> _told = new();
    private int _forgotten;

    public IReadOnlyList<DomainEvent> Told => [.. _told.Select(committed => committed.Event)];

    /// <summary>What is told to observers only.</summary>
    public IReadOnlyList<DomainEvent> Announced =>
        [.. Told.Where(happened => !TestDatabase.Events.IsForConsumers(happened))];

    /// <summary>How often it was told to drop what it holds.</summary>
    public int Forgotten => Volatile.Read(ref _forgotten);

    public void OnCommitted(IReadOnlyList<Committed> group)
    {
        foreach (var committed in group)
        {
            _told.Enqueue(committed);
        }
    }

    public void Forget() => Interlocked.Increment(ref _forgotten);
}
