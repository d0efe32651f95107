using System.Buffers;
using System.Runtime.InteropServices;

namespace Rookery.Search.Index;

/// <summary>Bytes that grow, in a rented array: a segment is written where the last one was, and only what it comes to is new. Dispose gives the array back.</summary>
internal sealed class ByteWriter(int room) : IDisposable
{
    /// <summary>Bytes of the largest number that <see cref="Write(Span{byte}, uint)"/> writes.</summary>
    public const int LongestNumber = 5;

    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(room);

    public int Length { get; private set; }

    /// <summary>So many bytes after those that are written, with anything in them; <see cref="Advance"/> keeps the first of them.</summary>
    public Span<byte> Room(int count)
    {
        if (_bytes.Length - Length < count)
        {
            Grow(count);
        }

        return _bytes.AsSpan(Length, count);
    }

    public void Advance(int count) => Length += count;

    public void WriteIntAt(int at, int value) => MemoryMarshal.Write(_bytes.AsSpan(at), value);

    /// <summary>What was written, with zeros after it.</summary>
    public byte[] ToArray(int slack)
    {
        var exact = GC.AllocateUninitializedArray<byte>(Length + slack);
        _bytes.AsSpan(0, Length).CopyTo(exact);
        exact.AsSpan(Length).Clear();
        return exact;
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
    }

    /// <summary>Seven bits a byte, the lowest first; answers how many bytes.</summary>
    public static int Write(Span<byte> target, uint value)
    {
        var at = 0;
        for (; value >= 0x80; value >>= 7)
        {
            target[at++] = (byte)(value | 0x80);
        }

        target[at] = (byte)value;
        return at + 1;
    }

    public static uint ReadNumber(ReadOnlySpan<byte> bytes, ref int at)
    {
        uint value = bytes[at++];
        if (value < 0x80)
        {
            return value;
        }

        value &= 0x7F;
        for (var shift = 7; ; shift += 7)
        {
            uint next = bytes[at++];
            value |= (next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }
    }

    private void Grow(int count)
    {
        var least = Math.Max(_bytes.Length * 2L, (long)Length + count);
        var more = ArrayPool<byte>.Shared.Rent((int)Math.Min(Array.MaxLength, least));
        _bytes.AsSpan(0, Length).CopyTo(more);
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = more;
    }
}
