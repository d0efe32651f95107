using System.Runtime.InteropServices;

namespace Rookery.Search.Index;

/// <summary>
/// A segment that takes no more posts: documents in ascending order of their ids, terms in ascending order of their keys, everything in a few flat
/// arrays. Only its marks change. It is let go of when it has been merged away and the last reader is done: then the garbage collector takes the arrays.
/// </summary>
internal sealed class SealedSegment
{
    public const int TermsPerBlock = 16;

    private readonly long[] _ids;
    private readonly byte[] _dictionary;
    private readonly int[] _blocks;
    private readonly byte[] _lists;

    // Of the first key of each block the first eight bytes, as a number: a term is looked for among them, side by side in memory, and in the dictionary only at the end.
    private readonly ulong[] _starts;

    public SealedSegment(
        long[] ids,
        byte[] dictionary,
        int[] blocks,
        byte[] lists,
        int terms,
        SegmentMarks marks
    )
        : this(ids, dictionary, blocks, lists, StartsOf(dictionary, blocks), terms, marks) { }

    private SealedSegment(
        long[] ids,
        byte[] dictionary,
        int[] blocks,
        byte[] lists,
        ulong[] starts,
        int terms,
        SegmentMarks marks
    )
    {
        (_ids, _dictionary, _blocks, _lists) = (ids, dictionary, blocks, lists);
        (_starts, Terms, Marks) = (starts, terms, marks);
    }

    public int Count => _ids.Length;

    public int Terms { get; }

    public long SmallestId => _ids[0];

    public long LargestId => _ids[^1];

    public ReadOnlySpan<long> Ids => _ids;

    public ReadOnlySpan<byte> Dictionary => _dictionary;

    public ReadOnlySpan<int> Blocks => _blocks;

    public ReadOnlySpan<byte> Lists => _lists;

    public SegmentMarks Marks { get; }

    public long Bytes =>
        (_ids.Length * (long)sizeof(long))
        + _dictionary.Length
        + (_blocks.Length * (long)sizeof(int))
        + _lists.Length
        + (_starts.Length * (long)sizeof(ulong))
        + Marks.Bytes;

    /// <summary>The same posts with other marks: for a copy of this moment.</summary>
    public SealedSegment With(SegmentMarks others) =>
        new(_ids, _dictionary, _blocks, _lists, _starts, Terms, others);

    /// <summary>The document of a post, removed or not.</summary>
    public bool TryFind(long id, out int document)
    {
        document = _ids.Length > 0 && id >= _ids[0] && id <= _ids[^1] ? _ids.BinarySearch(id) : -1;
        return document >= 0;
    }

    /// <summary>The first document whose id is <paramref name="id"/> or larger; <see cref="Count"/> where there is none.</summary>
    public int FirstFrom(long id)
    {
        // Nearly every search has the whole of the segment in its bounds.
        if (id <= SmallestId || id > LargestId)
        {
            return id <= SmallestId ? 0 : Count;
        }

        var at = _ids.BinarySearch(id);
        return at < 0 ? ~at : at;
    }

    public bool TryFind(ReadOnlySpan<byte> key, out PostingList list)
    {
        var isThere = TryRead(key, out var reader);
        list = isThere ? reader.List : default;
        return isThere;
    }

    /// <summary>Posts that have a term, removed ones too, but not withdrawn ones.</summary>
    public int CountOf(ReadOnlySpan<byte> key) => TryRead(key, out var reader) ? reader.Posts : 0;

    /// <summary>Of a term that is there, so many posts, which are removed already, count no more.</summary>
    public void Withdraw(ReadOnlySpan<byte> key, int posts, IWordCounts? words)
    {
        if (TryRead(key, out var reader))
        {
            var told = WordCounts.Of(reader.Posts);
            Marks.Withdrawn.Add(reader.End, posts);
            words?.Replace(key, told, reader.Posts);
        }
    }

    /// <summary>Every document of a term.</summary>
    public void ForEach(ReadOnlySpan<byte> key, Action<int> action)
    {
        if (TryFind(key, out var list))
        {
            var documents = new int[list.Count];
            Read(list, documents);
            Array.ForEach(documents, action);
        }
    }

    public TermReader ReadAll() => new(this, 0);

    /// <summary>Stands at the term that ends there.</summary>
    public TermReader ReadThrough(int end)
    {
        var (low, high) = (0, _blocks.Length - 1);
        while (low < high)
        {
            var middle = (low + high + 1) >>> 1;
            (low, high) = _blocks[middle] < end ? (middle, high) : (low, middle - 1);
        }

        var reader = new TermReader(this, _blocks[low]);
        while (reader.MoveNext() && reader.End < end) { }
        return reader;
    }

