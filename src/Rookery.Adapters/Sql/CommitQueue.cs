using System.Threading.Channels;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Rookery.Delivery;

namespace Rookery.Adapters.Sql;

/// <summary>
/// The one writer of a database file. Writes that wait together are committed together, each with its own outcome: one that
/// fails is taken out and never fails its neighbours. What a write emits goes to the outbox in the same transaction, and to the
/// observers after the commit and before anybody is answered.
/// </summary>
internal sealed partial class CommitQueue : IDisposable
{
    /// <summary>SQLITE_FULL: what is not written is not committed.</summary>
    private const int FullDisk = 13;

    private static readonly TimeSpan PatienceWhenFull = TimeSpan.FromSeconds(1);

    /// <summary>A balancer that sends nothing lets nobody find out that writes work again, so a failure is not held against the store for longer.</summary>
    private static readonly TimeSpan FailureLasts = TimeSpan.FromSeconds(10);

    private readonly SqlSession _session;
    private readonly SqlOptions _options;
    private readonly DiskGuard _disk;
    private readonly WalCheckpointer _log;
    private readonly Channel<CommitMember> _waiting;
    private readonly CommitContext _context;
    private readonly TimeProvider _time;
    private readonly ILogger<CommitQueue> _logger;
    private readonly List<ICommitObserver> _observers = [];
    private readonly List<CommitMember> _group = [];
    private readonly Thread _thread;
    private long _committed;

    // When a group last failed; 0 after one that did not.
    private long _failedAt;

    public CommitQueue(
        SqlSession session,
        SqlOptions options,
        DiskGuard disk,
        WalCheckpointer log,
        EventTypes events,
        TimeProvider time,
        ILogger<CommitQueue> logger
    )
    {
        (_session, _options, _disk, _log) = (session, options, disk, log);
        (_time, _logger) = (time, logger);
        log.Bound(session);
        _context = new CommitContext(session, LastClock(session, time), events, time);
        _waiting = Channel.CreateBounded<CommitMember>(
            new BoundedChannelOptions(options.QueueLength) { SingleReader = true }
        );
        _thread = new Thread(Loop) { IsBackground = true, Name = "commit" };
        _thread.Start();
    }

    /// <summary>Writes that were committed since the start: who sees only its own is alone.</summary>
    public long Committed => Volatile.Read(ref _committed);

    /// <summary>Called on the commit thread after each commit that emitted events. Add before the first write.</summary>
    public void Observe(ICommitObserver observer) => _observers.Add(observer);

    /// <summary>Why writes are refused or fail now, for an operator; null while they do not.</summary>
    public string? Problem
    {
        get
        {
            if (_context.Clock.Behind() is { } behind)
            {
                return $"The clock stands {behind.TotalSeconds:F0} s behind the last id issued; no post is accepted until it has passed it.";
            }

            if (_disk.IsLow())
            {
                return "The disk is nearly full; no write is accepted.";
            }

            return
                Volatile.Read(ref _failedAt) is var failedAt and not 0
                && _time.GetElapsedTime(failedAt) < FailureLasts
                ? "The database could not take the last write; the log says why."
                : null;
        }
    }

    /// <summary>
    /// Runs <paramref name="work"/> in the next group's transaction and answers after the group is on the disk. The work may be
    /// run twice (after a neighbour failed), so it must have no effect outside the transaction.
    /// </summary>
    /// <exception cref="StoreUnavailableException">The disk is full, the queue is, or the store is closing: nothing was stored. Or the commit
    /// itself failed, and its message says that nobody knows.</exception>
    public async Task<T> RunAsync<T>(Func<CommitContext, T> work, CancellationToken token)
    {
        var member = new CommitMember<T>(work);
        if (!_waiting.Writer.TryWrite(member))
        {
            await EnqueueWhenFullAsync(member, token);
        }

        return await member.Answer;
    }

    /// <summary>Makes the observers forget all that they hold, on the commit thread as they expect it.</summary>
    public Task ForgetAsync(CancellationToken token) =>
        RunAsync(
            _ =>
            {
                // Twice is as good as once.
                _observers.ForEach(observer => observer.Forget());
                return Done.Instance;
            },
            token
        );

    /// <summary>Takes no further write and waits for the last group. What observes commits may be disposed after this.</summary>
    public void Close()
    {
        _waiting.Writer.TryComplete();
        _thread.Join();
    }

    public void Dispose()
    {
        Close();
        _session.Dispose();
    }

    private static GroupClock LastClock(SqlSession session, TimeProvider time)
    {
        // Tombstones keep their ids, so the largest id is the last one issued.
        var last = Math.Max(
            session.Number("SELECT max(id) FROM posts", 0),
            session.Number("SELECT max(id) FROM accounts", 0)
        );
        return new GroupClock(time, Snowflake.MillisecondsOf(last));
    }

