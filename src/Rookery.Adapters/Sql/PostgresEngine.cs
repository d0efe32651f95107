using System.Data.Common;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Rookery.Adapters.Sql;

/// <summary>
/// A PostgreSQL database that several processes may write to. Groups of writes follow each other, whoever's they are: each holds the row of
/// <c>last_issued</c> from its begin to its commit. So ids and sequences are issued in the order in which they become readable, and a process that
/// stops in the middle of a group is ended by the server, not waited for.
/// </summary>
internal sealed class PostgresEngine : ISqlEngine
{
    private const string ListenerSetting = $"{SqlOptions.Section}:{nameof(SqlOptions.Listener)}";
    private const int OldestVersion = 15;

    // A group takes milliseconds: who holds one for seconds is stopped or gone, and others' writes wait no longer than Databases:PatienceSeconds.
    private const string WriterSettings = $"""
        SET idle_in_transaction_session_timeout = '3s'; SET lock_timeout = '15s'; SET synchronous_commit = on; {Plans}
        """;

    // The same for one transaction: a pooler's connection is another's in the next.
    private const string GroupSettings = """
        SELECT set_config('idle_in_transaction_session_timeout', '3s', true), set_config('lock_timeout', '15s', true),
            set_config('synchronous_commit', 'on', true)
        """;

    private const string ReaderSettings =
        $"SET default_transaction_read_only = on; SET statement_timeout = '30s'; {Plans}";

    // Statements look things up by keys, so one plan is as good as the next, and making one for each call costs several times what it runs. One that
    // was made while a table was empty must not read the whole of it later.
    private const string Plans =
        "SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off; SET jit = off";

    // Whatever is read behind the lock is read as of then, not as of the begin.
    private const string BeginGroup = "BEGIN ISOLATION LEVEL READ COMMITTED";

    private const string LockLastIssued =
        "SELECT milliseconds, sequence FROM last_issued WHERE id = 1 FOR UPDATE";

    // By itself: beside the lock it would be the time before the wait for it.
    private const string SelectNow =
        "SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint";

    private const string UpdateLastIssued =
        "UPDATE last_issued SET milliseconds = @milliseconds, sequence = @sequence WHERE id = 1";

    private const string Tell = $"NOTIFY {PostgresPeers.Committed}";

    private const string InsertEvents = """
        INSERT INTO outbox (sequence, name, version, payload, created_at)
        SELECT * FROM unnest(@sequences, @names, @versions, @payloads, @times)
        """;

    private static readonly TimeSpan ClockIsJudgedFor = TimeSpan.FromSeconds(10);

    private readonly IReadOnlySet<string> _capabilities;
    private readonly bool _isPooled;
    private readonly NpgsqlDataSource _source;
    private readonly NpgsqlDataSource _listening;
    private readonly string _where;
    private readonly string _listeningWhere;
    private readonly TimeSpan _clockTolerance;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private LastIssued _begunAt;
    private TimeSpan _clockIsOff;
    private long _clockJudgedAt;

    public PostgresEngine(
        SqlPlace place,
        SqlOptions options,
        TimeProvider time,
        ILoggerFactory logs
    )
    {
        _capabilities = place.Capabilities;
        _logger = logs.CreateLogger<PostgresEngine>();
        (_time, _clockTolerance) = (time, TimeSpan.FromSeconds(options.ClockToleranceSeconds));
        _isPooled = place.Listener.Length > 0;
        (_source, _where) = Build(place.Connection, place.Setting, _isPooled);
        (_listening, _listeningWhere) = _isPooled
            ? Build(place.Listener, ListenerSetting, false)
            : (_source, _where);
    }

    public string Description { get; private set; } = "";

    public string Place => _where;

    public bool IsLocal => false;

