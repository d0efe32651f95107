using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;
using Rookery.Delivery;

namespace Rookery.Adapters.Sql;

/// <summary>What a write has inside its transaction: the session, ids, the time, and the outbox.</summary>
internal sealed class CommitContext(
    SqlSession session,
    GroupClock clock,
    EventTypes events,
    TimeProvider time
)
{
    private const string InsertEvent = """
        INSERT INTO outbox (name, version, payload, created_at) VALUES (@name, @version, @payload, @created_at) RETURNING sequence
        """;

    private readonly List<Committed> _emitted = [];
    private readonly ArrayBufferWriter<byte> _payload = new();
    private bool _drewIds;

    public SqlSession Session => session;

    public GroupClock Clock => clock;

    /// <summary>The group's time, milliseconds since 1970.</summary>
    public long Now { get; private set; }

    public IReadOnlyList<Committed> Emitted => _emitted;

    public void Start()
    {
        _emitted.Clear();
        _drewIds = false;
        Now = time.GetUtcNow().ToUnixTimeMilliseconds();
        session.Run("BEGIN IMMEDIATE");
    }

    /// <summary>Drops what was emitted after the first <paramref name="kept"/> events: their write was rolled back.</summary>
    public void Forget(int kept) => _emitted.RemoveRange(kept, _emitted.Count - kept);

    /// <exception cref="StoreUnavailableException">The clock was set back by more than may be counted over.</exception>
    public PostId NextPostId(AccountId author) => new(NextId(author.Partition));

    /// <summary>A new account's id in a partition drawn at random.</summary>
    /// <exception cref="StoreUnavailableException">The clock was set back by more than may be counted over.</exception>
    public AccountId NextAccountId() =>
        new(NextId(RandomNumberGenerator.GetInt32(Snowflake.Partitions)));

    public void Emit(DomainEvent happened)
    {
        var type = events.Of(happened);
        _payload.ResetWrittenCount();
        using (var writer = new Utf8JsonWriter(_payload))
        {
            JsonSerializer.Serialize(writer, happened, type.TypeInfo);
        }

#if SEEDED_BUGS
        if (SeededBugs.Is("event-outside-transaction"))
            session.Run("COMMIT; BEGIN IMMEDIATE");
#endif
        var sequence = session.Number(
            InsertEvent,
            0,
            type.Name,
            (long)type.Version,
            _payload.WrittenSpan.ToArray(),
            Now
        );
        _emitted.Add(new Committed(sequence, happened));
    }

    /// <summary>Tells the observers of this process after the commit; it does not stand in the outbox.</summary>
    public void Announce(DomainEvent happened) => _emitted.Add(new Committed(0, happened));

    private long NextId(int partition)
    {
        if (clock.Behind() is { } behind)
        {
            var why =
                $"The server's clock stands {behind.TotalSeconds:F0} s behind the last id issued; nothing was stored, and ids continue when it has passed it.";
            throw new StoreUnavailableException(why) { Told = why };
        }

        if (!_drewIds)
        {
            clock.StartGroup();
            _drewIds = true;
        }

        return clock.Next(partition);
    }
}