    /// <summary>From the block in which the key stands or would stand.</summary>
    public TermReader ReadFrom(ReadOnlySpan<byte> key)
    {
        var start = TermReader.StartOf(key);
        var low = LastUpTo(start);
        if (low > 0 && _starts[low] == start)
        {
            low = LastUpTo(key, start, low);
        }

        return new TermReader(this, _blocks.Length == 0 ? 0 : _blocks[low]);
    }

    /// <summary>All documents of a list, ascending. <paramref name="into"/> has room for <c>list.Count</c>.</summary>
    public void Read(in PostingList list, Span<int> into)
    {
        if (list.Count == 1)
        {
            into[0] = list.First;
        }
        else if (list.Count <= PackedInts.BlockSize)
        {
            PackedInts.Unpack(
                _dictionary.AsSpan(list.At),
                list.First,
                list.Width,
                into[..list.Count]
            );
        }
        else if (PostingList.IsBitmap(list.Count, _ids.Length))
        {
            ReadBitmap(BitmapOf(list), into);
        }
        else
        {
            for (var block = 0; block < PostingList.BlocksOf(list.Count); block++)
            {
                into = into[ReadBlock(list, block, into)..];
            }
        }
    }

    public ReadOnlySpan<ulong> BitmapOf(scoped in PostingList list) =>
        MemoryMarshal.Cast<byte, ulong>(
            _lists.AsSpan(list.At, SegmentMarks.WordsOf(_ids.Length) * sizeof(ulong))
        );

    public int FirstOf(in PostingList list, int block) =>
        MemoryMarshal.Read<int>(_lists.AsSpan(list.At + (block * PostingList.DirectoryEntry)));

    /// <summary>The documents of one block of a long list; answers how many.</summary>
    public int ReadBlock(in PostingList list, int block, Span<int> into)
    {
        var entry = _lists.AsSpan(list.At + (block * PostingList.DirectoryEntry));
        var at = list.At + MemoryMarshal.Read<int>(entry[sizeof(int)..]);
        var count = Math.Min(PackedInts.BlockSize, list.Count - (block * PackedInts.BlockSize));
        PackedInts.Unpack(
            _lists.AsSpan(at + 1),
            MemoryMarshal.Read<int>(entry),
            _lists[at],
            into[..count]
        );
        return count;
    }

    /// <summary>The last block that starts so or before, else the first.</summary>
    private int LastUpTo(ulong start)
    {
        // Without a branch that nobody can foretell: half the steps would go wrong.
        var low = 0;
        for (var left = _starts.Length; left > 1; )
        {
            var half = left >> 1;
            low += _starts[low + half] <= start ? half : 0;
            left -= half;
        }

        return low;
    }

    /// <summary>The last block, of those up to <paramref name="high"/>, whose first key is no larger, where several start alike.</summary>
    private int LastUpTo(ReadOnlySpan<byte> key, ulong start, int high)
    {
        var low = start == 0 ? 0 : LastUpTo(start - 1);
        while (low < high)
        {
            var middle = (low + high + 1) >>> 1;
            var at = _blocks[middle];
            if (_dictionary.AsSpan(at + 2, _dictionary[at + 1]).SequenceCompareTo(key) <= 0)
            {
                low = middle;
            }
            else
            {
                high = middle - 1;
            }
        }

        return low;
    }

    private static ulong[] StartsOf(byte[] dictionary, int[] blocks)
    {
        var starts = new ulong[blocks.Length];
        for (var block = 0; block < starts.Length; block++)
        {
            var at = blocks[block];
            starts[block] = TermReader.StartOf(dictionary.AsSpan(at + 2, dictionary[at + 1]));
        }

        return starts;
    }

    /// <summary>Whether one block of a long list has a document: quicker than to read it for that.</summary>
    public bool Contains(in PostingList list, int block, int document)
    {
        var entry = _lists.AsSpan(list.At + (block * PostingList.DirectoryEntry));
        var at = list.At + MemoryMarshal.Read<int>(entry[sizeof(int)..]);
        var count = Math.Min(PackedInts.BlockSize, list.Count - (block * PackedInts.BlockSize));
        return PackedInts.Contains(
            _lists.AsSpan(at + 1),
            MemoryMarshal.Read<int>(entry),
            _lists[at],
            count,
            document
        );
    }

    private bool TryRead(ReadOnlySpan<byte> key, out TermReader reader)
    {
        reader = ReadFrom(key);
        return reader.MoveTo(key);
    }

    private static void ReadBitmap(ReadOnlySpan<ulong> bits, Span<int> into)
    {
        var found = 0;
        for (var word = 0; word < bits.Length; word++)
        {
            for (var rest = bits[word]; rest != 0; rest &= rest - 1)
            {
                into[found++] = (word << 6) + System.Numerics.BitOperations.TrailingZeroCount(rest);
            }
        }
    }
}
