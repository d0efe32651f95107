using Rookery.Delivery;

namespace Rookery.Adapters.Sql;

/// <summary>The outbox of a SQL database with one committing thread, whose order is the order of sequences.</summary>
internal sealed class SqlOutboxStore : IOutboxStore, ICommitObserver, IDisposable
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);

    private const string SelectRows =
        "SELECT sequence, name, version, payload FROM outbox WHERE sequence > @after ORDER BY sequence LIMIT @limit";

    private const string UpsertDeadLetter = """
        INSERT INTO dead_letters (consumer, sequence, name, version, payload, attempts, error, created_at)
        VALUES (@consumer, @sequence, @name, @version, @payload, @attempts, @error, @created_at)
        ON CONFLICT (consumer, sequence) DO UPDATE SET attempts = excluded.attempts, error = excluded.error
        """;

    private const string SelectDeadLetters = """
        SELECT consumer, sequence, name, version, payload, attempts, error, created_at FROM dead_letters ORDER BY sequence, consumer
        """;

    private readonly SqlDatabase _database;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _committed = new(0, 1);
    private long _last;

    public SqlOutboxStore(SqlDatabase database, TimeProvider time)
    {
        (_database, _time) = (database, time);
        _last = database.Read(LastSequence);
        database.Writes.Observe(this);
    }

    public void OnCommitted(IReadOnlyList<Committed> group)
    {
        var last = group.Max(committed => committed.Sequence);
        if (last > _last)
        {
            Volatile.Write(ref _last, last);
            Wake();
        }
    }

    public void Forget() => Wake();

    public void Dispose() => _committed.Dispose();

    public async Task WaitAsync(long sequence, CancellationToken token)
    {
        if (Volatile.Read(ref _last) <= sequence)
        {
            await _committed.WaitAsync(LongestWait, token);
        }
    }

    public ValueTask<IReadOnlyList<OutboxRow>> ReadAsync(
        long after,
        int limit,
        CancellationToken token
    ) =>
        ValueTask.FromResult<IReadOnlyList<OutboxRow>>(
            _database.Read(session =>
                session.Many(SelectRows, row => ReadRow(row, 0), after, (long)limit)
            )
        );

    public ValueTask<long> PublishedThroughAsync(CancellationToken token) =>
        ValueTask.FromResult(
            _database.Read(session =>
                session.Number("SELECT published_through FROM relay_position WHERE id = 1", 0)
            )
        );

    public Task AdvanceAsync(long publishedThrough, CancellationToken token) =>
        _database.Writes.RunAsync(
            commit =>
                commit.Session.Execute(
                    "UPDATE relay_position SET published_through = max(published_through, @through) WHERE id = 1",
                    publishedThrough
                ),
            token
        );

    public Task BuryAsync(DeadLetter letter, CancellationToken token) =>
        _database.Writes.RunAsync(
            commit =>
                commit.Session.Execute(
                    UpsertDeadLetter,
                    letter.Consumer,
                    letter.Event.Sequence,
                    letter.Event.Name,
                    (long)letter.Event.Version,
                    letter.Event.Payload.ToArray(),
                    (long)letter.Attempts,
                    letter.Error,
                    letter.BuriedAt.ToUnixTimeMilliseconds()
                ),
            token
        );

    public ValueTask<IReadOnlyList<DeadLetter>> DeadLettersAsync(CancellationToken token) =>
        ValueTask.FromResult<IReadOnlyList<DeadLetter>>(
            _database.Read(session =>
                session.Many(
                    SelectDeadLetters,
                    row => new DeadLetter(
                        row.GetString(0),
                        ReadRow(row, 1),
                        (int)row.GetInt64(5),
                        row.GetString(6),
                        DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(7))
                    )
                )
            )
        );

    public Task RemoveDeadLetterAsync(string consumer, long sequence, CancellationToken token) =>
        _database.Writes.RunAsync(
            commit =>
                commit.Session.Execute(
                    "DELETE FROM dead_letters WHERE consumer = @consumer AND sequence = @sequence",
                    consumer,
                    sequence
                ),
            token
        );

    public Task<int> PruneAsync(DateTimeOffset before, CancellationToken token) =>
        _database.Writes.RunAsync(
            commit =>
            {
                // Sequences and times grow together, so one bound serves both tables.
                var through = Math.Min(
                    commit.Session.Number(
                        "SELECT max(sequence) FROM outbox WHERE created_at < @before",
                        0,
                        before.ToUnixTimeMilliseconds()
                    ),
                    commit.Session.Number(
                        "SELECT published_through FROM relay_position WHERE id = 1",
                        0
                    )
                );
                return commit.Session.Execute(
                        "DELETE FROM outbox WHERE sequence <= @through",
                        through
                    )
                    + commit.Session.Execute(
                        "DELETE FROM inbox WHERE sequence <= @through AND NOT EXISTS (SELECT 1 FROM dead_letters d WHERE d.sequence = inbox.sequence)",
                        through
                    );
            },
            token
        );

    public ValueTask<long> LastSequenceAsync(CancellationToken token) =>
        ValueTask.FromResult(_database.Read(LastSequence));

    // AUTOINCREMENT keeps the last sequence here also when all rows were pruned.
    private static long LastSequence(SqlSession session) =>
        session.Number("SELECT seq FROM sqlite_sequence WHERE name = 'outbox'", 0);

    private static OutboxRow ReadRow(System.Data.Common.DbDataReader row, int from) =>
        new(
            row.GetInt64(from),
            row.GetString(from + 1),
            (int)row.GetInt64(from + 2),
            (byte[])row[from + 3]
        );

    private void Wake()
    {
        if (_committed.CurrentCount == 0)
        {
            _committed.Release();
        }
    }
}
