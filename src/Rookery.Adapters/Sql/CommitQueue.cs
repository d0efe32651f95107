using System.Data.Common;
using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Rookery.Delivery;
using Rookery.Telemetry;

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

    private const string Unconfirmed =
        "The database could not confirm the write; it may be stored or not. Repeat a post with the same Idempotency-Key.";

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(250);

    private readonly ISqlEngine _engine;
    private readonly SqlOptions _options;
    private readonly WaitingWrites _waiting;
    private readonly CommitContext _context;
    private readonly EventTypes _events;
    private readonly TimeProvider _time;
    private readonly TimeSpan _patience;
    private readonly ILogger<CommitQueue> _logger;
    private readonly SqlOutage _outage;
    private readonly CommitObservers _observers;
    private readonly CommitGroup _group;
    private readonly Thread _thread;
    private long _committed;

    // When a group last failed; 0 after one that did not.
    private long _failedAt;

    /// <param name="turn">Held while observers are told: for those whom other databases tell too.</param>
    /// <exception cref="StoreUnavailableException">The database cannot be opened for writing.</exception>
    public CommitQueue(
        ISqlEngine engine,
        SqlOptions options,
        EventTypes events,
        TimeProvider time,
        ILogger<CommitQueue> logger,
        Lock? turn = null
    )
    {
        (_engine, _options, _events) = (engine, options, events);
        (_time, _logger) = (time, logger);
        _outage = new SqlOutage(engine.Place, "writes", time, logger);
        _patience = TimeSpan.FromSeconds(options.PatienceSeconds);
        _context = new CommitContext(engine, engine.OpenWriter(), events, time);
        _observers = new CommitObservers(
            events,
            _context.CommittedThrough,
            turn ?? new Lock(),
            logger
        );
        _group = new CommitGroup(engine, _context, _observers);
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
    public Task<T> RunAsync<T>(Func<CommitContext, T> work, CancellationToken token) =>
        RunAsync(new CommitMember<T>(work, null), token);

    /// <summary>As the other one, for work that many ask for at the same time.</summary>
    /// <param name="want">Says what the work will read, so that it is read for the whole group at once.</param>
    public Task<T> RunAsync<T>(
        Func<CommitContext, T> work,
        Action<ReadsAhead> want,
        CancellationToken token
    ) => RunAsync(new CommitMember<T>(work, want), token);

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

    /// <summary>Who is told of groups; null: nobody.</summary>
    public TelemetryEvents? Telemetry { get; set; }

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
        _context.Session.Dispose();
    }

    private async Task<T> RunAsync<T>(CommitMember<T> member, CancellationToken token)
    {
        if (IsOwed)
        {
            throw Late(isStored: false);
        }

        await _waiting.AddAsync(member, token);
        return _engine.IsLocal ? await member.Answer : await WithPatienceAsync(member);
    }

    /// <summary>Work that takes long is waited for, a database that does not answer is not.</summary>
    private async Task<T> WithPatienceAsync<T>(CommitMember<T> member)
    {
        for (var patience = _patience; ; patience = BetweenLooks)
        {
            await ((Task)member.Answer)
                .WaitAsync(patience, TimeProvider.System, CancellationToken.None)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (member.Answer.IsCompleted)
            {
                return await member.Answer;
            }

            if (IsOwed || !_context.Session.IsOpen)
            {
                Volatile.Write(ref _failedAt, Math.Max(1, _time.GetTimestamp()));
                throw Late(isStored: !member.TryGiveUp());
            }
        }
    }

    /// <summary>The database has owed an answer for longer than anybody waits: whoever comes now would wait in vain.</summary>
    private bool IsOwed =>
        _context.Session.OwedSince is var since
        && since != 0
        && TimeProvider.System.GetElapsedTime(since) >= _patience;

    private void Loop()
    {
        while (_waiting.Take(_group.Members, _options.GroupSize))
        {
            try
            {
                RunGroup();
            }
#pragma warning disable CA1031 // This thread's end would be the store's: whatever it meets, the group is answered and the next one taken.
            catch (Exception fault)
#pragma warning restore CA1031
            {
                SayFailed(fault);
                _group.RollBack();
                FailAll(
                    new StoreUnavailableException("The database cannot take a write now.", fault)
                );
            }
        }
    }

    private void RunGroup()
    {
        _group.Arrange();
        try
        {
            if (_group.Members.Count == 0 && _group.Following.Count == 0)
            {
                // Nobody waits for them any more.
            }
            else if (_group.Members.Count == 0)
            {
                FollowOthers();
            }
            else if (_engine.Refusal() is { } refusal)
            {
                FailAll(refusal);
            }
            else
            {
                StoreGroup();
            }
        }
        finally
        {
            _group.Following.ForEach(member => member.Fail(Unread(null)));
            _group.Following.Clear();
        }
    }

    private void FollowOthers()
    {
        try
        {
            _group.Follow();
        }
        catch (Exception fault) when (_group.IsOfTheStore(fault))
        {
            _group.Following.ForEach(member => member.Fail(Unread(fault)));
        }
    }

    private void StoreGroup()
    {
        var begun = Stopwatch.GetTimestamp();
        if (!TryCommit())
        {
            return;
        }

        // From here on the group stands, whatever happens.
        _observers.Tell(_context.Emitted, _context.CommittedThrough);
        Volatile.Write(ref _committed, _committed + _group.Members.Count);
        Volatile.Write(ref _failedAt, 0);
        _outage.Answered();
        Measure(Stopwatch.GetElapsedTime(begun));
        Answer();
        _engine.Tend(_context.Session);
    }

    private void Measure(TimeSpan took)
    {
        if (Telemetry is not { } telemetry)
        {
            return;
        }

        telemetry.GroupCommitted(_group.Members.Count, took);
        foreach (var committed in _context.Emitted)
        {
            telemetry.EventCommitted(_events.Of(committed.Event).Name);
        }
    }

    private void Answer()
    {
        Task? confirmed = null;
        foreach (var member in _group.Members)
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
        try
        {
            _group.Commit();
            return true;
        }
        catch (Exception fault) when (_group.IsOfTheStore(fault))
        {
            CouldNotCommit(fault);
            return false;
        }
    }

    private void CouldNotCommit(Exception fault)
    {
        SayFailed(fault);
        Volatile.Write(ref _failedAt, Math.Max(1, _time.GetTimestamp()));
        _engine.Doubt();
        Telemetry?.GroupFailed();
        _group.RollBack();
        if (_group.IsCommitting && Peers is null)
        {
            // Whether the commit reached the disk is not known after an I/O error: nothing held in memory may be believed. Where others write too, the next look at
            // the outbox tells of it as of theirs, and until then memory is what reads are answered from.
            _observers.Forget();
        }

        FailAll(
            fault is DbException known && _engine.IsFull(known)
                ? DiskGuard.Full(fault)
                : new StoreUnavailableException(
                    _group.IsCommitting ? Unconfirmed : "The database cannot take a write now.",
                    fault
                )
        );
    }

    private static StoreUnavailableException Late(bool isStored) =>
        new(isStored ? Unconfirmed : "The database does not answer; nothing was stored.");

    private static StoreUnavailableException Unread(Exception? fault) =>
        new("The database cannot be read.", fault!);

    private void FailAll(Exception fault) => _group.Members.ForEach(member => member.Fail(fault));

    private void SayFailed(Exception fault)
    {
        if (!_outage.Failed(fault, _group.Members.Count))
        {
            GroupFailed(_logger, fault, _group.Members.Count, _engine.Place);
        }
    }

    [LoggerMessage(
        1,
        LogLevel.Error,
        "A group of {Count} writes could not be committed to {Where}"
    )]
    private static partial void GroupFailed(
        ILogger logger,
        Exception fault,
        int count,
        string where
    );
}
