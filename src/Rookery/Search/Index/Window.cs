using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Rookery.Search.Index;

/// <summary>
/// A query is answered for so many documents at a time, one bit for each: <see cref="Size"/> of them to begin with, small enough that a page of frequent words costs
/// little and that rare words seldom share one; while hardly any match, up to <see cref="Largest"/>, since what a window takes by itself is then most of the work.
/// A window starts at a multiple of <see cref="Size"/> and is one long.
/// </summary>
internal static class Window
{
    public const int Size = 1024;
    public const int Largest = 8 * Size;
    public const int MostWords = Largest / 64;

    public static int StartOf(int document) => document & ~(Size - 1);

    public static int CountIn(ReadOnlySpan<ulong> bits)
    {
        var count = 0;
        foreach (var word in bits)
        {
            count += BitOperations.PopCount(word);
        }

        return count;
    }

    /// <summary>Sets those from <paramref name="from"/> to <paramref name="through"/>, clears the others; both counted from the window's start.</summary>
    public static void Fill(Span<ulong> bits, int from, int through)
    {
        bits.Clear();
        for (var word = from >> 6; word <= through >> 6; word++)
        {
            bits[word] = ulong.MaxValue;
        }

        bits[from >> 6] &= ulong.MaxValue << from;
        bits[through >> 6] &= ulong.MaxValue >> (63 - (through & 63));
    }

    /// <param name="documents">All of them within the window.</param>
    public static void Set(Span<ulong> bits, int start, ReadOnlySpan<int> documents)
    {
        foreach (var document in documents)
        {
            var place = document - start;
            bits[place >> 6] |= 1UL << place;
        }
    }

    public static void And(Span<ulong> bits, ReadOnlySpan<ulong> others)
    {
        var wide = Wide(bits);
        var with = Wide(others);
        for (var i = 0; i < wide.Length; i++)
        {
            wide[i] = wide[i] & with[i];
        }
    }

    public static void AndNot(Span<ulong> bits, ReadOnlySpan<ulong> others)
    {
        var wide = Wide(bits);
        var with = Wide(others);
        for (var i = 0; i < wide.Length; i++)
        {
            wide[i] = wide[i] & ~with[i];
        }
    }

    public static void Or(Span<ulong> bits, ReadOnlySpan<ulong> others)
    {
        var wide = Wide(bits);
        var with = Wide(others);
        for (var i = 0; i < wide.Length; i++)
        {
            wide[i] = wide[i] | with[i];
        }
    }

    private static Span<Vector512<ulong>> Wide(Span<ulong> bits) =>
        MemoryMarshal.Cast<ulong, Vector512<ulong>>(bits);

    private static ReadOnlySpan<Vector512<ulong>> Wide(ReadOnlySpan<ulong> bits) =>
        MemoryMarshal.Cast<ulong, Vector512<ulong>>(bits);

    public static bool Has(ReadOnlySpan<ulong> bits, int at) => (bits[at >> 6] >> at & 1) != 0;

    public static void Clear(Span<ulong> bits, int at) => bits[at >> 6] &= ~(1UL << at);
}

/// <summary>The documents whose bits are set, ascending. The bits may be cleared on the way.</summary>
internal ref struct BitsOf(int start, ReadOnlySpan<ulong> bits)
{
    private readonly ReadOnlySpan<ulong> _bits = bits;
    private ulong _rest;
    private int _word = -1;

    public readonly int Current => start + (_word << 6) + BitOperations.TrailingZeroCount(_rest);

    public readonly BitsOf GetEnumerator() => this;

    public bool MoveNext()
    {
        _rest &= _rest - 1;
        while (_rest == 0)
        {
            if (++_word == _bits.Length)
            {
                return false;
            }

            _rest = _bits[_word];
        }

        return true;
    }
}