    private async Task EnqueueWhenFullAsync(CommitMember member, CancellationToken token)
    {
        using var patience = new CancellationTokenSource(PatienceWhenFull, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(token, patience.Token);
        try
        {
            await _waiting.Writer.WriteAsync(member, either.Token);
        }
        catch (OperationCanceledException) when (!token.IsCancellationRequested)
        {
            throw new StoreUnavailableException("More writes are waiting than can be committed.");
        }
        catch (ChannelClosedException)
        {
            throw new StoreUnavailableException("The store is closing.");
        }
    }

    private void Loop()
    {
        while (TakeGroup())
        {
            try
            {
                RunGroup();
            }
#pragma warning disable CA1031 // This thread's end would be the store's: whatever it meets, the group is answered and the next one taken.
            catch (Exception fault)
#pragma warning restore CA1031
            {
                GroupFailed(_logger, fault, _group.Count);
                RollBack();
                FailAll(
                    new StoreUnavailableException("The database cannot take a write now.", fault)
                );
            }
        }
    }

    private void RunGroup()
    {
        if (_disk.IsLow())
        {
            FailAll(DiskGuard.Full(null));
        }
        else
        {
            CommitGroup();
        }
    }

    private bool TakeGroup()
    {
        _group.Clear();
        var reader = _waiting.Reader;
        CommitMember? member;
        while (!reader.TryRead(out member))
        {
            var more = reader.WaitToReadAsync().AsTask();
            if (!more.GetAwaiter().GetResult())
            {
                return false;
            }
        }

        do
        {
            _group.Add(member);
        } while (_group.Count < _options.GroupSize && reader.TryRead(out member));
        return true;
    }

    private void CommitGroup()
    {
        if (!TryCommit())
        {
            return;
        }

        // From here on the group stands, whatever happens.
        Tell(_context.Emitted);
        Volatile.Write(ref _committed, _committed + _group.Count);
        Volatile.Write(ref _failedAt, 0);
        _group.ForEach(member => member.Succeed());
        _log.FinishIfLong(_session);
    }

    private bool TryCommit()
    {
        var committing = false;
        try
        {
            _context.Start();
            if (!TryRunTogether())
            {
                RunOneByOne();
            }

#if SEEDED_BUGS
            if (SeededBugs.Is("acknowledged-before-commit"))
                _group.ForEach(member => member.Succeed());
#endif
            committing = true;
            _session.Run("COMMIT");
            return true;
        }
        catch (SqliteException fault)
        {
            CouldNotCommit(fault, committing);
            return false;
        }
    }

    private void CouldNotCommit(SqliteException fault, bool committing)
    {
        GroupFailed(_logger, fault, _group.Count);
        Volatile.Write(ref _failedAt, Math.Max(1, _time.GetTimestamp()));
        RollBack();
        if (committing)
        {
            // Whether the commit reached the disk is not known after an I/O error: nothing held in memory may be believed.
            _observers.ForEach(MakeForget);
        }

        FailAll(
            fault.SqliteErrorCode == FullDisk
                ? DiskGuard.Full(fault)
                : new StoreUnavailableException(
                    committing
                        ? "The database could not confirm the write; it may be stored or not. Repeat a post with the same Idempotency-Key."
                        : "The database cannot take a write now.",
                    fault
                )
        );
    }

    private bool TryRunTogether()
    {
        try
        {
            foreach (var member in _group)
            {
                member.Run(_context);
            }

            return true;
        }
#pragma warning disable CA1031 // Whatever a member throws is that member's: it is run again alone, where it answers for itself.
        catch (Exception)
#pragma warning restore CA1031
        {
            RollBack();
            _context.Start();
            return false;
        }
    }

    private void RunOneByOne()
    {
        for (var i = 0; i < _group.Count; i++)
        {
            var emitted = _context.Emitted.Count;
            _session.Run("SAVEPOINT member");
            try
            {
                _group[i].Run(_context);
            }
#pragma warning disable CA1031 // The fault is handed to the member's caller.
            catch (Exception fault) when (!IsStoreFault(fault))
#pragma warning restore CA1031
            {
                _session.Run("ROLLBACK TO member");
                _context.Forget(emitted);
                _group[i].Fail(fault);
                _group.RemoveAt(i--);
            }

            _session.Run("RELEASE member");
        }
    }

    /// <summary>A full or broken disk is everybody's fault; a constraint or a bug is one member's.</summary>
    private static bool IsStoreFault(Exception fault) =>
        fault is SqliteException { SqliteErrorCode: 5 or 8 or 10 or 11 or FullDisk or 14 };

    private void Tell(IReadOnlyList<Committed> emitted)
    {
        if (emitted.Count == 0)
        {
            return;
        }

        foreach (var observer in _observers)
        {
            try
            {
                observer.OnCommitted(emitted);
            }
#pragma warning disable CA1031 // The commit stands; an observer that cannot follow it starts over from truth.
            catch (Exception fault)
#pragma warning restore CA1031
            {
                ObserverFailed(_logger, fault, observer.GetType().Name);
                MakeForget(observer);
            }
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
            ObserverStuck(_logger, fault, observer.GetType().Name);
        }
    }

    private void RollBack()
    {
        try
        {
            _session.Run("ROLLBACK");
        }
        catch (SqliteException)
        {
            // Some faults have already rolled the transaction back; then there is none to end.
        }
    }

    private void FailAll(Exception fault) => _group.ForEach(member => member.Fail(fault));

    [LoggerMessage(1, LogLevel.Error, "A group of {Count} writes could not be committed")]
    private static partial void GroupFailed(ILogger logger, Exception fault, int count);

    [LoggerMessage(
        2,
        LogLevel.Error,
        "{Observer} could not follow a commit and forgets what it holds"
    )]
    private static partial void ObserverFailed(ILogger logger, Exception fault, string observer);

    [LoggerMessage(
        3,
        LogLevel.Critical,
        "{Observer} could not forget what it holds and may answer what is no longer so; restart the server"
    )]
    private static partial void ObserverStuck(ILogger logger, Exception fault, string observer);
}
