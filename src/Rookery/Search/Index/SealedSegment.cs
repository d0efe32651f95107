using System.Runtime.InteropServices;

namespace Rookery.Search.Index;

/// <summary>
/// A segment that takes no more posts: documents in ascending order of their ids, terms in ascending order of their keys, everything in a few flat
/// arrays. Only its marks change. It is let go of when it has been merged away and the last reader is done: then the garbage collector takes the arrays.
/// </summary>
internal sealed class SealedSegment(
    long[] ids,
    byte[] dictionary,
    int[] blocks,
    byte[] lists,
    int terms,
    SegmentMarks marks
)
{
    public const int TermsPerBlock = 16;

    public int Count => ids.Length;

    public int Terms => terms;

    public long SmallestId => ids[0];

    public long LargestId => ids[^1];

    public ReadOnlySpan<long> Ids => ids;

    public ReadOnlySpan<byte> Dictionary => dictionary;

    public ReadOnlySpan<int> Blocks => blocks;

    public ReadOnlySpan<byte> Lists => lists;

    public SegmentMarks Marks => marks;

    public long Bytes =>
        (ids.Length * (long)sizeof(long))
        + dictionary.Length
        + (blocks.Length * (long)sizeof(int))
        + lists.Length
        + marks.Bytes;

    /// <summary>The same posts with other marks: for a copy of this moment.</summary>
    public SealedSegment With(SegmentMarks others) =>
        new(ids, dictionary, blocks, lists, terms, others);

    /// <summary>The document of a post, removed or not.</summary>
    public bool TryFind(long id, out int document)
    {
        document = ids.Length > 0 && id >= ids[0] && id <= ids[^1] ? ids.BinarySearch(id) : -1;
        return document >= 0;
    }

    /// <summary>The first document whose id is <paramref name="id"/> or larger; <see cref="Count"/> where there is none.</summary>
    public int FirstFrom(long id)
    {
        var at = ids.BinarySearch(id);
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
            marks.Withdrawn.Add(reader.End, posts);
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
        var (low, high) = (0, blocks.Length - 1);
        while (low < high)
        {
            var middle = (low + high + 1) >>> 1;
            (low, high) = blocks[middle] < end ? (middle, high) : (low, middle - 1);
        }

        var reader = new TermReader(this, blocks[low]);
        while (reader.MoveNext() && reader.End < end) { }
        return reader;
    }

    /// <summary>From the block in which the key stands or would stand.</summary>
    public TermReader ReadFrom(ReadOnlySpan<byte> key)
    {
        var (low, high) = (0, blocks.Length - 1);
        while (low < high)
        {
            var middle = (low + high + 1) >>> 1;
            var at = blocks[middle];
            if (dictionary.AsSpan(at + 2, dictionary[at + 1]).SequenceCompareTo(key) <= 0)
            {
                low = middle;
            }
            else
            {
                high = middle - 1;
            }
        }

        return new TermReader(this, blocks.Length == 0 ? 0 : blocks[low]);
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
                dictionary.AsSpan(list.At),
                list.First,
                list.Width,
                into[..list.Count]
            );
        }
        else if (PostingList.IsBitmap(list.Count, ids.Length))
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
            lists.AsSpan(list.At, SegmentMarks.WordsOf(ids.Length) * sizeof(ulong))
        );

    public int FirstOf(in PostingList list, int block) =>
        MemoryMarshal.Read<int>(lists.AsSpan(list.At + (block * PostingList.DirectoryEntry)));

    /// <summary>The documents of one block of a long list; answers how many.</summary>
    public int ReadBlock(in PostingList list, int block, Span<int> into)
    {
        var entry = lists.AsSpan(list.At + (block * PostingList.DirectoryEntry));
        var at = list.At + MemoryMarshal.Read<int>(entry[sizeof(int)..]);
        var count = Math.Min(PackedInts.BlockSize, list.Count - (block * PackedInts.BlockSize));
        PackedInts.Unpack(
            lists.AsSpan(at + 1),
            MemoryMarshal.Read<int>(entry),
            lists[at],
            into[..count]
        );
        return count;
    }

    private bool TryRead(ReadOnlySpan<byte> key, out TermReader reader)
    {
        reader = ReadFrom(key);
        while (reader.MoveNext())
        {
            var order = reader.Key.SequenceCompareTo(key);
            if (order >= 0)
            {
                return order == 0;
            }
        }

        return false;
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
