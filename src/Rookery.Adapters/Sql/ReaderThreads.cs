using System.Collections.Concurrent;
using System.Data.Common;
using Microsoft.Extensions.Logging;

namespace Rookery.Adapters.Sql;

/// <summary>
/// Reads from a database beyond the network: a few threads with a connection each, so that many readers share few connections and none of them
/// holds a thread of the server's while it waits.
/// </summary>
internal sealed partial class ReaderThreads : IDisposable
{
    private readonly ISqlEngine _engine;
    private readonly ILogger _logger;
    private readonly BlockingCollection<Job> _waiting;
    private readonly Thread[] _threads;

    public ReaderThreads(ISqlEngine engine, int count, int queueLength, ILogger logger)
    {
        (_engine, _logger) = (engine, logger);
        _waiting = new BlockingCollection<Job>(queueLength);
        _threads =
        [
            .. Enumerable
                .Range(0, count)
                .Select(i => new Thread(Loop) { IsBackground = true, Name = $"read {i}" }),
        ];
        Array.ForEach(_threads, thread => thread.Start());
    }

    /// <exception cref="StoreUnavailableException">Too many wait, or the database cannot be read.</exception>
    public Task<T> RunAsync<T>(Func<SqlSession, T> work)
    {
        var job = new Job<T>(work);
        return !_waiting.IsAddingCompleted && _waiting.TryAdd(job)
            ? job.Answer
            : Task.FromException<T>(
                new StoreUnavailableException("More reads are waiting than can be answered.")
            );
    }

    public void Dispose()
    {
        _waiting.CompleteAdding();
        Array.ForEach(_threads, thread => thread.Join());
        _waiting.Dispose();
    }

    private void Loop()
    {
        SqlSession? session = null;
        foreach (var job in _waiting.GetConsumingEnumerable())
        {
            session = Run(job, session);
        }

        session?.Dispose();
    }

    /// <summary>On a connection that has served before, a fault may be of yesterday: a read has no effect, so it is tried on a new one.</summary>
    private SqlSession? Run(Job job, SqlSession? held)
    {
        var session = held;
        while (true)
        {
            try
            {
                session ??= _engine.OpenReader();
                job.Run(session);
                return session;
            }
#pragma warning disable CA1031 // The thread serves others; the fault goes to whoever asked.
            catch (Exception fault)
#pragma warning restore CA1031
            {
                var isOld = session is not null && session == held;
                // What a fault left in a connection is not known: it is closed.
                session?.Dispose();
                session = null;
                if (fault is not DbException and not InvalidOperationException)
                {
                    job.Fail(fault);
                    return null;
                }

                if (!isOld)
                {
                    ReadFailed(_logger, fault);
                    job.Fail(new StoreUnavailableException("The database cannot be read.", fault));
                    return null;
                }
            }
        }
    }

    [LoggerMessage(1, LogLevel.Error, "The database could not be read")]
    private static partial void ReadFailed(ILogger logger, Exception fault);

    private abstract class Job
    {
        public abstract void Run(SqlSession session);

        public abstract void Fail(Exception fault);
    }

    private sealed class Job<T>(Func<SqlSession, T> work) : Job
    {
        private readonly TaskCompletionSource<T> _answer = new(
            TaskCreationOptions.RunContinuationsAsynchronously
        );

        public Task<T> Answer => _answer.Task;

        public override void Run(SqlSession session) => _answer.TrySetResult(work(session));

        public override void Fail(Exception fault) => _answer.TrySetException(fault);
    }
}
