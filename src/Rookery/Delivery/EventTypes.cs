using System.Text.Json;

namespace Rookery.Delivery;

/// <summary>Every event there is, by its class and by the name it has on disk.</summary>
internal sealed class EventTypes
{
    private readonly Dictionary<Type, EventType> _byClass;
    private readonly Dictionary<(string, int), EventType> _byName;

    public EventTypes(IEnumerable<EventType> types)
    {
        var all = types.ToList();
        _byClass = all.ToDictionary(type => type.ClrType);
        _byName = all.ToDictionary(type => (type.Name, type.Version));
    }

    public EventType Of(DomainEvent happened) => _byClass[happened.GetType()];

    public OutboxRow Write(Committed committed)
    {
        var type = Of(committed.Event);
        return new OutboxRow(
            committed.Sequence,
            type.Name,
            type.Version,
            JsonSerializer.SerializeToUtf8Bytes(committed.Event, type.TypeInfo)
        );
    }

    /// <summary>The events of the rows, but for those that are not ours.</summary>
    public List<Committed> ReadAll(IReadOnlyList<OutboxRow> rows)
    {
        var readable = new List<Committed>(rows.Count);
        foreach (var row in rows)
        {
            if (Read(row.Name, row.Version, row.Payload.Span) is { } happened)
            {
                readable.Add(new Committed(row.Sequence, happened));
            }
        }

        return readable;
    }

    /// <summary>Whether consumers are asked about it.</summary>
    public bool IsForConsumers(DomainEvent happened) => !Of(happened).OnlyObserved;

    public bool Narrows(DomainEvent happened) => Of(happened).Narrows;

    /// <summary>The event, or null where the name, the version or the text is not one of ours: that is a dead letter.</summary>
    public DomainEvent? Read(string name, int version, ReadOnlySpan<byte> payload)
    {
        if (!_byName.TryGetValue((name, version), out var type))
        {
            return null;
        }

        try
        {
            return (DomainEvent?)JsonSerializer.Deserialize(payload, type.TypeInfo);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
