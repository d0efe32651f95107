using System.Data.Common;
using Microsoft.Extensions.Logging;
using Rookery.Delivery;

namespace Rookery.Adapters.Sql;

/// <summary>
/// This process's one writer of a database. Writes that wait together are committed together, each with its own outcome: one that
/// fails is taken out and never fails its neighbours. What a write emits goes to the outbox in the same transaction, and to the
/// observers after the commit and before anybody is answered.
/// </summary>
internal sealed partial class CommitQueue : IDisposable
{
    /// <summary>A balancer that sends nothing lets nobody find out that writes work again, so a failure is not held against the store for longer.</summary>
    private static readonly TimeSpan FailureLasts = TimeSpan.FromSeconds(10);

    private readonly ISqlEngine _engine;
    private readonly SqlOptions _options;
    private readonly WaitingWrites _waiting;
    private readonly CommitContext _context;
    private readonly TimeProvider _time;
    private readonly ILogger<CommitQueue> _logger;
    private readonly CommitObservers _observers;
    private readonly List<CommitMember> _group = [];
    private readonly Thread _thread;
    private SqlSession _session;
    private long _committed;

    // When a group last failed; 0 after one that did not.
    private long _failedAt;

    /// <exception cref="StoreUnavailableException">The database cannot be opened for writing.</exception>
    public CommitQueue(
        ISqlEngine engine,
        SqlOptions options,
        EventTypes events,
        TimeProvider time,
        ILogger<CommitQueue> logger
    )
    {
        (_engine, _options) = (engine, options);
        (_time, _logger) = (time, logger);
        _session = engine.OpenWriter();
        _context = new CommitContext(engine, _session, events, time);
        _observers = new CommitObservers(events, _context.CommittedThrough, logger);
        _waiting = new WaitingWrites(options.QueueLength, time);
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

            if (_engine.Problem is { } problem)
            {
                return problem;
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
        await _waiting.AddAsync(member, token);
        return await member.Answer;
    }

    /// <summary>Makes the observers forget all that they hold, on the commit thread as they expect it.</summary>
    public Task ForgetAsync(CancellationToken token) =>
        RunAsync(
            _ =>
            {
                // Twice is as good as once.
                _observers.Forget();
                return Done.Instance;
            },
            token
        );

    /// <summary>Who must have learned of a write that takes something away before it is answered; null where there is nobody else.</summary>
    public IPeers? Peers { get; set; }

    /// <summary>Has the observers told of what other processes committed before the call, in the order of all commits.</summary>
    /// <exception cref="StoreUnavailableException">The database cannot be read, or the queue is full.</exception>
    public async Task<Told> FollowAsync()
    {
        var member = new FollowMember();
        await _waiting.AddAsync(member, CancellationToken.None);
        return await member.Answer;
    }

    /// <summary>Takes no further write and waits for the last group. What observes commits may be disposed after this.</summary>
    public void Close()
    {
        _waiting.Complete();
        _thread.Join();
    }

    public void Dispose()
    {
        Close();
        _session.Dispose();
    }

    private void Loop()
    {
        while (_waiting.Take(_group, _options.GroupSize))
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
        FollowOthers();
        if (_group.Count == 0)
        {
            return;
        }

        if (_engine.Refusal() is { } refusal)
        {
            FailAll(refusal);
        }
        else
        {
            CommitGroup();
        }
    }

    private void CommitGroup()
    {
        if (!TryCommit())
        {
            return;
        }

        // From here on the group stands, whatever happens.
        _observers.Tell(_context.Emitted, _context.CommittedThrough);
        Volatile.Write(ref _committed, _committed + _group.Count);
        Volatile.Write(ref _failedAt, 0);
        Answer();
        _engine.Tend(_session);
    }

    private void Answer()
    {
        Task? confirmed = null;
        foreach (var member in _group)
        {
            if (member.Narrows && Peers is { } peers)
            {
                confirmed ??= peers.ConfirmedAsync(_context.CommittedThrough);
                confirmed.ContinueWith(_ => member.Succeed(), TaskScheduler.Default);
            }
            else
            {
                member.Succeed();
            }
        }
    }

    private bool TryCommit()
    {
        var committing = false;
        try
        {
            Begin();
            if (!TryRunTogether())
            {
                RunOneByOne();
            }

#if SEEDED_BUGS
            if (SeededBugs.Is("acknowledged-before-commit"))
                _group.ForEach(member => member.Succeed());
#endif
            _context.Flush();
            committing = true;
            _context.Commit();
            return true;
        }
        catch (Exception fault) when (IsOfTheStore(fault))
        {
            CouldNotCommit(fault, committing);
            return false;
        }
    }

    private void Begin()
    {
        OnWholeConnection(_context.Start);
        _observers.TellOfOthers(_session, _context.CommittedThrough);
    }

    /// <summary>The connection may have broken while nobody used it: then nothing was begun on it, and another may do.</summary>
    private void OnWholeConnection(Action work)
    {
        try
        {
            work();
        }
        catch (Exception fault) when (IsOfTheStore(fault) && _engine.IsBroken(_session))
        {
            _session.Dispose();
            _session = _engine.OpenWriter();
            _context.Use(_session);
            work();
        }
    }

    /// <summary>Outside a transaction: groups follow each other, so what can be read has no holes.</summary>
    private void FollowOthers()
    {
        if (_engine.IsLocal)
        {
            return;
        }

        var following = _group.OfType<FollowMember>().ToList();
        if (following.Count == 0)
        {
            return;
        }

        _group.RemoveAll(member => member is FollowMember);
        try
        {
            OnWholeConnection(() =>
                _observers.TellOfOthers(_session, _engine.ReadLastIssued(_session).Sequence)
            );
            following.ForEach(member => member.Succeed(_observers.Told));
        }
        catch (Exception fault) when (IsOfTheStore(fault))
        {
            var unread = new StoreUnavailableException("The database cannot be read.", fault);
            following.ForEach(member => member.Fail(unread));
        }
    }

    private void CouldNotCommit(Exception fault, bool committing)
    {
        GroupFailed(_logger, fault, _group.Count);
        Volatile.Write(ref _failedAt, Math.Max(1, _time.GetTimestamp()));
        _engine.Doubt();
        RollBack();
        if (committing)
        {
            // Whether the commit reached the disk is not known after an I/O error: nothing held in memory may be believed.
            _observers.Forget();
        }

        FailAll(
            fault is DbException known && _engine.IsFull(known)
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
            _group.ForEach(Run);
            return true;
        }
#pragma warning disable CA1031 // Whatever a member throws is that member's: it is run again alone, where it answers for itself.
        catch (Exception)
#pragma warning restore CA1031
        {
            RollBack();
            Begin();
            return false;
        }
    }

    private void Run(CommitMember member)
    {
        _context.Narrowed = false;
        member.Run(_context);
        member.Narrows = _context.Narrowed;
    }

    private void RunOneByOne()
    {
        for (var i = 0; i < _group.Count; i++)
        {
            var emitted = _context.Emitted.Count;
            _session.Run("SAVEPOINT member");
            try
            {
                Run(_group[i]);
            }
#pragma warning disable CA1031 // The fault is handed to the member's caller.
            catch (Exception fault) when (!_engine.IsStoreFault(fault))
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

    // A connection that broke says so, at its next use, in a way of its own.
    private bool IsOfTheStore(Exception fault) =>
        fault is DbException or StoreUnavailableException
        || (fault is InvalidOperationException && _engine.IsBroken(_session));

    private void RollBack()
    {
        try
        {
            _session.Run("ROLLBACK");
        }
        catch (Exception fault) when (IsOfTheStore(fault))
        {
            // Some faults have already rolled the transaction back, or closed the connection; then there is none to end.
        }
    }

    private void FailAll(Exception fault) => _group.ForEach(member => member.Fail(fault));

    [LoggerMessage(1, LogLevel.Error, "A group of {Count} writes could not be committed")]
    private static partial void GroupFailed(ILogger logger, Exception fault, int count);
}
