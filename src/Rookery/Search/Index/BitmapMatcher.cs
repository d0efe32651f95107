using System.Numerics;

namespace Rookery.Search.Index;

/// <summary>Documents as a bit for each: of a term that very many have, or of all the rare words that start alike.</summary>
internal sealed class BitmapMatcher : Matcher
{
    private readonly SealedSegment? _segment;
    private readonly PostingList _list;
    private readonly ulong[] _own = [];

    public BitmapMatcher(SealedSegment segment, in PostingList list)
    {
        (_segment, _list) = (segment, list);
        Most = list.Count;
    }

    public BitmapMatcher(ulong[] own, int count)
    {
        _own = own;
        Most = count;
    }

    public override int Most { get; }

    private ReadOnlySpan<ulong> Bits => _segment is null ? _own : _segment.BitmapOf(_list);

    public override int Last(int through)
    {
        var bits = Bits;
        var word = through >> 6;
        if (word >= bits.Length)
        {
            return Last((bits.Length << 6) - 1);
        }

        var rest = bits[word] & (ulong.MaxValue >> (63 - (through & 63)));
        while (rest == 0)
        {
            if (--word < 0)
            {
                return -1;
            }

            rest = bits[word];
        }

        return (word << 6) + BitOperations.Log2(rest);
    }

    public override int First(int from)
    {
        var bits = Bits;
        var word = from >> 6;
        if (word >= bits.Length)
        {
            return int.MaxValue;
        }

        var rest = bits[word] & (ulong.MaxValue << from);
        while (rest == 0)
        {
            if (++word == bits.Length)
            {
                return int.MaxValue;
            }

            rest = bits[word];
        }

        return (word << 6) + BitOperations.TrailingZeroCount(rest);
    }

    public override void Keep(int start, Span<ulong> bits)
    {
        var own = Bits[(start >> 6)..];
        Window.And(bits, own[..Window.Words]);
    }
}