    public string? Problem =>
        Volatile.Read(ref _clockJudgedAt) is var judgedAt and not 0
        && _time.GetElapsedTime(judgedAt) < ClockIsJudgedFor
            ? $"This machine's clock differs from the database's by {_clockIsOff.TotalSeconds:F0} s; nothing is stored until one of them is set right."
            : null;

    public SqlSession OpenWriter()
    {
        try
        {
            var session = OpenChecked();
            try
            {
                if (!_isPooled)
                {
                    session.Run(WriterSettings);
                }

                Migrations.ApplyToPostgres(session, _capabilities);
                return session;
            }
            catch
            {
                session.Dispose();
                throw;
            }
        }
        catch (DbException fault)
        {
            throw new StoreUnavailableException(
                $"{_where} cannot be used: {PostgresFault.Explain(fault)}.{PostgresFault.Hint(fault)}",
                fault
            );
        }
    }

    public SqlSession OpenReader()
    {
        var session = Open();
        try
        {
            if (!_isPooled)
            {
                session.Run(ReaderSettings);
            }

            return session;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    public StoreUnavailableException? Refusal() => null;

    public LastIssued? Begin(SqlSession writer, Action<SqlSession> ask)
    {
        writer.Later(BeginGroup);
        if (_isPooled)
        {
            writer.Ask(GroupSettings, _ => { });
        }

        writer.Ask(
            LockLastIssued,
            row => _begunAt = new LastIssued(row.GetInt64(0), row.GetInt64(1))
        );
        writer.Ask(
            SelectNow,
            row => JudgeClock(DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(0)))
        );
        ask(writer);
        writer.Send();
        return _begunAt;
    }

    /// <summary>In one round trip with all that the group has put off.</summary>
    public void Commit(SqlSession writer, LastIssued issued)
    {
        if (issued != _begunAt)
        {
            writer.Later(UpdateLastIssued, issued.Milliseconds, issued.Sequence);
            writer.Later(Tell);
        }

        writer.Later("COMMIT");
        writer.Send();
    }

    public void Append(SqlSession writer, ReadOnlySpan<OutboxEntry> events)
    {
        var count = events.Length;
        var (sequences, times, versions) = (new long[count], new long[count], new long[count]);
        var (names, payloads) = (new string[count], new byte[count][]);
        for (var i = 0; i < count; i++)
        {
            (sequences[i], names[i], payloads[i]) = (
                events[i].Sequence,
                events[i].Name,
                events[i].Payload
            );
            (versions[i], times[i]) = (events[i].Version, events[i].CreatedAt);
        }

        writer.Later(InsertEvents, sequences, names, versions, payloads, times);
    }

    public LastIssued ReadLastIssued(SqlSession session) =>
        session.One(
            "SELECT milliseconds, sequence FROM last_issued WHERE id = 1",
            row => new LastIssued(row.GetInt64(0), row.GetInt64(1))
        );

    public void Tend(SqlSession writer) { }

    public IPeers Join(Func<Task<Told>> follow, Func<Func<SqlSession, long>, Task<long>> read) =>
        new PostgresPeers(
            OpenListening,
            follow,
            read,
            _isPooled ? $"PostgreSQL ({ListenerSetting})" : _where,
            _logger
        );

    public void Doubt() { }

    public bool IsFull(DbException fault) =>
        fault is PostgresException { SqlState: PostgresErrorCodes.DiskFull };

    /// <summary>A constraint, bad data or a bug is one member's; everything else is everybody's.</summary>
    public bool IsStoreFault(Exception fault) =>
        fault switch
        {
            PostgresException { SqlState: var state } => state[..2] is not ("22" or "23" or "42"),
            DbException => true,
            _ => false,
        };

    /// <summary>An error, and not the end of the connection; the one state means that the server does not know either.</summary>
    public bool IsUndone(Exception fault) =>
        fault
            is PostgresException
            {
                InvariantSeverity: "ERROR",
                SqlState: not PostgresErrorCodes.StatementCompletionUnknown,
            };

    public bool IsBroken(SqlSession session) => !session.IsOpen;

    public void Dispose()
    {
        _source.Dispose();
        _listening.Dispose();
    }

    private static (NpgsqlDataSource Source, string Where) Build(
        string text,
        string setting,
        bool isPooled
    )
    {
        var connection = PostgresAddress.Read(text, setting);
        connection.Pooling = false;
        connection.ApplicationName = "rookery";
        // What is prepared on a pooler's connection is not there in the next transaction.
        connection.MaxAutoPrepare = isPooled ? 0 : 200;
        connection.AutoPrepareMinUsages = 2;
        connection.WriteBufferSize = 1 << 16;
        connection.KeepAlive = 10;
        connection.HostRecheckSeconds = 1;
        if (connection.Timeout == 15)
        {
            connection.Timeout = 5;
        }

        var where = PostgresAddress.Describe(connection, setting);
        try
        {
            var source = new NpgsqlDataSourceBuilder(connection.ConnectionString);
            // The choice among hosts remembers one that failed as gone; where there is no choice, the next try is as good as any.
            return connection.Host?.Contains(',', StringComparison.Ordinal) == true
                ? (
                    source.BuildMultiHost().WithTargetSession(TargetSessionAttributes.Primary),
                    where
                )
                : (source.Build(), where);
        }
        catch (Exception fault) when (fault is ArgumentException or FormatException)
        {
            throw new StoreUnavailableException(
                $"{where} cannot be used: {fault.Message.ReplaceLineEndings(" ").TrimEnd('.')}."
            );
        }
    }

    private PostgresSession Open() => new(_source.OpenConnection());

    /// <summary>Words heard from another database would say nothing of this one, and writes there would wait for this process.</summary>
    /// <exception cref="StoreUnavailableException">The way past the pooler leads to another database.</exception>
    private NpgsqlConnection OpenListening()
    {
        var listening = _listening.OpenConnection();
        try
        {
            if (_isPooled)
            {
                using var pooled = _source.OpenConnection();
                if (OutboxOf(pooled) != OutboxOf(listening))
                {
                    throw new StoreUnavailableException(
                        $"{_listeningWhere} is not the same database as {_where}: {ListenerSetting} must name that one, past the pooler."
                    );
                }
            }

            return listening;
        }
        catch
        {
            listening.Dispose();
            throw;
        }
    }

    /// <summary>Null where it is no database of Rookery's; empty until it has started once.</summary>
    private static string? OutboxOf(NpgsqlConnection connection)
    {
        try
        {
            using var command = new NpgsqlCommand(
                "SELECT outbox FROM relay_position WHERE id = 1",
                connection
            );
            return (string?)command.ExecuteScalar();
        }
        catch (PostgresException fault) when (fault.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            return null;
        }
    }

    private PostgresSession OpenChecked()
    {
        var connection = _source.OpenConnection();
        if (connection.PostgreSqlVersion.Major < OldestVersion)
        {
            var found = connection.PostgreSqlVersion;
            connection.Dispose();
            throw new StoreUnavailableException(
                $"{_where} is version {found}; Rookery needs {OldestVersion} or later."
            );
        }

        var encoding = connection.PostgresParameters["server_encoding"];
        if (encoding != "UTF8")
        {
            connection.Dispose();
            throw new StoreUnavailableException(
                $"{_where} keeps text as {encoding}; make the database with ENCODING 'UTF8'."
            );
        }

        Description =
            $"PostgreSQL {connection.PostgreSqlVersion}, {connection.Host}:{connection.Port}/{connection.Database}";
        return new PostgresSession(connection);
    }

    private void JudgeClock(DateTimeOffset databaseNow)
    {
        var off = (_time.GetUtcNow() - databaseNow).Duration();
        _clockIsOff = off;
        Volatile.Write(
            ref _clockJudgedAt,
            off > _clockTolerance ? Math.Max(1, _time.GetTimestamp()) : 0
        );
    }
}
