using System.Numerics;
using System.Runtime.Intrinsics;

namespace Rookery.Search.Index;

/// <summary>Walks the terms of several sealed segments in one order, and writes each with the documents of all of them.</summary>
internal sealed class TermMerge(
    SealedSegment[] sources,
    int[][] places,
    int[] documents,
    DocumentOrder order,
    IWordCounts? words
)
{
    // Begins no key: kinds of terms are few.
    private const ulong Ended = ulong.MaxValue;

    private static readonly int _lanes = Vector512<ulong>.Count;

    private readonly TermReader[] _readers = [.. sources.Select(source => source.ReadAll())];

    // The first eight bytes of each reader's key decide nearly always: the least of eight readers is found at once.
    private readonly ulong[] _starts = new ulong[(sources.Length + _lanes - 1) / _lanes * _lanes];
    private readonly int[] _same = new int[sources.Length];
    private int[] _read = new int[PackedInts.BlockSize];

    public void Run(SegmentBuilder builder)
    {
        Array.Fill(_starts, Ended);
        for (var source = 0; source < sources.Length; source++)
        {
            MoveNext(source);
        }

        for (var same = Least(); same > 0; same = Least())
        {
            var first = _same[0];
            if (same == 1 && _readers[first].List is { Count: 1, First: var only })
            {
                WriteOnly(builder, first, only);
                MoveNext(first);
            }
            else
            {
                Write(builder, _same.AsSpan(0, same));
            }
        }
    }

    // Nothing was told of a word that is only once, and nothing is now.
    private void WriteOnly(SegmentBuilder builder, int source, int document)
    {
        var place = places[source][document];
        if (place >= 0)
        {
            builder.Add(_readers[source].Key, place);
        }
    }

    private void Write(SegmentBuilder builder, ReadOnlySpan<int> same)
    {
        ref var reader = ref _readers[same[0]];
        var count = Gather(same);
        if (count == 1)
        {
            builder.Add(reader.Key, documents[0]);
        }
        else if (count > 1)
        {
            builder.Add(reader.Key, documents.AsSpan(0, count));
        }

        if (words is not null)
        {
            var told = 0;
            foreach (var source in same)
            {
                told += WordCounts.Of(_readers[source].Posts);
            }

            words.Replace(reader.Key, told, count);
        }

        foreach (var source in same)
        {
            MoveNext(source);
        }
    }

    private void MoveNext(int source)
    {
        ref var reader = ref _readers[source];
        _starts[source] = reader.MoveNext() ? reader.Start : Ended;
    }

    /// <summary>How many sources stand at the least key; which, in <see cref="_same"/>.</summary>
    private int Least()
    {
        var least = Vector512.LoadUnsafe(ref _starts[0]);
        for (var at = _lanes; at < _starts.Length; at += _lanes)
        {
            least = Vector512.Min(least, Vector512.LoadUnsafe(ref _starts[at]));
        }

        var half = Vector256.Min(least.GetLower(), least.GetUpper());
        var quarter = Vector128.Min(half.GetLower(), half.GetUpper());
        var start = Math.Min(quarter[0], quarter[1]);
        if (start == Ended)
        {
            return 0;
        }

        var found = 0;
        for (var at = 0; at < _starts.Length; at += _lanes)
        {
            var equal = Vector512.Equals(
                Vector512.LoadUnsafe(ref _starts[at]),
                Vector512.Create(start)
            );
            for (var rest = equal.ExtractMostSignificantBits(); rest != 0; rest &= rest - 1)
            {
                _same[found++] = at + BitOperations.TrailingZeroCount(rest);
            }
        }

        return found == 1 ? found : LeastOf(found);
    }

    /// <summary>Of the first so many of <see cref="_same"/> those that stand at the least key.</summary>
    private int LeastOf(int count)
    {
        var kept = 1;
        for (var i = 1; i < count; i++)
        {
            var next = _same[i];
            var sign = _readers[next].Key.SequenceCompareTo(_readers[_same[0]].Key);
            if (sign <= 0)
            {
                kept = sign < 0 ? 0 : kept;
                _same[kept++] = next;
            }
        }

        return kept;
    }

    /// <summary>The new places of all documents that have the term and stay, ascending.</summary>
    private int Gather(ReadOnlySpan<int> same)
    {
        var count = 0;
        foreach (var source in same)
        {
            var from = count;
            var list = _readers[source].List;
            if (_read.Length < list.Count)
            {
                _read = new int[list.Count * 2];
            }

            sources[source].Read(list, _read);
            var of = places[source];
            foreach (var document in _read.AsSpan(0, list.Count))
            {
                var place = of[document];
                if (place >= 0)
                {
                    documents[count++] = place;
                }
            }

            if (from > 0 && from < count && documents[from - 1] > documents[from])
            {
                SortWhereTheyOverlap(documents.AsSpan(0, count), from);
            }
        }

        return count;
    }

    /// <summary>Two ascending parts: only what stands between the first of the second and the last of the first is in no order.</summary>
    private void SortWhereTheyOverlap(Span<int> parts, int second)
    {
        var low = parts[..second].BinarySearch(parts[second]);
        var high = parts[second..].BinarySearch(parts[second - 1]);
        order.Sort(parts[~low..(second + ~high)]);
    }
}
