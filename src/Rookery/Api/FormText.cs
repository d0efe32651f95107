using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace Rookery.Api;

/// <summary>Percent-decoding as forms and queries use it, strict: what does not decode to UTF-8 is refused, never guessed.</summary>
internal static class FormText
{
    /// <summary>Null when it is not percent-encoded UTF-8. <paramref name="encoded"/> is overwritten.</summary>
    public static string? Decode(Span<byte> encoded)
    {
        var length = 0;
        for (var i = 0; i < encoded.Length; i++, length++)
        {
            var next = encoded[i];
            if (next == '%')
            {
                if (
                    i + 2 >= encoded.Length
                    || !char.IsAsciiHexDigit((char)encoded[i + 1])
                    || !char.IsAsciiHexDigit((char)encoded[i + 2])
                )
                {
                    return null;
                }

                next = (byte)((Nibble(encoded[i + 1]) << 4) | Nibble(encoded[i + 2]));
                i += 2;
            }
            else if (next == '+')
            {
                next = (byte)' ';
            }

            encoded[length] = next;
        }

        var decoded = encoded[..length];
        return Utf8.IsValid(decoded) ? Encoding.UTF8.GetString(decoded) : null;
    }

    /// <summary>Null when it is not percent-encoded UTF-8. What needs no decoding is not copied.</summary>
    public static ReadOnlyMemory<char>? Decode(ReadOnlyMemory<char> encoded)
    {
        if (!encoded.Span.ContainsAny('%', '+') && Ascii.IsValid(encoded.Span))
        {
            return encoded;
        }

        var buffer = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(encoded.Length));
        try
        {
            var length = Encoding.UTF8.GetBytes(encoded.Span, buffer);
            return Decode(buffer.AsSpan(0, length)) is { } text ? text.AsMemory() : null;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static int Nibble(byte digit) => digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10;
}
