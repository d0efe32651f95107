using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Rookery.Wire;

/// <summary>A message in Protocol Buffers' encoding, written field by field.</summary>
public sealed class ProtoMessage
{
    private const int VarInt = 0;
    private const int Fixed64 = 1;
    private const int Delimited = 2;

    private readonly ArrayBufferWriter<byte> _bytes = new();

    public byte[] ToArray() => _bytes.WrittenSpan.ToArray();

    public ProtoMessage Number(int field, ulong value)
    {
        Key(field, VarInt);
        Write(value);
        return this;
    }

    public ProtoMessage Fixed(int field, ulong value)
    {
        Key(field, Fixed64);
        BinaryPrimitives.WriteUInt64LittleEndian(_bytes.GetSpan(8), value);
        _bytes.Advance(8);
        return this;
    }

    public ProtoMessage Fixed(int field, double value) =>
        Fixed(field, BitConverter.DoubleToUInt64Bits(value));

    /// <summary>Several of them in one field.</summary>
    public ProtoMessage Packed(int field, IReadOnlyCollection<ulong> values)
    {
        Key(field, Delimited);
        Write((ulong)values.Count * 8);
        foreach (var value in values)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(_bytes.GetSpan(8), value);
            _bytes.Advance(8);
        }

        return this;
    }

    public ProtoMessage Bytes(int field, ReadOnlySpan<byte> value)
    {
        Key(field, Delimited);
        Write((ulong)value.Length);
        _bytes.Write(value);
        return this;
    }

    public ProtoMessage Text(int field, string value) =>
        Bytes(field, Encoding.UTF8.GetBytes(value));

    public ProtoMessage Message(int field, ProtoMessage value) =>
        Bytes(field, value._bytes.WrittenSpan);

    private void Key(int field, int kind) => Write((ulong)((field << 3) | kind));

    private void Write(ulong value)
    {
        var span = _bytes.GetSpan(10);
        var length = 0;
        while (value >= 0x80)
        {
            span[length++] = (byte)(value | 0x80);
            value >>= 7;
        }

        span[length++] = (byte)value;
        _bytes.Advance(length);
    }
}
