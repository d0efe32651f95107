using System.Buffers.Binary;

namespace Rookery.Search.Index;

/// <summary>Walks the terms of several sealed segments in one order, and writes each with the documents of all of them.</summary>
internal sealed class TermMerge(
    SealedSegment[] sources,
    int[][] places,
    int[] documents,
    IWordCounts? words
)
{
    private readonly TermReader[] _readers = [.. sources.Select(source => source.ReadAll())];

    // The first eight bytes of each reader's key decide nearly always.
    private readonly ulong[] _starts = new ulong[sources.Length];
    private readonly bool[] _ended = new bool[sources.Length];
    private readonly int[] _same = new int[sources.Length];
    private int[] _read = new int[PackedInts.BlockSize];

    public void Run(SegmentBuilder builder)
    {
        for (var source = 0; source < sources.Length; source++)
        {
            MoveNext(source);
        }

        for (var same = Least(); same > 0; same = Least())
        {
            var count = Gather(_same.AsSpan(0, same));
            if (count > 0)
            {
                builder.Add(_readers[_same[0]].Key, documents.AsSpan(0, count));
            }

            var told = 0;
            foreach (var source in _same.AsSpan(0, same))
            {
                told += WordCounts.Of(_readers[source].List.Count);
            }

            words?.Replace(_readers[_same[0]].Key, told, count);
            foreach (var source in _same.AsSpan(0, same))
            {
                MoveNext(source);
            }
        }
    }

    private void MoveNext(int source)
    {
        ref var reader = ref _readers[source];
        _ended[source] = !reader.MoveNext();
        if (_ended[source])
        {
            return;
        }

        Span<byte> start = stackalloc byte[8];
        start.Clear();
        reader.Key[..Math.Min(8, reader.Key.Length)].CopyTo(start);
        _starts[source] = BinaryPrimitives.ReadUInt64BigEndian(start);
    }

    /// <summary>How many sources stand at the least key; which, in <see cref="_same"/>.</summary>
    private int Least()
    {
        var found = 0;
        for (var source = 0; source < sources.Length; source++)
        {
            if (_ended[source])
            {
                continue;
            }

            var order = found == 0 ? -1 : Compare(source, _same[0]);
            if (order <= 0)
            {
                found = order < 0 ? 0 : found;
                _same[found++] = source;
            }
        }

        return found;
    }

    private int Compare(int one, int other)
    {
        var order = _starts[one].CompareTo(_starts[other]);
        return order != 0 ? order : _readers[one].Key.SequenceCompareTo(_readers[other].Key);
    }

    /// <summary>The new places of all documents that have the term and stay, ascending.</summary>
    private int Gather(ReadOnlySpan<int> same)
    {
        var count = 0;
        var ascending = true;
        foreach (var source in same)
        {
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
                    ascending &= count == 0 || documents[count - 1] < place;
                    documents[count++] = place;
                }
            }
        }

        if (!ascending)
        {
            documents.AsSpan(0, count).Sort();
        }

        return count;
    }
}
