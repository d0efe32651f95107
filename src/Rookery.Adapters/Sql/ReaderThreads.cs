using System.Collections.Concurrent;
using System.Data.Common;
using Microsoft.Extensions.Logging;

namespace Rookery.Adapters.Sql;

/// <summary>
/// Reads from a database beyond the network: a few threads with a connection each, so that many readers share few connections and none of them
/// holds a thread of the server's while it waits. Nor does anybody wait longer than the patience for a database that does not answer.
/// </summary>
internal sealed partial class ReaderThreads : IDisposable
{
    /// <summary>Of a database that does not say either what others commit: its silence is not this one read's.</summary>
    private static readonly TimeSpan ShortPatience = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(250);

    private const string Unread =
        "The database does not answer, and what was asked for is not in memory; try again in a few seconds.";

    private readonly ISqlEngine _engine;
    private readonly ILogger _logger;
    private readonly SqlOutage _outage;
    private readonly BlockingCollection<ReadJob> _waiting;
    private readonly Reader[] _readers;
    private readonly TimeSpan _patience;
    private readonly Func<bool> _isSilent;
    private readonly Timer _look;

    /// <param name="isSilent">The database has not said for seconds what is committed.</param>
    public ReaderThreads(ISqlEngine engine, SqlOptions options, Func<bool> isSilent, ILogger logger)
    {
        (_engine, _isSilent, _logger) = (engine, isSilent, logger);
        _outage = new SqlOutage(engine.Place, "reads", TimeProvider.System, logger);
        _patience = TimeSpan.FromSeconds(options.PatienceSeconds);
        _waiting = new BlockingCollection<ReadJob>(options.ReadQueueLength);
        _readers = [.. Enumerable.Range(0, options.Readers).Select(_ => new Reader())];
        foreach (var reader in _readers)
        {
            reader.Thread = new Thread(() => Loop(reader)) { IsBackground = true, Name = "read" };
            reader.Thread.Start();
        }

        _look = new Timer(_ => Look(), null, BetweenLooks, BetweenLooks);
    }

    /// <param name="atLeisure">It may take as long as it takes: nobody waits for it who could do without.</param>
    /// <exception cref="StoreUnavailableException">Too many wait, or the database cannot be read or does not answer.</exception>
    public Task<T> RunAsync<T>(Func<SqlSession, T> work, bool atLeisure = false)
    {
        var job = new ReadJob<T>(work, atLeisure);
        if (!atLeisure && Array.TrueForAll(_readers, reader => reader.IsStuck))
        {
            job.Fail(Late());
        }
        else if (_waiting.IsAddingCompleted || !_waiting.TryAdd(job))
        {
            job.Fail(new StoreUnavailableException("More reads are waiting than can be answered."));
        }

        return job.Answer;
    }

    /// <summary>
    /// Waits for reads no longer than anybody does: a database that does not answer answers no cancelling either, so its thread is left behind with what it
    /// owes, and ends with it or with the process.
    /// </summary>
    public void Dispose()
    {
        // With the look that may be at it now, which would find the queue gone.
        _look.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _waiting.CompleteAdding();
        var since = TimeProvider.System.GetTimestamp();
        var patience = Patience();
        var all = true;
        foreach (var reader in _readers)
        {
            var left = patience - TimeProvider.System.GetElapsedTime(since);
            all &= reader.Thread!.Join(left > TimeSpan.Zero ? left : TimeSpan.Zero);
        }

        if (all)
        {
            _waiting.Dispose();
            return;
        }

        foreach (var job in _waiting)
        {
            job.Fail(Late());
        }

        Array.ForEach(_readers, reader => reader.Abandon());
    }

    private TimeSpan Patience() =>
        _isSilent() && ShortPatience < _patience ? ShortPatience : _patience;

    private static StoreUnavailableException Late() =>
        new("The database does not answer; who asked waits no longer.") { Told = Unread };

    private void Loop(Reader reader)
    {
        SqlSession? session = null;
        foreach (var job in _waiting.GetConsumingEnumerable())
        {
            if (!job.IsAnswered)
            {
                session = Run(job, session, reader);
            }
        }

        session?.Dispose();
    }

