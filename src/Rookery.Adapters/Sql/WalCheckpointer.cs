using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace Rookery.Adapters.Sql;

/// <summary>
/// Copies the write-ahead log into the database file beside the writer, so that no commit waits for it. Under steady writes a
/// checkpoint beside the writer never catches the log's end; above a length the writer copies the short rest itself between two
/// groups, and the log starts over.
/// </summary>
internal sealed partial class WalCheckpointer : IDisposable
{
    public const long FinishAbove = 64 << 20;

    private const long StartAbove = 8 << 20;

    private readonly FileInfo _log;
    private readonly Func<SqlSession> _open;
    private readonly long _finishAbove;
    private readonly ILogger _logger;
    private readonly ITimer _timer;
    private readonly Lock _running = new();
    private SqlSession? _session;
    private bool _closed;
    private long _finishAgainAbove;

    public WalCheckpointer(
        string path,
        Func<SqlSession> open,
        TimeProvider time,
        ILogger<WalCheckpointer> logger,
        long finishAbove = FinishAbove
    )
    {
        _log = new FileInfo(path + "-wal");
        _open = open;
        _logger = logger;
        _finishAbove = _finishAgainAbove = finishAbove;
        var interval = TimeSpan.FromMilliseconds(250);
        _timer = time.CreateTimer(_ => CopyBeside(), null, interval, interval);
    }

    /// <summary>
    /// Makes the writer cut the file when the log starts over. SQLite would write the next log over the last one and leave the file as long as
    /// it ever was, and its length would say nothing of the log's.
    /// </summary>
    public void Bound(SqlSession writer) =>
        writer.Run($"PRAGMA journal_size_limit = {Math.Min(StartAbove, _finishAbove) / 2}");

    /// <summary>Called by the commit thread between groups. All that is in the log is on the disk, so a fault here is no writer's.</summary>
    public void FinishIfLong(SqlSession writer)
    {
        var length = Length();
        if (length > _finishAgainAbove)
        {
            Finish(writer);
            // A reader may hold the log open, or the disk be full; the next try waits until it has grown as much again.
            _finishAgainAbove = length + _finishAbove;
        }
        else if (length < _finishAbove)
        {
            _finishAgainAbove = _finishAbove;
        }
    }

    public void Dispose()
    {
        _timer.Dispose();
        lock (_running)
        {
            _session?.Dispose();
            _session = null;
            // The timer does not wait for what it has begun.
            _closed = true;
        }
    }

    private void Finish(SqlSession writer)
    {
        try
        {
            writer.Run("PRAGMA wal_checkpoint(PASSIVE)");
        }
        catch (SqliteException fault)
        {
            CheckpointFailed(_logger, fault);
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
            if (!_closed)
            {
                _session ??= _open();
                _session.Run("PRAGMA wal_checkpoint(PASSIVE)");
            }
        }
        catch (SqliteException)
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

    [LoggerMessage(
        1,
        LogLevel.Error,
        "The write-ahead log could not be copied into the database file; it grows until it can be"
    )]
    private static partial void CheckpointFailed(ILogger logger, Exception fault);
}
