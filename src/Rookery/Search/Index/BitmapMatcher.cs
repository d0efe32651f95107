using System.Numerics;

namespace Rookery.Search.Index;

/// <summary>The documents of a term that very many have, a bit for each. Used again from query to query.</summary>
internal sealed class BitmapMatcher : Matcher
{
    private SealedSegment? _segment;
    private PostingList _list;

    public override int Most => _list.Count;

    public override bool CanFilter => true;

    private ReadOnlySpan<ulong> Bits => _segment!.BitmapOf(_list);

    public void Use(SealedSegment segment, in PostingList list) =>
        (_segment, _list) = (segment, list);

    /// <summary>Lets go of what it read.</summary>
    public void Clear() => _segment = null;

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
        Window.And(bits, own[..bits.Length]);
    }

    public override int Filter(Span<int> documents)
    {
        var bits = Bits;
        var kept = 0;
        foreach (var document in documents)
        {
            documents[kept] = document;
            kept += (int)(bits[document >> 6] >> document) & 1;
        }

        return kept;
    }
}
