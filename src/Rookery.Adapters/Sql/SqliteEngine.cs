using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace Rookery.Adapters.Sql;

/// <summary>One SQLite file, with one writer: this process.</summary>
internal sealed class SqliteEngine : ISqlEngine
{
    // FULL: a commit is on the disk before it returns. Checkpoints are ours (WalCheckpointer). Cache sizes are KiB.
    private const string WriterSettings =
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0; PRAGMA busy_timeout = 5000; PRAGMA cache_size = -16384;";

    private const string ReaderSettings =
        "PRAGMA query_only = ON; PRAGMA busy_timeout = 5000; PRAGMA cache_size = -4096;";

    private const string InsertEvent =
        "INSERT INTO outbox (sequence, name, version, payload, created_at) VALUES (@sequence, @name, @version, @payload, @created_at)";

    // SQLITE_BUSY, READONLY, IOERR, CORRUPT, FULL, CANTOPEN.
    private const int FullDisk = 13;

    private readonly string _path;
    private readonly DiskGuard _disk;
    private readonly WalCheckpointer _checkpointer;

    public SqliteEngine(string path, SqlOptions options, TimeProvider time, ILoggerFactory logs)
        : this(
            path,
            options,
            time,
            logs.CreateLogger<WalCheckpointer>(),
            WalCheckpointer.FinishAbove
        ) { }

    internal SqliteEngine(
        string path,
        SqlOptions options,
        TimeProvider time,
        ILogger<WalCheckpointer> logger,
        long finishAbove
    )
    {
        SystemSqlite.Use();
        _path = path;
        _disk = new DiskGuard(path, options.MinimumFreeBytes, time);
        _checkpointer = new WalCheckpointer(
            path,
            () => Open(writable: true),
            time,
            logger,
            finishAbove
        );
    }

    public string Description => $"SQLite {SystemSqlite.Use()}, {_path}";

    public string Place => $"The database {_path}";

    public bool IsLocal => true;

    public string? Problem =>
        _disk.IsLow() ? "The disk is nearly full; no write is accepted." : null;

    public SqlSession OpenWriter()
    {
        SqlSession? writer = null;
        try
        {
            writer = Open(writable: true);
            Migrations.Apply(writer);
            _checkpointer.Bound(writer);
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

    public SqlSession OpenReader() => Open(writable: false);

    public StoreUnavailableException? Refusal() => _disk.IsLow() ? DiskGuard.Full(null) : null;

    public LastIssued? Begin(SqlSession writer, Action<SqlSession> ask)
    {
        writer.Run("BEGIN IMMEDIATE");
        return null;
    }

    public void Commit(SqlSession writer, LastIssued issued) => writer.Run("COMMIT");

    public void Append(SqlSession writer, ReadOnlySpan<OutboxEntry> events)
    {
        foreach (var entry in events)
        {
            writer.Execute(
                InsertEvent,
                entry.Sequence,
                entry.Name,
                (long)entry.Version,
                entry.Payload,
                entry.CreatedAt
            );
        }
    }

    public LastIssued ReadLastIssued(SqlSession session)
    {
        // Tombstones keep their ids, so the largest id is the last one issued. AUTOINCREMENT remembers the sequence when all rows were pruned.
        var last = Math.Max(
            session.Number("SELECT max(id) FROM posts", 0),
            session.Number("SELECT max(id) FROM accounts", 0)
        );
        return new LastIssued(
            Snowflake.MillisecondsOf(last),
            session.Number(SqlOutboxStore.SelectLastSequence, 0)
        );
    }

    public void Tend(SqlSession writer) => _checkpointer.FinishIfLong(writer);

    public IPeers? Join(Func<Task<Told>> follow, Func<Func<SqlSession, long>, Task<long>> read) =>
        null;

    public void Doubt() => _disk.LookAgain();

    public bool IsFull(DbException fault) => fault is SqliteException { SqliteErrorCode: FullDisk };

    /// <summary>A full or broken disk is everybody's fault; a constraint or a bug is one member's.</summary>
    public bool IsStoreFault(Exception fault) =>
        fault is SqliteException { SqliteErrorCode: 5 or 8 or 10 or 11 or FullDisk or 14 };

    public bool IsUndone(Exception fault) => false;

    public bool IsBroken(SqlSession session) => false;

    public void Dispose() => _checkpointer.Dispose();

    private SqliteSession Open(bool writable)
    {
        var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder
            {
                DataSource = _path,
                Pooling = false,
                ForeignKeys = true,
            }.ToString()
        );
        var session = new SqliteSession(connection);
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
}
