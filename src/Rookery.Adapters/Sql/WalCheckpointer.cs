namespace Rookery.Adapters.Sql;

/// <summary>
/// Copies the write-ahead log into the database file beside the writer, so that no commit waits for it. Under steady writes a
/// checkpoint beside the writer never catches the log's end; above <see cref="FinishAbove"/> the writer copies the short rest
/// itself between two groups, and the log starts over.
/// </summary>
internal sealed class WalCheckpointer : IDisposable
{
    private const long StartAbove = 8 << 20;
    private const long FinishAbove = 64 << 20;

    private readonly FileInfo _log;
    private readonly Func<SqlSession> _open;
    private readonly ITimer _timer;
    private readonly Lock _running = new();
    private SqlSession? _session;
    private long _finishAgainAbove = FinishAbove;

    public WalCheckpointer(string path, Func<SqlSession> open, TimeProvider time)
    {
        _log = new FileInfo(path + "-wal");
        _open = open;
        var interval = TimeSpan.FromMilliseconds(250);
        _timer = time.CreateTimer(_ => CopyBeside(), null, interval, interval);
    }

    /// <summary>Called by the commit thread between groups.</summary>
    public void FinishIfLong(SqlSession writer)
    {
        if (Length() > _finishAgainAbove)
        {
            writer.Run("PRAGMA wal_checkpoint(PASSIVE)");
            // A reader may hold the log open; the next try waits until it has grown as much again.
            _finishAgainAbove = Length() + FinishAbove;
        }
        else if (Length() < FinishAbove)
        {
            _finishAgainAbove = FinishAbove;
        }
    }

    public void Dispose()
    {
        _timer.Dispose();
        lock (_running)
        {
            _session?.Dispose();
            _session = null;
        }
    }

    private void CopyBeside()
    {
        if (Length() < StartAbove || !_running.TryEnter())
        {
            return;
        }

        try
        {
            _session ??= _open();
            _session.Run("PRAGMA wal_checkpoint(PASSIVE)");
        }
        catch (Microsoft.Data.Sqlite.SqliteException)
        {
            // A full disk or a busy file: the log keeps everything, and the next tick tries again.
            _session?.Dispose();
            _session = null;
        }
        finally
        {
            _running.Exit();
        }
    }

    private long Length()
    {
        _log.Refresh();
        return _log.Exists ? _log.Length : 0;
    }
}
