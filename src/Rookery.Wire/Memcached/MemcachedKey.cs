using System.Buffers.Text;

namespace Rookery.Wire.Memcached;

/// <summary>Keys as they are sent, and where they belong.</summary>
internal static class MemcachedKey
{
    private const int MostBytes = 250;

    /// <summary>Appends a space and the key; true when it is in base64.</summary>
    /// <exception cref="ArgumentException">It is empty or too long.</exception>
    public static bool Append(WireBuffer buffer, ReadOnlySpan<byte> key)
    {
        var binary = key.ContainsAnyExceptInRange((byte)'!', (byte)'~');
        var length = binary ? Base64.GetMaxEncodedToUtf8Length(key.Length) : key.Length;
        if (length is 0 or > MostBytes)
        {
            throw new ArgumentException(
                $"A key has 1 to {MostBytes} bytes, this one {length}.",
                nameof(key)
            );
        }

        buffer.Append(" "u8);
        if (!binary)
        {
            buffer.Append(key);
            return false;
        }

        Span<byte> text = stackalloc byte[MostBytes];
        Base64.EncodeToUtf8(key, text, out _, out var written);
        buffer.Append(text[..written]);
        return true;
    }

    /// <summary>FNV-1a with its bits mixed once more, so that keys that differ in their last byte are far apart.</summary>
    public static uint Hash(ReadOnlySpan<byte> key)
    {
        var hash = 2166136261;
        foreach (var value in key)
        {
            hash = (hash ^ value) * 16777619;
        }

        hash = (hash ^ (hash >> 16)) * 0x85ebca6b;
        hash = (hash ^ (hash >> 13)) * 0xc2b2ae35;
        return hash ^ (hash >> 16);
    }
}
