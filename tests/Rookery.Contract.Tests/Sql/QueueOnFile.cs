using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Rookery.Adapters.Sql;
using Rookery.Delivery;
using Rookery.Graph;
using Rookery.TestKit;

namespace Rookery.Contract.Tests.Sql;

/// <summary>A commit queue on a file of its own, with a short log and a connection that tests can get in the way of. Rows are of <c>items</c>.</summary>
internal sealed class QueueOnFile : ILogger<WalCheckpointer>, IDisposable
{
    public const long FinishAbove = 1 << 20;

    private readonly TemporaryFolder _folder = new();
    private readonly SqliteEngine _engine;

    public QueueOnFile(SqlOptions? options = null)
    {
        var settings = options ?? new SqlOptions();
        var path = Path.Combine(_folder.Path, "rookery.db");
        _engine = new SqliteEngine(path, settings, Time, this, FinishAbove);
        using (var session = _engine.OpenWriter())
        {
            session.Run(
                "CREATE TABLE items (id INTEGER PRIMARY KEY, owner INTEGER REFERENCES items (id) DEFERRABLE INITIALLY DEFERRED, body BLOB)"
            );
        }

        Log = new FileInfo(path + "-wal");
        Writes = new CommitQueue(
            _engine,
            settings,
            new EventTypes([.. GraphEvents.Types]),
            Time,
            NullLogger<CommitQueue>.Instance
        );
    }

    /// <summary>It stands still, so nothing happens but what the test does.</summary>
    public FakeTime Time { get; } = new();

    /// <summary>The writer's.</summary>
    public async Task<SqliteConnection> ConnectionAsync(CancellationToken stop) =>
        (SqliteConnection)await Writes.RunAsync(commit => commit.Session.Connection, stop);

    public CommitQueue Writes { get; }

    public FileInfo Log { get; }

    /// <summary>Checkpoints that failed.</summary>
    public ConcurrentQueue<Exception?> CheckpointFaults { get; } = [];

    public Task<int> InsertAsync(long id, CancellationToken stop) =>
        Writes.RunAsync(commit => Insert(commit, id), stop);

    /// <summary>A row, and an event that says so.</summary>
    public static int Insert(CommitContext commit, long id)
    {
        var rows = commit.Session.Execute("INSERT INTO items (id) VALUES (@id)", id);
        commit.Emit(new Followed(new AccountId(id), new AccountId(id + 1)));
        return rows;
    }

    public Task<long> CountAsync(CancellationToken stop) =>
        Writes.RunAsync(commit => commit.Session.Number("SELECT count(*) FROM items", 0), stop);

    public void Dispose()
    {
        Writes.Dispose();
        _engine.Dispose();
        _folder.Dispose();
    }

    void ILogger.Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    ) => CheckpointFaults.Enqueue(exception);

    bool ILogger.IsEnabled(LogLevel logLevel) => true;

    IDisposable? ILogger.BeginScope<TState>(TState state) => null;
}
