using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;

namespace Rookery.Sharing;

/// <summary>
/// A value as it is shared: its key, the event as of which it was read, what it is, and a sum over all of that. What was cut short, or
/// stands at a wrong place, does not open.
/// </summary>
internal static class SealedValue
{
    private const int HeadBytes = 17;
    private const int SumBytes = 4;

    /// <summary>Begins a value; its content is written behind this.</summary>
    public static void Begin(ArrayBufferWriter<byte> into, SharedKey key, long asOf)
    {
        var head = into.GetSpan(HeadBytes);
        head[0] = (byte)key.Kind;
        BinaryPrimitives.WriteInt64LittleEndian(head[1..], key.Id);
        BinaryPrimitives.WriteInt64LittleEndian(head[9..], asOf);
        into.Advance(HeadBytes);
    }

    public static void End(ArrayBufferWriter<byte> into)
    {
        var sum = Sum(into.WrittenSpan);
        BinaryPrimitives.WriteUInt32LittleEndian(into.GetSpan(SumBytes), sum);
        into.Advance(SumBytes);
    }

    public static bool TryOpen(
        ReadOnlySpan<byte> bytes,
        SharedKey key,
        out long asOf,
        out ReadOnlySpan<byte> content
    )
    {
        asOf = 0;
        content = default;
        if (bytes.Length < HeadBytes + SumBytes)
        {
            return false;
        }

        var summed = bytes[..^SumBytes];
        if (
            Sum(summed) != BinaryPrimitives.ReadUInt32LittleEndian(bytes[^SumBytes..])
            || bytes[0] != (byte)key.Kind
            || BinaryPrimitives.ReadInt64LittleEndian(bytes[1..]) != key.Id
        )
        {
            return false;
        }

        asOf = BinaryPrimitives.ReadInt64LittleEndian(bytes[9..]);
        content = summed[HeadBytes..];
        return true;
    }

    private static uint Sum(ReadOnlySpan<byte> bytes)
    {
        var sum = uint.MaxValue;
        while (bytes.Length >= sizeof(ulong))
        {
            sum = BitOperations.Crc32C(sum, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[sizeof(ulong)..];
        }

        foreach (var value in bytes)
        {
            sum = BitOperations.Crc32C(sum, value);
        }

        // Otherwise the sum of a value with its own sum behind it would be foreseeable.
        return ~sum;
    }
}
