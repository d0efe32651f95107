using System.Collections.Concurrent;
using System.Data.Common;
using Microsoft.Extensions.Logging;

namespace Rookery.Adapters.Sql;

/// <summary>
/// Reads from a file of this machine on the thread of whoever asks, on connections that are kept. Once closed nothing opens the file again, and who reads
/// then is waited for: it is somebody else's afterwards, or gone.
/// </summary>
internal sealed partial class ReadersHere(ISqlEngine engine, ILogger logger) : IDisposable
{
    private readonly ConcurrentBag<SqlSession> _idle = [];
    private int _reading;
    private volatile bool _closed;

    /// <exception cref="StoreUnavailableException">The database cannot be read, or is closed.</exception>
    public T Run<T>(Func<SqlSession, T> work)
    {
        // Counted first: who closes sees either the count, or is seen to have closed.
        Interlocked.Increment(ref _reading);
        try
        {
            return _closed
                ? throw new StoreUnavailableException("The database is closed.")
                : RunOn(work);
        }
        catch (DbException fault)
        {
            ReadFailed(logger, fault, engine.Place);
            throw new StoreUnavailableException("The database cannot be read.", fault);
        }
        finally
        {
            Interlocked.Decrement(ref _reading);
        }
    }

    public void Dispose()
    {
        _closed = true;
        var wait = new SpinWait();
        while (Volatile.Read(ref _reading) > 0)
        {
            wait.SpinOnce();
        }

        while (_idle.TryTake(out var session))
        {
            session.Dispose();
        }
    }

    private T RunOn<T>(Func<SqlSession, T> work)
    {
        var session = _idle.TryTake(out var idle) ? idle : engine.OpenReader();
        var whole = false;
        try
        {
            var answer = work(session);
            whole = true;
            return answer;
        }
        finally
        {
            // What a fault left in a connection is not known: it is closed.
            if (whole)
            {
                _idle.Add(session);
            }
            else
            {
                session.Dispose();
            }
        }
    }

    [LoggerMessage(1, LogLevel.Error, "{Where} could not be read")]
    private static partial void ReadFailed(ILogger logger, Exception fault, string where);
}
