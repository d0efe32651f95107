using System.Globalization;
using System.Text.Json;

namespace Rookery.Api;

/// <summary>How ids and times look in JSON, in one place for both APIs.</summary>
internal static class JsonFormat
{
    private const int MaxNameLength = 60;

    /// <summary>Service API: <c>"user_id":3,"user_id_str":"3"</c>, for JavaScript cannot hold 64 bits.</summary>
    public static void WriteId(this Utf8JsonWriter json, string name, AccountId id) =>
        WriteTwins(json, name, id.Value);

    /// <inheritdoc cref="WriteId(Utf8JsonWriter, string, AccountId)"/>
    public static void WriteId(this Utf8JsonWriter json, string name, PostId id) =>
        WriteTwins(json, name, id.Value);

    /// <summary>Client API: <c>"user_id":"3"</c>.</summary>
    public static void WriteTextId(this Utf8JsonWriter json, string name, AccountId id) =>
        WriteText(json, name, id.Value);

    /// <inheritdoc cref="WriteTextId(Utf8JsonWriter, string, AccountId)"/>
    public static void WriteTextId(this Utf8JsonWriter json, string name, PostId id) =>
        WriteText(json, name, id.Value);

    /// <summary><c>"2026-01-02T03:04:05.678Z"</c></summary>
    public static void WriteIsoTime(this Utf8JsonWriter json, string name, DateTimeOffset time) =>
        WriteTime(json, name, time, "yyyy-MM-dd'T'HH:mm:ss.fff'Z'");

    /// <summary><c>"Wed Sep 05 00:37:15 +0000 2012"</c></summary>
    public static void WriteClassicTime(
        this Utf8JsonWriter json,
        string name,
        DateTimeOffset time
    ) => WriteTime(json, name, time, "ddd MMM dd HH:mm:ss '+0000' yyyy");

    /// <summary><c>"fields":[]</c></summary>
    public static void WriteEmptyArray(this Utf8JsonWriter json, string name)
    {
        json.WriteStartArray(name);
        json.WriteEndArray();
    }

    /// <summary>An array with an object for each.</summary>
    public static void WriteObjects<T>(
        this Utf8JsonWriter json,
        IEnumerable<T> items,
        Action<Utf8JsonWriter, T> writeFields
    )
    {
        json.WriteStartArray();
        foreach (var item in items)
        {
            json.WriteStartObject();
            writeFields(json, item);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteTwins(Utf8JsonWriter json, string name, long id)
    {
        json.WriteNumber(name, id);
        Span<char> twin = stackalloc char[MaxNameLength + 4];
        name.CopyTo(twin);
        "_str".CopyTo(twin[name.Length..]);
        WriteText(json, twin[..(name.Length + 4)], id);
    }

    private static void WriteText(Utf8JsonWriter json, ReadOnlySpan<char> name, long id)
    {
        Span<byte> digits = stackalloc byte[20];
        id.TryFormat(digits, out var length, default, CultureInfo.InvariantCulture);
        json.WriteString(name, digits[..length]);
    }

    private static void WriteTime(
        Utf8JsonWriter json,
        string name,
        DateTimeOffset time,
        string format
    )
    {
        Span<byte> text = stackalloc byte[32];
        time.UtcDateTime.TryFormat(text, out var length, format, CultureInfo.InvariantCulture);
        json.WriteString(name, text[..length]);
    }
}
