using System.Runtime.InteropServices;

namespace Rookery.Search.Index;

/// <summary>Bytes that grow; what is beyond the written length is zero.</summary>
internal sealed class ByteWriter(int room)
{
    private byte[] _bytes = new byte[room];

    public int Length { get; private set; }

    public Span<byte> Take(int count, int slack = 0)
    {
        if (_bytes.Length - Length < count + slack)
        {
            Array.Resize(
                ref _bytes,
                (int)
                    Math.Min(
                        Array.MaxLength,
                        Math.Max((long)_bytes.Length * 2, Length + count + slack)
                    )
            );
        }

        var taken = _bytes.AsSpan(Length, count + slack);
        Length += count;
        return taken;
    }

    public void WriteByte(byte value) => Take(1)[0] = value;

    public void Write(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Take(bytes.Length));

    public void WriteInt(int value) => MemoryMarshal.Write(Take(sizeof(int)), value);

    public void WriteIntAt(int at, int value) => MemoryMarshal.Write(_bytes.AsSpan(at), value);

    /// <summary>Seven bits a byte, the lowest first.</summary>
    public void WriteNumber(uint value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            WriteByte((byte)(value | 0x80));
        }

        WriteByte((byte)value);
    }

    /// <summary>What was written, with zeros after it.</summary>
    public byte[] ToArray(int slack)
    {
        var exact = GC.AllocateUninitializedArray<byte>(Length + slack);
        _bytes.AsSpan(0, Length).CopyTo(exact);
        exact.AsSpan(Length).Clear();
        return exact;
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
}
