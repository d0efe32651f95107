using System.Buffers.Text;
using System.Text;

namespace Rookery.Wire.Memcached;

/// <summary>Reads the answers of the meta commands: a line of a code and flags, and behind <c>VA</c> a value.</summary>
internal sealed class MetaParser(int mostValueBytes) : IWireParser<MemcachedReply>
{
    /// <summary>A key in base64 and all flags fit many times over.</summary>
    private const int MostLineBytes = 2048;

    private static ReadOnlySpan<byte> NoNumber => "CLIENT_ERROR cannot increment"u8;

    public bool TryParse(ReadOnlySpan<byte> bytes, out MemcachedReply reply, out int length)
    {
        reply = default;
        length = 0;
        var end = bytes[..Math.Min(bytes.Length, MostLineBytes)].IndexOf((byte)'\n');
        if (end < 0)
        {
            return bytes.Length < MostLineBytes ? false : throw Malformed(bytes);
        }

        if (end < 3 || bytes[end - 1] != '\r')
        {
            throw Malformed(bytes[..end]);
        }

        var line = bytes[..(end - 1)];
        length = end + 1;
        if (!line.StartsWith("VA "u8))
        {
            reply = OfLine(line);
            return true;
        }

        return TryValue(bytes, line, out reply, ref length);
    }

    private bool TryValue(
        ReadOnlySpan<byte> bytes,
        ReadOnlySpan<byte> line,
        out MemcachedReply reply,
        ref int length
    )
    {
        reply = default;
        if (
            !Utf8Parser.TryParse(line[3..], out int size, out var digits)
            || size < 0
            || size > mostValueBytes
        )
        {
            throw Malformed(line);
        }

        var end = length + size;
        if (bytes.Length < end + 2)
        {
            return false;
        }

        if (bytes[end] != '\r' || bytes[end + 1] != '\n')
        {
            throw Malformed(line);
        }

        reply = WithFlags(
            new MemcachedReply(MemcachedStatus.Hit) { Value = bytes[length..end].ToArray() },
            line[(3 + digits)..]
        );
        // An empty item that was made for whoever fills it is no value yet.
        if ((reply.HasWon || reply.IsBeingFilled) && !reply.IsStale && size == 0)
        {
            reply = reply with { Status = MemcachedStatus.Miss };
        }

        length = end + 2;
        return true;
    }

    private static MemcachedReply OfLine(ReadOnlySpan<byte> line)
    {
        var space = line.IndexOf((byte)' ');
        var code = space < 0 ? line : line[..space];
        var status =
            code.SequenceEqual("HD"u8) ? MemcachedStatus.Done
            : code.SequenceEqual("EN"u8) ? MemcachedStatus.Miss
            : code.SequenceEqual("NS"u8) ? MemcachedStatus.NotStored
            : code.SequenceEqual("EX"u8) ? MemcachedStatus.Changed
            : code.SequenceEqual("NF"u8) ? MemcachedStatus.NotFound
            : code.SequenceEqual("MN"u8) ? MemcachedStatus.Done
            // Too large, or no memory: this command's own fault, and the next answer is the next command's.
            : code.SequenceEqual("SERVER_ERROR"u8) || line.StartsWith(NoNumber)
                ? MemcachedStatus.NotStored
            // To what it does not know.
            : line.SequenceEqual("ERROR"u8) ? throw NoMetaCommands()
            : throw Malformed(line);
        return status is MemcachedStatus.Done && space > 0
            ? WithFlags(new MemcachedReply(status), line[space..])
            : new MemcachedReply(status);
    }

    private static MemcachedReply WithFlags(MemcachedReply reply, ReadOnlySpan<byte> flags)
    {
        foreach (var range in flags.Split((byte)' '))
        {
            var flag = flags[range];
            if (flag.IsEmpty)
            {
                continue;
            }

            var number = flag[1..];
            reply = flag[0] switch
            {
                (byte)'c' => reply with { Cas = Number(number, flags) },
                (byte)'f' => reply with { Flags = (uint)Number(number, flags) },
                (byte)'t' => reply with
                {
                    Ttl = number.SequenceEqual("-1"u8) ? -1 : (int)Number(number, flags),
                },
                (byte)'h' => reply with { WasHitBefore = number.SequenceEqual("1"u8) },
                (byte)'W' => reply with { HasWon = true },
                (byte)'Z' => reply with { IsBeingFilled = true },
                (byte)'X' => reply with { IsStale = true },
                _ => reply,
            };
        }

        return reply;
    }

    private static ulong Number(ReadOnlySpan<byte> digits, ReadOnlySpan<byte> flags) =>
        Utf8Parser.TryParse(digits, out ulong number, out var used) && used == digits.Length
            ? number
            : throw Malformed(flags);

    private static WireProtocolException NoMetaCommands() =>
        new("It answers ERROR to the meta commands: memcached 1.6 or later is needed.");

    private static WireProtocolException Malformed(ReadOnlySpan<byte> line) =>
        new(
            $"Not memcached's protocol: '{Encoding.Latin1.GetString(line[..Math.Min(line.Length, 80)])}'."
        );
}
