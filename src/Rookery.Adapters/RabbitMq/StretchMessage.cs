using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;
using Rookery.Delivery;

namespace Rookery.Adapters.RabbitMq;

/// <summary>
/// A part of the outbox as it stands in a queue: all events of a range of sequences, unreadable ones left out. JSON, under a type that
/// names its version.
/// </summary>
internal sealed record StretchMessage(SequenceRange Range, IReadOnlyList<OutboxRow> Rows)
{
    public const string Type = "rookery.stretch.v1";

    /// <summary>Cut into messages of so many events.</summary>
    public static IEnumerable<StretchMessage> Cut(
        SequenceRange range,
        IReadOnlyList<OutboxRow> rows,
        int most
    )
    {
        var after = range.After;
        var parts = rows.Chunk(most).ToList();
        for (var part = 0; part < parts.Count; part++)
        {
            var through = part == parts.Count - 1 ? range.Through : parts[part][^1].Sequence;
            yield return new StretchMessage(new SequenceRange(after, through), parts[part]);
            after = through;
        }

        if (parts.Count == 0 && range.Through > range.After)
        {
            yield return new StretchMessage(range, []);
        }
    }

    /// <summary>As one message, or where that is too long as several; one event is never cut.</summary>
    public IEnumerable<ReadOnlyMemory<byte>> WriteWithin(int most)
    {
        var body = Write();
        return body.Length <= most || Rows.Count < 2
            ? [body]
            : Cut(Range, Rows, (Rows.Count + 1) / 2).SelectMany(half => half.WriteWithin(most));
    }

    public ReadOnlyMemory<byte> Write()
    {
        var body = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            json.WriteNumber("after", Range.After);
            json.WriteNumber("through", Range.Through);
            json.WriteStartArray("events");
            foreach (var row in Rows)
            {
                json.WriteStartObject();
                json.WriteNumber("sequence", row.Sequence);
                json.WriteString("name", row.Name);
                json.WriteNumber("version", row.Version);
                json.WritePropertyName("payload");
                json.WriteRawValue(row.Payload.Span);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return body.WrittenMemory;
    }

    /// <summary>
    /// Null where it is none of ours: another type, no JSON, a name that no event can have, or sequences that are not as they must be.
    /// </summary>
    public static StretchMessage? Read(string? type, ReadOnlyMemory<byte> body)
    {
        if (type != Type)
        {
            return null;
        }

        try
        {
            using var json = JsonDocument.Parse(body);
            var root = json.RootElement;
            var message = new StretchMessage(
                new SequenceRange(
                    root.GetProperty("after").GetInt64(),
                    root.GetProperty("through").GetInt64()
                ),
                [.. root.GetProperty("events").EnumerateArray().Select(ReadRow)]
            );
            return message.IsInOrder() ? message : null;
        }
        catch (Exception fault)
            when (fault
                    is JsonException
                        or KeyNotFoundException
                        or InvalidOperationException
                        or FormatException
            )
        {
            return null;
        }
    }

    private static OutboxRow ReadRow(JsonElement row) =>
        new(
            row.GetProperty("sequence").GetInt64(),
            ReadName(row.GetProperty("name")),
            row.GetProperty("version").GetInt32(),
            JsonMarshal.GetRawUtf8Value(row.GetProperty("payload")).ToArray()
        );

    private static string ReadName(JsonElement name) =>
        name.GetString() is { } text && !text.Any(char.IsControl)
            ? text
            : throw new JsonException("An event has no name, or one of control characters");

    private bool IsInOrder()
    {
        var last = Range.After;
        foreach (var row in Rows)
        {
            if (row.Sequence <= last)
            {
                return false;
            }

            last = row.Sequence;
        }

        return Range.After >= 0 && last <= Range.Through;
    }
}
