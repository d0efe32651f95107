using System.Buffers;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using Rookery.Delivery;

namespace Rookery.Adapters.Sql;

/// <summary>What a write has inside its transaction: the session, ids, the time, and the outbox.</summary>
internal sealed class CommitContext
{
    private readonly ISqlEngine _engine;
    private readonly EventTypes _events;
    private readonly TimeProvider _time;
    private readonly List<Committed> _emitted = [];

    // What stands in the outbox of it, by its place there; Announced stands in none.
    private readonly List<OutboxEntry> _entries = [];
    private readonly ArrayBufferWriter<byte> _payload = new();
    private long _sequence;
    private long _sequenceBefore;
    private int _appended;
    private int _narrowIds;
    private bool _drewIds;

    public CommitContext(
        ISqlEngine engine,
        SqlSession session,
        EventTypes events,
        TimeProvider time
    )
    {
        (_engine, _events, _time) = (engine, events, time);
        Session = session;
        var last = engine.ReadLastIssued(session);
        (Clock, _sequence) = (new GroupClock(time, last.Milliseconds), last.Sequence);
        _sequenceBefore = _sequence;
    }

    /// <summary>Whether what was emitted since this was last set to false takes something away.</summary>
    public bool Narrowed { get; set; }

    public SqlSession Session { get; private set; }

    public ReadsAhead Ahead { get; } = new();

    public GroupClock Clock { get; }

    /// <summary>The group's time, milliseconds since 1970.</summary>
    public long Now { get; private set; }

    public IReadOnlyList<Committed> Emitted => _emitted;

    /// <param name="ask">Puts questions that are answered in the round trip of the begin.</param>
    public void Start(Action<SqlSession> ask)
    {
        _emitted.Clear();
        _entries.Clear();
        _appended = 0;
        _narrowIds = 0;
        _drewIds = false;
        _sequence = _sequenceBefore;
        Now = _time.GetUtcNow().ToUnixTimeMilliseconds();
        if (_engine.Begin(Session, ask) is { } last)
        {
            _sequence = _sequenceBefore = last.Sequence;
            Clock.GoOnFrom(last.Milliseconds);
        }
    }

    /// <summary>The sequence of the newest event that is committed: other processes' included, once the group has begun.</summary>
    public long CommittedThrough => _sequenceBefore;

    /// <summary>Goes on with another connection; the last one's transaction is gone.</summary>
    public void Use(SqlSession session) => Session = session;

    /// <summary>Drops what was emitted after the first <paramref name="kept"/> events: their write was rolled back.</summary>
    public void Forget(int kept)
    {
        var dropped = _emitted.Skip(kept).Count(committed => committed.Sequence != 0);
        _emitted.RemoveRange(kept, _emitted.Count - kept);
        _entries.RemoveRange(_entries.Count - dropped, dropped);
        _appended = Math.Min(_appended, _entries.Count);
        _sequence -= dropped;
    }

    /// <summary>Writes the events of the group that are not in the outbox yet: before its end, and before somebody reads the outbox in it.</summary>
    public void Flush()
    {
        if (_appended < _entries.Count)
        {
            _engine.Append(Session, CollectionsMarshal.AsSpan(_entries)[_appended..]);
            _appended = _entries.Count;
        }
    }

    public void Commit()
    {
        _engine.Commit(Session, new LastIssued(Clock.LastMilliseconds, _sequence));
        _sequenceBefore = _sequence;
    }

    /// <exception cref="StoreUnavailableException">The clock was set back by more than may be counted over.</exception>
    public PostId NextPostId(AccountId author) => new(NextId(author.Partition));

    /// <exception cref="StoreUnavailableException">The clock was set back by more than may be counted over.</exception>
    public MediaId NextMediaId(AccountId owner) => new(NextId(owner.Partition));

    /// <exception cref="StoreUnavailableException">The clock was set back by more than may be counted over.</exception>
    public ReportId NextReportId(AccountId account) => new(NextId(account.Partition));

    /// <exception cref="StoreUnavailableException">The clock was set back by more than may be counted over.</exception>
    public ActId NextActId() => new(NextId(0));

    /// <exception cref="StoreUnavailableException">The clock was set back by more than may be counted over.</exception>
    public NotificationId NextNotificationId() =>
        NotificationId.Of(NextId((_narrowIds++ >> Snowflake.SequenceBits) % Snowflake.MostNarrow));

    /// <summary>A new account's id in a partition drawn at random.</summary>
    /// <exception cref="StoreUnavailableException">The clock was set back by more than may be counted over.</exception>
    public AccountId NextAccountId() =>
        new(NextId(RandomNumberGenerator.GetInt32(Snowflake.Partitions)));

    /// <summary>Adds the row of this key; false where it is there already.</summary>
    /// <param name="read">Finds it.</param>
    /// <param name="insert">Does nothing where it is there.</param>
    public bool Add<TKey>(
        KeyedRead<TKey, object> read,
        TKey key,
        string insert,
        params ReadOnlySpan<object> arguments
    )
        where TKey : notnull
    {
        if (!Ahead.TryFind(read, key, out var row))
        {
            return Session.Execute(insert, arguments) > 0;
        }

        if (row is not null)
        {
            return false;
        }

        Session.LaterInAnyOrder(insert, arguments);
        Ahead.Put(read, key, Done.Instance);
        return true;
    }

    /// <summary>Removes the row of this key; false where there is none.</summary>
    public bool Remove<TKey>(
        KeyedRead<TKey, object> read,
        TKey key,
        string delete,
        params ReadOnlySpan<object> arguments
    )
        where TKey : notnull
    {
        if (!Ahead.TryFind(read, key, out var row))
        {
            return Session.Execute(delete, arguments) > 0;
        }

        if (row is null)
        {
            return false;
        }

        Session.Later(delete, arguments);
        Ahead.Put(read, key, null);
        return true;
    }

    public void Emit(DomainEvent happened)
    {
        var type = _events.Of(happened);
        Narrowed |= type.Narrows;
        _payload.ResetWrittenCount();
        using (var writer = new Utf8JsonWriter(_payload))
        {
            JsonSerializer.Serialize(writer, happened, type.TypeInfo);
        }

#if SEEDED_BUGS
        if (SeededBugs.Is("event-outside-transaction"))
            Session.Run("COMMIT; BEGIN IMMEDIATE");
#endif
        var payload = _payload.WrittenSpan.ToArray();
        _entries.Add(new OutboxEntry(++_sequence, type.Name, type.Version, payload, Now));
        _emitted.Add(new Committed(_sequence, happened));
    }

    /// <summary>Tells observers after the commit: no consumer. It stands in the outbox only where other processes follow it.</summary>
    public void Announce(DomainEvent happened)
    {
        if (_engine.IsLocal)
        {
            _emitted.Add(new Committed(0, happened));
        }
        else
        {
            Emit(happened);
        }
    }

    private long NextId(int partition)
    {
        if (_engine.Problem is { } problem)
        {
            throw new StoreUnavailableException(problem) { Told = problem };
        }

        if (Clock.Behind() is { } behind)
        {
            var why =
                $"The server's clock stands {behind.TotalSeconds:F0} s behind the last id issued; nothing was stored, and ids continue when it has passed it.";
            throw new StoreUnavailableException(why) { Told = why };
        }

        if (!_drewIds)
        {
            Clock.StartGroup();
            _drewIds = true;
        }

        return Clock.Next(partition);
    }
}
