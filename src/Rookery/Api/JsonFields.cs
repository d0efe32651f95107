using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Rookery.Api;

/// <summary>The fields of a JSON body: one object, read in one pass.</summary>
internal static class JsonFields
{
    /// <summary>Fields are flat or lists; what is nested deeper is not ours, and its reader must not pay for it.</summary>
    public const int MaxDepth = 16;

    /// <summary>More than any object of ours has: subscriptions to pushes choose among thirteen kinds.</summary>
    private const int MaxInner = 24;

    /// <summary>Objects in objects that are ours: <c>data[alerts][mention]</c>.</summary>
    private const int MaxNested = 2;

    /// <summary>Longer than any number that fits 64 bits; a longer one is out of range whatever it says.</summary>
    private const int MaxNumberLength = 32;

    private static readonly JsonReaderOptions _options = new() { MaxDepth = MaxDepth };

    public static Problem? Read(ReadOnlySpan<byte> body, FieldTable fields)
    {
        var reader = new Utf8JsonReader(body, _options);
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return new(
                    ProblemKind.Invalid,
                    "The body must be one JSON object, like {\"name\":\"Ali\"}."
                );
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (ReadField(ref reader, body, fields) is { } problem)
                {
                    return problem;
                }
            }

            // Whatever follows the object throws here.
            reader.Read();
            return null;
        }
        catch (JsonException malformed)
        {
            return new(
                ProblemKind.Invalid,
                $"The body is not valid JSON: see line {malformed.LineNumber + 1}, byte {malformed.BytePositionInLine + 1}. "
                    + $"It must be one JSON object, nested at most {MaxDepth} deep."
            );
        }
    }

    private static Problem? ReadField(
        ref Utf8JsonReader reader,
        ReadOnlySpan<byte> body,
        FieldTable fields
    )
    {
        if (!Utf8.IsValid(reader.ValueSpan) || TextOrNull(ref reader) is not { } name)
        {
            return new(ProblemKind.Invalid, "A field name in the body is not valid UTF-8 text.");
        }

        reader.Read();
        var start = (int)reader.TokenStartIndex;
        var inner = reader.TokenType == JsonTokenType.StartObject ? new List<Inner>() : null;
        var value = inner is null ? ReadValue(ref reader) : ReadObject(ref reader, name, inner, 1);
        if (
            value.Kind == FieldKind.Unreadable
            || !Utf8.IsValid(body[start..(int)reader.BytesConsumed])
        )
        {
            return Problem.Invalid(Shown(name), $"{Shown(name)} must be valid UTF-8 text.");
        }

        if (value.Items?.Count > FieldTable.MaxItems)
        {
            return Problem.Invalid(
                Shown(name),
                $"{Shown(name)} must have at most {FieldTable.MaxItems} entries."
            );
        }

        return fields.AddOnce(name, value) ?? AddInner(inner, fields);
    }

    private static Problem? AddInner(List<Inner>? inner, FieldTable fields)
    {
        foreach (var (name, value) in inner ?? [])
        {
            if (fields.AddInner(name, value) is { } problem)
            {
                return problem;
            }
        }

        return null;
    }

    /// <summary>What stands in an object is a field too, <c>home[last_read_id]</c> as forms name it. What is nested deeper, or beyond the most, is not ours.</summary>
    private static FieldValue ReadObject(
        ref Utf8JsonReader reader,
        string name,
        List<Inner> into,
        int depth
    )
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var inner = TextOrNull(ref reader);
            reader.Read();
            if (
                reader.TokenType == JsonTokenType.StartObject
                && inner is not null
                && depth < MaxNested
            )
            {
                ReadObject(ref reader, $"{name}[{inner}]", into, depth + 1);
            }
            else if (
                inner is null
                || into.Count == MaxInner
                || reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray
            )
            {
                reader.Skip();
            }
            else
            {
                into.Add(new Inner($"{name}[{inner}]", ReadValue(ref reader)));
            }
        }

        return FieldValue.Of(FieldKind.Object);
    }

    private static FieldValue ReadValue(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.String:
                return TextOrNull(ref reader) is { } text
                    ? FieldValue.OfText(text)
                    : FieldValue.Of(FieldKind.Unreadable);
            case JsonTokenType.Number:
                return FieldValue.OfNumber(
                    reader.ValueSpan.Length > MaxNumberLength
                        ? ""
                        : Encoding.ASCII.GetString(reader.ValueSpan)
                );
            case JsonTokenType.StartArray:
                return ReadList(ref reader);
            case JsonTokenType.StartObject:
                reader.Skip();
                return FieldValue.Of(FieldKind.Object);
            case JsonTokenType.True:
                return FieldValue.Of(FieldKind.True);
            case JsonTokenType.False:
                return FieldValue.Of(FieldKind.False);
            default:
                return FieldValue.Of(FieldKind.Null);
        }
    }

    private static FieldValue ReadList(ref Utf8JsonReader reader)
    {
        var items = new List<FieldValue>();
        var readable = true;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            // A list in a list is skipped unread: no field has one, and this must not recurse.
            var isList = reader.TokenType == JsonTokenType.StartArray;
            if (isList)
            {
                reader.Skip();
            }

            // One more than allowed is kept, as the mark that there were too many.
            if (items.Count <= FieldTable.MaxItems)
            {
                var item = isList ? FieldValue.Of(FieldKind.List) : ReadValue(ref reader);
                readable &= item.Kind != FieldKind.Unreadable;
                items.Add(item);
            }
            else
            {
                reader.Skip();
            }
        }

        return readable ? FieldValue.OfList(items) : FieldValue.Of(FieldKind.Unreadable);
    }

    /// <summary>Null when an escape names half a surrogate pair: the reader tells only by throwing.</summary>
    private static string? TextOrNull(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private readonly record struct Inner(string Name, FieldValue Value);

    private static string Shown(string name) =>
        name.Length > FieldTable.MaxNameLength ? name[..FieldTable.MaxNameLength] : name;
}
