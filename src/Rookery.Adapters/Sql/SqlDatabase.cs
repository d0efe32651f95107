using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Rookery.Delivery;

namespace Rookery.Adapters.Sql;

/// <summary>
/// One database: its schema, this process's one writer (<see cref="Writes"/>) and readers that never block it.
/// </summary>
internal sealed class SqlDatabase : ICommitLease, IDisposable
{
    private readonly ISqlEngine _engine;
    private readonly ReaderThreads? _readers;
    private readonly ReadersHere _here;
    private readonly IPeers? _peers;
    private int _disposed;

    /// <exception cref="StoreUnavailableException">It cannot be opened; the message says what to do.</exception>
    public SqlDatabase(
        ISqlEngine engine,
        SqlOptions options,
        EventTypes events,
        TimeProvider time,
        ILoggerFactory logs,
        Lock? turn = null
    )
    {
        _engine = engine;
        ILogger logger = logs.CreateLogger<SqlDatabase>();
        _here = new ReadersHere(engine, logger);
        Writes = new CommitQueue(
            engine,
            options,
            events,
            time,
            logs.CreateLogger<CommitQueue>(),
            turn
        );
        _readers = engine.IsLocal
            ? null
            : new ReaderThreads(engine, options, () => _peers is { IsHeld: false }, logger);
        _peers = engine.Join(Writes.FollowAsync, work => ReadAsync(work).AsTask());
        Writes.Peers = _peers;
    }

    public CommitQueue Writes { get; }

    public string Description => _engine.Description;

    /// <summary>Which outbox this database has; empty until somebody has asked for it.</summary>
    public string Outbox { get; private set; } = "";

    public bool IsHeld => _peers?.IsHeld ?? true;

    public bool IsFirst => _peers?.IsFirst ?? true;

    public TimeSpan Lapsed => _peers?.Lapsed ?? TimeSpan.Zero;

    /// <summary>Which outbox this is, among all there ever are: drawn when it is first asked for.</summary>
    public async Task<string> IdentifyAsync(CancellationToken token)
    {
        if (Outbox.Length == 0)
        {
            Outbox = await ReadAtLeisureAsync(Identity);
        }

        if (Outbox.Length == 0)
        {
            var chosen = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
            Outbox = await StartWrites.RunAsync(
                Writes,
                commit =>
                {
                    commit.Session.Execute(
                        "UPDATE relay_position SET outbox = @chosen WHERE id = 1 AND outbox = ''",
                        chosen
                    );
                    return Identity(commit.Session);
                },
                token
            );
        }

        return Outbox;
    }

    private static string Identity(SqlSession session) =>
        session.One("SELECT outbox FROM relay_position WHERE id = 1", row => row.GetString(0))!;

    public ValueTask<bool> RenewAsync(CancellationToken token) =>
        _peers?.RenewAsync(token) ?? ValueTask.FromResult(true);

    /// <summary>One database for everything: that of <c>Databases:Default</c>, or the SQLite file.</summary>
    /// <param name="path">Of the SQLite file, where the settings name no other database.</param>
    public static SqlDatabase Open(
        string path,
        SqlOptions options,
        EventTypes events,
        TimeProvider time,
        ILoggerFactory logs
    ) => Open(SqlPlace.OfAll(path, options), options, events, time, logs, null);

    /// <param name="turn">Held while observers are told.</param>
    public static SqlDatabase Open(
        SqlPlace place,
        SqlOptions options,
        EventTypes events,
        TimeProvider time,
        ILoggerFactory logs,
        Lock? turn
    )
    {
        ISqlEngine engine = place.IsFile
            ? new SqliteEngine(place.Connection, options, time, logs)
            : new PostgresEngine(place, options, time, logs);
        try
        {
            return new SqlDatabase(engine, options, events, time, logs, turn);
        }
        catch
        {
            engine.Dispose();
            throw;
        }
    }

    /// <summary>Reads on a connection of its own: a statement sees a whole number of committed groups.</summary>
    /// <exception cref="StoreUnavailableException">The database cannot be read, or does not answer.</exception>
    public ValueTask<T> ReadAsync<T>(Func<SqlSession, T> work) =>
        _readers is null
            ? ValueTask.FromResult(_here.Run(work))
            : new ValueTask<T>(_readers.RunAsync(work));

    /// <summary>As <see cref="ReadAsync"/>, for what goes through much and takes its time: it is waited for.</summary>
    public ValueTask<T> ReadAtLeisureAsync<T>(Func<SqlSession, T> work) =>
        _readers is null
            ? ValueTask.FromResult(_here.Run(work))
            : new ValueTask<T>(_readers.RunAsync(work, atLeisure: true));

    /// <summary>As <see cref="ReadAtLeisureAsync"/>, for starts and for tests: the thread waits.</summary>
    public T Read<T>(Func<SqlSession, T> work) =>
        _readers is null
            ? _here.Run(work)
            : _readers.RunAsync(work, atLeisure: true).GetAwaiter().GetResult();

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        // Writers first: what they have committed is answered only when the others know.
        Writes.Close();
        _peers?.Dispose();
        Writes.Dispose();
        _readers?.Dispose();
        _here.Dispose();
        _engine.Dispose();
    }
}
