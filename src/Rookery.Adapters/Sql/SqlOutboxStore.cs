using Rookery.Delivery;

namespace Rookery.Adapters.Sql;

/// <summary>The outbox of a SQL database with one committing thread, whose order is the order of sequences.</summary>
internal sealed class SqlOutboxStore : IOutboxStore, ICommitObserver
{
    // AUTOINCREMENT keeps the last sequence here also when all rows were pruned.
    internal const string SelectLastSequence =
        "SELECT seq FROM sqlite_sequence WHERE name = 'outbox'";

    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);

    internal const string SelectRows =
        "SELECT sequence, name, version, payload FROM outbox WHERE sequence > @after ORDER BY sequence LIMIT @limit";

    private const long PruneChunk = 2_000;

    // Sequences and times grow together, so the oldest rows are the first ones. What somebody has still to read stays, however old.
    private const string SelectOldest = """
        SELECT max(sequence) FROM (
            SELECT o.sequence, o.created_at FROM outbox o
            WHERE o.sequence <= (SELECT min(through) FROM (
                SELECT published_through AS through FROM relay_position UNION ALL SELECT applied_through FROM consumer_positions) t)
            ORDER BY o.sequence LIMIT @limit) oldest
        WHERE created_at < @before
        """;

    private const string SelectNextConsumer =
        "SELECT consumer FROM inbox WHERE consumer > @after ORDER BY consumer LIMIT 1";

    private const string DeleteOldestMarks = """
        DELETE FROM inbox WHERE consumer = @consumer AND sequence <= (
            SELECT max(sequence) FROM (
                SELECT sequence FROM inbox WHERE consumer = @consumer AND sequence <= @through ORDER BY sequence LIMIT @limit) oldest)
        """;

    private const string InsertConsumer = """
        INSERT INTO consumer_positions (consumer, applied_through)
        SELECT @consumer, published_through FROM relay_position WHERE id = 1
        ON CONFLICT DO NOTHING
        """;

    private const string DeleteOtherConsumers =
        "DELETE FROM consumer_positions WHERE consumer NOT IN (SELECT value FROM json_each(@consumers))";

    private const string UpdateConsumer = """
        UPDATE consumer_positions SET applied_through = @through WHERE consumer = @consumer AND applied_through < @through
        """;

    private const string UpsertDeadLetter = """
        INSERT INTO dead_letters (consumer, sequence, name, version, payload, attempts, error, created_at)
        VALUES (@consumer, @sequence, @name, @version, @payload, @attempts, @error, @created_at)
        ON CONFLICT (consumer, sequence) DO UPDATE SET attempts = excluded.attempts, error = excluded.error
        """;

    private const string SelectDeadLetters = """
        SELECT consumer, sequence, name, version, payload, attempts, error, created_at FROM dead_letters ORDER BY sequence, consumer
        """;

    private const string SelectOldestWaiting = """
        SELECT created_at FROM outbox
        WHERE sequence > (SELECT min(through) FROM (
            SELECT published_through AS through FROM relay_position UNION ALL SELECT applied_through FROM consumer_positions) t)
        ORDER BY sequence LIMIT 1
        """;

    private const string CountDeadLetters =
        "SELECT consumer, count(*) FROM dead_letters GROUP BY consumer";

    private readonly SqlDatabase _database;
    private readonly TimeProvider _time;
    private TaskCompletionSource _nextCommit = Signal();
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

    public Task<string> IdentityAsync(CancellationToken token) => _database.IdentifyAsync(token);

    public async Task WaitAsync(long sequence, CancellationToken token)
    {
        // Taken before the look: what is committed in between ends the wait.
        var nextCommit = Volatile.Read(ref _nextCommit).Task;
        if (Volatile.Read(ref _last) > sequence)
        {
            return;
        }

        // That nothing came in time is no fault: the caller looks all the same.
        await nextCommit
            .WaitAsync(LongestWait, _time, token)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        token.ThrowIfCancellationRequested();
    }

    public ValueTask<IReadOnlyList<OutboxRow>> ReadAsync(
        long after,
        int limit,
        CancellationToken token
    ) =>
        _database.ReadAsync<IReadOnlyList<OutboxRow>>(session =>
            session.Many(SelectRows, ReadRow, after, (long)limit)
        );

    public ValueTask<long> PublishedThroughAsync(CancellationToken token) =>
        _database.ReadAsync(session =>
            session.Number("SELECT published_through FROM relay_position WHERE id = 1", 0)
        );

    public Task AdvanceAsync(long publishedThrough, CancellationToken token) =>
        _database.Writes.RunAsync(
            commit =>
            {
                commit.Session.Later(
                    "UPDATE relay_position SET published_through = @through WHERE id = 1 AND published_through < @through",
                    publishedThrough
                );
                return Done.Instance;
            },
            token
        );

    public Task<IReadOnlyDictionary<string, long>> JoinAsync(
        IReadOnlyList<string> consumers,
        CancellationToken token
    ) =>
        _database.Writes.RunAsync<IReadOnlyDictionary<string, long>>(
            commit => Join(commit.Session, consumers),
            token
        );

    public Task AdvanceAsync(string consumer, long appliedThrough, CancellationToken token) =>
        _database.Writes.RunAsync(
            commit =>
            {
                commit.Session.Later(UpdateConsumer, appliedThrough, consumer);
                return Done.Instance;
            },
            token
        );

    public Task AddAppliedAsync(
        string consumer,
        IReadOnlyList<SequenceRange> ranges,
        CancellationToken token
    ) =>
        _database.Writes.RunAsync(
            commit =>
            {
                SqlAppliedStretches.Add(commit.Session, consumer, ranges);
                return Done.Instance;
            },
            token
        );

    public ValueTask<IReadOnlyList<JoinedConsumer>> ConsumersAsync(CancellationToken token) =>
        _database.ReadAsync<IReadOnlyList<JoinedConsumer>>(session =>
            session.Many(
                "SELECT consumer, applied_through, queue FROM consumer_positions ORDER BY consumer",
                row => new JoinedConsumer(row.GetString(0), row.GetInt64(1), row.GetInt64(2))
            )
        );

    public Task ReplaceQueueAsync(string consumer, long lost, CancellationToken token) =>
        _database.Writes.RunAsync(
            commit =>
                commit.Session.Execute(
                    "UPDATE consumer_positions SET queue = queue + 1 WHERE consumer = @consumer AND queue = @lost",
                    consumer,
                    lost
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
                    Storable.Text(letter.Event.Name),
                    (long)letter.Event.Version,
                    letter.Event.Payload.ToArray(),
                    (long)letter.Attempts,
                    Storable.Text(letter.Error),
                    letter.BuriedAt.ToUnixTimeMilliseconds()
                ),
            token
        );

    public ValueTask<IReadOnlyList<DeadLetter>> DeadLettersAsync(CancellationToken token) =>
        _database.ReadAsync<IReadOnlyList<DeadLetter>>(session =>
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

    /// <summary>In small commits: whoever writes meanwhile waits for one of them, not for an hour's rows.</summary>
    public async Task<int> PruneAsync(DateTimeOffset before, CancellationToken token)
    {
        var removed = 0;
        int some;
        do
        {
            some = await _database.Writes.RunAsync(
                commit => PruneSome(commit.Session, before.ToUnixTimeMilliseconds()),
                token
            );
            removed += some;
        } while (some > 0);
        return removed;
    }

    /// <summary>In small commits, as the outbox itself.</summary>
    public async Task PruneMarksAsync(string outbox, long through, CancellationToken token)
    {
        var consumers = await _database.ReadAsync(session =>
            MarkingConsumers(session).Where(one => SqlInbox.IsOf(one, outbox)).ToList()
        );
        foreach (var consumer in consumers)
        {
            int some;
            do
            {
                some = await _database.Writes.RunAsync(
                    commit =>
                        commit.Session.Execute(DeleteOldestMarks, consumer, through, PruneChunk),
                    token
                );
            } while (some == PruneChunk);
        }
    }

    public ValueTask<OutboxState> StateAsync(CancellationToken token) =>
        _database.ReadAsync(session => new OutboxState(
            session.Number(SelectOldestWaiting, -1) is var at and >= 0
                ? DateTimeOffset.FromUnixTimeMilliseconds(at)
                : null,
            session
                .Many(
                    CountDeadLetters,
                    row => KeyValuePair.Create(row.GetString(0), row.GetInt64(1))
                )
                .ToDictionary()
        ));

    public ValueTask<long> LastSequenceAsync(CancellationToken token) =>
        _database.ReadAsync(LastSequence);

    private static Dictionary<string, long> Join(
        SqlSession session,
        IReadOnlyList<string> consumers
    )
    {
        session.Execute(DeleteOtherConsumers, SqlList.Of(consumers));
        SqlAppliedStretches.Forget(session);
        foreach (var consumer in consumers)
        {
            session.Execute(InsertConsumer, consumer);
        }

        return session
            .Many(
                "SELECT consumer, applied_through FROM consumer_positions",
                row => KeyValuePair.Create(row.GetString(0), row.GetInt64(1))
            )
            .ToDictionary();
    }

    private static int PruneSome(SqlSession session, long before)
    {
        var through = session.Number(SelectOldest, 0, PruneChunk, before);
        if (through == 0)
        {
            return 0;
        }

        var removed = session.Execute("DELETE FROM outbox WHERE sequence <= @through", through);
        foreach (var consumer in MarkingConsumers(session).Where(SqlInbox.IsOfOwnOutbox))
        {
            removed += session.Execute(
                "DELETE FROM inbox WHERE consumer = @consumer AND sequence <= @through",
                consumer,
                through
            );
        }

        return removed;
    }

    /// <summary>As they stand in the inbox, by one step in its key for each: a consumer's marks may be millions.</summary>
    private static List<string> MarkingConsumers(SqlSession session)
    {
        var all = new List<string>();
        while (
            session.One(SelectNextConsumer, row => row.GetString(0), all.LastOrDefault(""))
                is { } next
        )
        {
            all.Add(next);
        }

        return all;
    }

    private static long LastSequence(SqlSession session) => session.Number(SelectLastSequence, 0);

    internal static OutboxRow ReadRow(System.Data.Common.DbDataReader row) => ReadRow(row, 0);

    private static OutboxRow ReadRow(System.Data.Common.DbDataReader row, int from) =>
        new(
            row.GetInt64(from),
            row.GetString(from + 1),
            (int)row.GetInt64(from + 2),
            (byte[])row[from + 3]
        );

    // Whoever waited must not go on on the commit thread.
    private static TaskCompletionSource Signal() =>
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Wake() => Interlocked.Exchange(ref _nextCommit, Signal()).TrySetResult();
}
