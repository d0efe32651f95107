using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Rookery.Search.Index;

/// <summary>
/// Up to <see cref="BlockSize"/> ascending numbers as their distances less one, each in as many bits as the widest needs. Run lengths cost nothing: where
/// every distance is one, the width is zero.
/// </summary>
internal static class PackedInts
{
    public const int BlockSize = 128;

    /// <summary>Bytes that must stand readable after a block, because numbers are read eight bytes at a time.</summary>
    public const int Slack = 8;

    public static int WidthOf(ReadOnlySpan<int> ascending)
    {
        var all = 0u;
        for (var i = 1; i < ascending.Length; i++)
        {
            all |= (uint)(ascending[i] - ascending[i - 1] - 1);
        }

        return 32 - BitOperations.LeadingZeroCount(all);
    }

    public static int BytesOf(int count, int width) => (((count - 1) * width) + 7) >> 3;

    /// <summary>The first number is the caller's to keep. <paramref name="target"/> has <see cref="Slack"/> bytes more than the block needs; some are written.</summary>
    public static void Pack(ReadOnlySpan<int> ascending, int width, Span<byte> target)
    {
        var (held, bits, at) = (0UL, 0, 0);
        for (var i = 1; i < ascending.Length; i++)
        {
            held |= (ulong)(uint)(ascending[i] - ascending[i - 1] - 1) << bits;
            bits += width;
            if (bits >= 32)
            {
                MemoryMarshal.Write(target[at..], (uint)held);
                (held, bits, at) = (held >> 32, bits - 32, at + sizeof(uint));
            }
        }

        MemoryMarshal.Write(target[at..], held);
    }

    public static void Unpack(ReadOnlySpan<byte> block, int first, int width, Span<int> numbers)
    {
        // What is read lies inside: checked once here, not at each number.
        _ = block[BytesOf(numbers.Length, width) + Slack - 1];
        ref var from = ref MemoryMarshal.GetReference(block);
        ref var to = ref MemoryMarshal.GetReference(numbers);
        var mask = (1UL << width) - 1;
        var bit = 0;
        to = first;
        for (var i = 1; i < numbers.Length; i++, bit += width)
        {
            var word = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref from, bit >> 3));
            first += (int)((word >> (bit & 7)) & mask) + 1;
            Unsafe.Add(ref to, i) = first;
        }
    }

    /// <summary>Whether a number is one of the block's, without unpacking what is larger.</summary>
    public static bool Contains(
        ReadOnlySpan<byte> block,
        int first,
        int width,
        int count,
        int number
    )
    {
        _ = block[BytesOf(count, width) + Slack - 1];
        ref var from = ref MemoryMarshal.GetReference(block);
        var mask = (1UL << width) - 1;
        for (var (i, bit) = (1, 0); i < count && first < number; i++, bit += width)
        {
            var word = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref from, bit >> 3));
            first += (int)((word >> (bit & 7)) & mask) + 1;
        }

        return first == number;
    }
}
