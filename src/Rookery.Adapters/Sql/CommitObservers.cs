using Microsoft.Extensions.Logging;
using Rookery.Delivery;

namespace Rookery.Adapters.Sql;

/// <summary>
/// Those who keep things in memory, told of every commit in the order of commits: this process's own, and where others write too, theirs between
/// them. Used by the commit thread only.
/// </summary>
/// <param name="turn">Commit threads of several databases tell the same observers, one at a time.</param>
internal sealed partial class CommitObservers(
    EventTypes events,
    long told,
    Lock turn,
    ILogger logger
)
{
    private const long Chunk = 1_000;

    private readonly List<ICommitObserver> _observers = [];

    // Through which event they were told, and the last one among them that took something away.
    private long _told = told;
    private long _narrowed;

    // What was asked for with a group's begin; null where nothing was.
    private List<OutboxRow>? _asked;

    public Told Told => new(_told, _narrowed);

    /// <summary>From any thread: another process's commits may be told of at the same time.</summary>
    public void Add(ICommitObserver observer)
    {
        lock (turn)
        {
            _observers.Add(observer);
        }
    }

    /// <summary>This process's own group, which stands, and through which event all is told by it.</summary>
    public void Tell(IReadOnlyList<Committed> emitted, long through)
    {
        Tell(emitted);
        _told = through;
    }

    /// <summary>Has read with what the session is asked next what <see cref="TellOfOthers"/> will tell.</summary>
    public void Ask(SqlSession session)
    {
        var rows = _asked = [];
        session.Ask(
            SqlOutboxStore.SelectRows,
            row => rows.Add(SqlOutboxStore.ReadRow(row)),
            _told,
            Chunk
        );
    }

    /// <summary>What other processes have committed since, through this event. Groups follow each other, so what can be read has no holes.</summary>
    public void TellOfOthers(SqlSession session, long through)
    {
        var asked = _asked;
        _asked = null;
        while (_told < through)
        {
            var rows =
                asked
                ?? session.Many(SqlOutboxStore.SelectRows, SqlOutboxStore.ReadRow, _told, Chunk);
            asked = null;
            if (rows.Count == 0 || rows[0].Sequence != _told + 1)
            {
                // Dropped before they were read: this process was away for longer than events are kept.
                Forget();
                _told = _narrowed = through;
                return;
            }

            Tell(events.ReadAll(rows));
            _told = rows[^1].Sequence;
        }
    }

    public void Forget()
    {
        lock (turn)
        {
            _observers.ForEach(MakeForget);
        }
    }

    private void Tell(IReadOnlyList<Committed> group)
    {
        if (group.Count == 0)
        {
            return;
        }

        foreach (var committed in group)
        {
            if (events.Narrows(committed.Event))
            {
                _narrowed = committed.Sequence;
            }
        }

        lock (turn)
        {
            foreach (var observer in _observers)
            {
                Tell(observer, group);
            }
        }
    }

    private void Tell(ICommitObserver observer, IReadOnlyList<Committed> group)
    {
        try
        {
            observer.OnCommitted(group);
        }
#pragma warning disable CA1031 // The commit stands; an observer that cannot follow it starts over from truth.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            ObserverFailed(logger, fault, observer.GetType().Name);
            MakeForget(observer);
        }
    }

    /// <summary>One that cannot must not keep the others from following, nor turn a write that stands into one that failed.</summary>
    private void MakeForget(ICommitObserver observer)
    {
        try
        {
            observer.Forget();
        }
#pragma warning disable CA1031 // See above; there is nobody but the operator to hand it to.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            ObserverStuck(logger, fault, observer.GetType().Name);
        }
    }

    [LoggerMessage(
        1,
        LogLevel.Error,
        "{Observer} could not follow a commit and forgets what it holds"
    )]
    private static partial void ObserverFailed(ILogger logger, Exception fault, string observer);

    [LoggerMessage(
        2,
        LogLevel.Critical,
        "{Observer} could not forget what it holds and may answer what is no longer so; restart the server"
    )]
    private static partial void ObserverStuck(ILogger logger, Exception fault, string observer);
}