    /// <summary>On a connection that has served before, a fault may be of yesterday: a read has no effect, so it is tried on a new one.</summary>
    private SqlSession? Run(ReadJob job, SqlSession? held, Reader reader)
    {
        var session = held;
        reader.Begin(job);
        try
        {
            while (true)
            {
                try
                {
                    session ??= _engine.OpenReader();
                    reader.Session = session;
                    job.Run(session);
                    _outage.Answered();
                    return session;
                }
#pragma warning disable CA1031 // The thread serves others; the fault goes to whoever asked.
                catch (Exception fault)
#pragma warning restore CA1031
                {
                    var isOld = session is not null && session == held;
                    // What a fault left in a connection is not known: it is closed.
                    reader.Session = null;
                    session?.Dispose();
                    session = null;
                    if (fault is not DbException and not InvalidOperationException)
                    {
                        job.Fail(fault);
                        return null;
                    }

                    // A read that nobody waits for any more is not worth another connection.
                    if (!isOld || job.IsAnswered)
                    {
                        if (!_outage.Failed(fault))
                        {
                            ReadFailed(_logger, fault, _engine.Place);
                        }

                        job.Fail(
                            new StoreUnavailableException("The database cannot be read.", fault)
                            {
                                Told = Unread,
                            }
                        );
                        return null;
                    }
                }
            }
        }
        finally
        {
            reader.End();
        }
    }

    /// <summary>Answers those who have waited long enough: whose read the database owes, and behind them whom no thread has come to.</summary>
    private void Look()
    {
        var patience = Patience();
        var stuck = 0;
        foreach (var reader in _readers)
        {
            stuck += reader.GiveUp(patience) ? 1 : 0;
        }

        if (stuck > 0)
        {
            StandsStill(_logger, _engine.Place, stuck);
        }

        if (_waiting.Count > 0)
        {
            foreach (var job in _waiting)
            {
                if (!job.AtLeisure && job.Age >= patience)
                {
                    job.Fail(Late());
                }
            }
        }
    }

    [LoggerMessage(1, LogLevel.Error, "{Where} could not be read")]
    private static partial void ReadFailed(ILogger logger, Exception fault, string where);

    [LoggerMessage(
        2,
        LogLevel.Error,
        "{Where} owes the answers of {Count} reads for longer than anybody waits"
    )]
    private static partial void StandsStill(ILogger logger, string where, int count);

    /// <summary>One thread, and what it is at.</summary>
    private sealed class Reader
    {
        private ReadJob? _job;
        private volatile SqlSession? _session;
        private long _begun;
        private volatile bool _isStuck;

        public Thread? Thread { get; set; }

        /// <summary>Null while it is being opened.</summary>
        public SqlSession? Session
        {
            get => _session;
            set => _session = value;
        }

        /// <summary>Somebody has waited in vain for what it is at now.</summary>
        public bool IsStuck => _isStuck;

        public void Begin(ReadJob job)
        {
            Volatile.Write(ref _begun, TimeProvider.System.GetTimestamp());
            Volatile.Write(ref _job, job);
        }

        public void End()
        {
            Volatile.Write(ref _job, null);
            _isStuck = false;
        }

        /// <summary>True where this is what makes it stuck.</summary>
        public bool GiveUp(TimeSpan patience)
        {
            if (
                Volatile.Read(ref _job) is not { AtLeisure: false, IsAnswered: false } job
                || !Owes(patience)
            )
            {
                return false;
            }

            _isStuck = true;
            job.Fail(Late());
            if (Volatile.Read(ref _job) != job)
            {
                // It came to its end meanwhile.
                _isStuck = false;
            }

            return true;
        }

        /// <summary>Whoever waits for what it is at does so no longer.</summary>
        public void Abandon() => Volatile.Read(ref _job)?.Fail(Late());

        private bool Owes(TimeSpan patience)
        {
            var since = Session?.OwedSince ?? Volatile.Read(ref _begun);
            return since != 0 && TimeProvider.System.GetElapsedTime(since) >= patience;
        }
    }
}
