using System.Collections.Concurrent;
using System.ComponentModel.DataAnnotations;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Rookery.Delivery;

namespace Rookery.Adapters.Sql;

/// <summary>How the database file is kept.</summary>
public sealed class SqlOptions
{
    public const string Section = "Databases";

    /// <summary>
    /// Writes are refused with 503 when less than this is free on the file's disk, before SQLite is hurt by it. In bytes.
    /// </summary>
    [Range(0, long.MaxValue)]
    public long MinimumFreeBytes { get; set; } = 4 << 20;

    /// <summary>Members of one group commit at most. Larger groups gain nothing and make their first member wait.</summary>
    [Range(1, 4096)]
    public int GroupSize { get; set; } = 256;

    /// <summary>Writes waiting for the commit thread at most; one more is answered 503.</summary>
    [Range(1, 1 << 20)]
    public int QueueLength { get; set; } = 8192;
}

/// <summary>
/// One database file: its schema, its one writer (<see cref="Writes"/>) and a pool of readers that never block it.
/// </summary>
internal sealed partial class SqlDatabase : IDisposable
{
    // FULL: a commit is on the disk before it returns. Checkpoints are ours (WalCheckpointer). Cache sizes are KiB.
    private const string WriterSettings =
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0; PRAGMA busy_timeout = 5000; PRAGMA cache_size = -16384;";

    private const string ReaderSettings =
        "PRAGMA query_only = ON; PRAGMA busy_timeout = 5000; PRAGMA cache_size = -4096;";

    private readonly ConcurrentBag<SqlSession> _readers = [];
    private readonly string _path;
    private readonly ILogger _logger;
    private readonly WalCheckpointer _checkpointer;

    public SqlDatabase(
        string path,
        SqlOptions options,
        EventTypes events,
        TimeProvider time,
        ILoggerFactory logs
    )
    {
        SystemSqlite.Use();
        _path = path;
        _logger = logs.CreateLogger<SqlDatabase>();
        var writer = OpenWriter();
        _checkpointer = new WalCheckpointer(
            path,
            () => Open(writable: true),
            time,
            logs.CreateLogger<WalCheckpointer>()
        );
        Writes = new CommitQueue(
            writer,
            options,
            new DiskGuard(path, options.MinimumFreeBytes, time),
            _checkpointer,
            events,
            time,
            logs.CreateLogger<CommitQueue>()
        );
    }

    public CommitQueue Writes { get; }

    /// <summary>Reads on a connection of its own: a statement sees a whole number of committed groups.</summary>
    /// <exception cref="StoreUnavailableException">The file cannot be read.</exception>
    public T Read<T>(Func<SqlSession, T> work)
    {
        SqlSession? session = null;
        var whole = false;
        try
        {
            session = _readers.TryTake(out var idle) ? idle : Open(writable: false);
            var answer = work(session);
            whole = true;
            return answer;
        }
        catch (SqliteException fault)
        {
            ReadFailed(_logger, fault);
            throw new StoreUnavailableException("The database cannot be read.", fault);
        }
        finally
        {
            GiveBack(session, whole);
        }
    }

    public void Dispose()
    {
        Writes.Dispose();
        _checkpointer.Dispose();
        while (_readers.TryTake(out var session))
        {
            session.Dispose();
        }
    }

    /// <summary>What a fault left in a connection is not known: it is closed.</summary>
    private void GiveBack(SqlSession? session, bool whole)
    {
        if (whole)
        {
            _readers.Add(session!);
        }
        else
        {
            session?.Dispose();
        }
    }

    private SqlSession OpenWriter()
    {
        SqlSession? writer = null;
        try
        {
            writer = Open(writable: true);
            Migrations.Apply(writer);
            return writer;
        }
        catch (SqliteException fault)
        {
            writer?.Dispose();
            throw new StoreUnavailableException(
                $"The database {_path} cannot be opened ({fault.Message.TrimEnd('.')}). It must be a file of Rookery's that this user may write; if it is damaged, put a backup in its place."
            );
        }
        catch (StoreUnavailableException)
        {
            writer?.Dispose();
            throw;
        }
    }

    private SqlSession Open(bool writable)
    {
        var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder
            {
                DataSource = _path,
                Pooling = false,
                ForeignKeys = true,
            }.ToString()
        );
        var session = new SqlSession(connection);
        try
        {
            connection.Open();
            session.Run(writable ? WriterSettings : ReaderSettings);
            return session;
        }
        catch (SqliteException)
        {
            session.Dispose();
            throw;
        }
    }

    [LoggerMessage(1, LogLevel.Error, "The database could not be read")]
    private static partial void ReadFailed(ILogger logger, Exception fault);
}
