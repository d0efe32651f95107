using System.Text;
using System.Text.Json;

namespace Rookery.Api;

/// <summary>Which field a body that was cut off was in the middle of, whatever kind of body it is.</summary>
internal static class UnendedField
{
    private const int LongestName = 40;

    /// <summary>Null where that cannot be told.</summary>
    public static string? Of(ReadOnlySpan<byte> beginning)
    {
        var body = beginning.TrimStart(" \t\r\n"u8);
        var name =
            body.StartsWith("{"u8) ? OfJson(body)
            : body.StartsWith("--"u8) ? OfMultipart(body)
            : OfForm(body);
        return name?.Length is > 0 and <= LongestName && name.All(IsOfNames) ? name : null;
    }

    private static string? OfJson(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body, isFinalBlock: false, default);
        string? last = null;
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType == JsonTokenType.PropertyName && reader.CurrentDepth == 1)
                {
                    last = reader.GetString();
                }
            }

            return last;
        }
        catch (JsonException)
        {
            return null;
        }
        catch (InvalidOperationException)
        {
            // A name that is not well-formed text.
            return null;
        }
    }

    private static string? OfForm(ReadOnlySpan<byte> body)
    {
        var last = body[(body.LastIndexOf((byte)'&') + 1)..];
        var end = last.IndexOf((byte)'=');
        return end < 0 ? null : Encoding.UTF8.GetString(last[..end]);
    }

    private static string? OfMultipart(ReadOnlySpan<byte> body)
    {
        var start = body.LastIndexOf(" name=\""u8);
        if (start < 0)
        {
            return null;
        }

        var name = body[(start + " name=\"".Length)..];
        var end = name.IndexOf((byte)'"');
        return end < 0 ? null : Encoding.UTF8.GetString(name[..end]);
    }

    private static bool IsOfNames(char unit) =>
        char.IsAsciiLetterOrDigit(unit) || unit is '_' or '-';
}
