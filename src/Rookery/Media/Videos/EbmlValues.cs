using System.Buffers.Binary;

namespace Rookery.Media.Videos;

/// <summary>How values stand in elements, and how an element is made one that says nothing.</summary>
internal static class EbmlValues
{
    /// <summary>Its id, and a length of eight bytes.</summary>
    private const int HeadBytes = 9;

    /// <summary>A whole number; null where it is longer than any is.</summary>
    public static ulong? NumberIn(ReadOnlySpan<byte> value)
    {
        if (value.Length > sizeof(ulong))
        {
            return null;
        }

        var number = 0UL;
        foreach (var one in value)
        {
            number = (number << 8) | one;
        }

        return number;
    }

    /// <summary>Null where it is no such number.</summary>
    public static double? FloatIn(ReadOnlySpan<byte> value) =>
        value.Length switch
        {
            0 => 0,
            sizeof(float) => BinaryPrimitives.ReadSingleBigEndian(value),
            sizeof(double) => BinaryPrimitives.ReadDoubleBigEndian(value),
            _ => null,
        };

    /// <summary>The same length without what was in it.</summary>
    public static void Empty(EbmlElement element, PieceList kept)
    {
        var length = element.End - element.Start;
        if (length < HeadBytes)
        {
            kept.Put([(byte)WebMNames.Void, (byte)(0x80 | (length - 2))]);
            kept.Blank(length - 2);
            return;
        }

        var head = new byte[HeadBytes];
        BinaryPrimitives.WriteUInt64BigEndian(
            head.AsSpan(1),
            (1UL << 56) | (uint)(length - HeadBytes)
        );
        head[0] = (byte)WebMNames.Void;
        kept.Put(head);
        kept.Blank(length - HeadBytes);
    }
}
