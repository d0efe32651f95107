using System.Runtime.CompilerServices;

namespace Rookery.Search.Index;

/// <summary>
/// The documents of one term, in blocks: packed ones of a sealed segment, slices of an open one, or a list that somebody made. One block is
/// unpacked at a time. Used again from query to query.
/// </summary>
internal sealed class TermMatcher(WorkLeft work) : Matcher
{
    // Up to so many documents it is cheaper to look each up than to go through the window's postings.
    private const int FewDocuments = 6;

    private readonly int[] _unpacked = new int[PackedInts.BlockSize];
    private OpenSegment.Slice[] _slices = new OpenSegment.Slice[8];
    private SealedSegment? _segment;
    private PostingList _list;
    private OpenSegment.Slice _loaded;
    private int _blocks;
    private int _current;
    private int _near;
    private int _most;

    public override int Most => _most;

    public override TermMatcher List => this;

    public override bool CanFilter => true;

    public void Use(SealedSegment segment, in PostingList list)
    {
        (_segment, _list) = (segment, list);
        Start(PostingList.BlocksOf(list.Count), list.Count);
    }

    public void Use(OpenSegment segment, int term)
    {
        _segment = null;
        var blocks = segment.SlicesOf(term, ref _slices);
        Start(blocks, segment.CountOf(term));
        work.Spend(blocks);
    }

    /// <param name="ascending">At least one document.</param>
    public void Use(int[] ascending)
    {
        _segment = null;
        _slices[0] = new OpenSegment.Slice(ascending, 0, ascending.Length);
        Start(1, ascending.Length);
    }

    /// <summary>Lets go of what it read.</summary>
    public void Clear()
    {
        (_segment, _loaded) = (null, default);
        Array.Clear(_slices);
    }

    /// <summary>Documents up to one, ascending and without gaps: as many as is convenient, at most <paramref name="most"/>; none where there are none.</summary>
    public ReadOnlySpan<int> UpTo(int through, int most)
    {
        var block = BlockOf(through);
        if (block < 0)
        {
            return [];
        }

        var documents = Load(block);
        if (documents[^1] > through)
        {
            documents = documents[..CountBelow(documents, through + 1)];
        }

        return documents[Math.Max(0, documents.Length - most)..];
    }

    public override int Last(int through)
    {
        var block = BlockOf(through);
        if (block < 0)
        {
            return -1;
        }

        var documents = Load(block);
        var at = documents.BinarySearch(through);
        return documents[at >= 0 ? at : ~at - 1];
    }

    public override int First(int from)
    {
        var block = BlockOf(from);
        if (block < 0)
        {
            return FirstOf(0);
        }

        var documents = Load(block);
        var at = documents.BinarySearch(from);
        at = at >= 0 ? at : ~at;
        return at < documents.Length ? documents[at]
            : block + 1 < _blocks ? FirstOf(block + 1)
            : int.MaxValue;
    }

    public override void Keep(int start, Span<ulong> bits)
    {
        if (Window.CountIn(bits) > FewDocuments)
        {
            KeepMany(start, bits);
            return;
        }

        foreach (var document in new BitsOf(start, bits))
        {
            if (!Contains(document))
            {
                Window.Clear(bits, document - start);
            }
        }
    }

    public override int Filter(Span<int> documents)
    {
        var kept = 0;
        for (var from = 0; from < documents.Length; )
        {
            // As many as a window holds that begins with the last of them.
            var start = Math.Max(0, (documents[from] | 63) + 1 - Window.Largest);
            var to = from + 1;
            while (to < documents.Length && documents[to] >= start)
            {
                to++;
            }

            kept +=
                to - from > FewDocuments
                    ? FilterMany(documents[from..to], documents[kept..])
                    : FilterFew(documents[from..to], documents[kept..]);
            from = to;
        }

        return kept;
    }

    private int FilterFew(ReadOnlySpan<int> documents, Span<int> into)
    {
        var kept = 0;
        foreach (var document in documents)
        {
            into[kept] = document;
            kept += Contains(document) ? 1 : 0;
        }

        return kept;
    }

    /// <summary>Sets a bit for each, and goes through the list asking for it.</summary>
    [SkipLocalsInit]
    private int FilterMany(ReadOnlySpan<int> documents, Span<int> into)
    {
        var start = documents[^1] & ~63;
        var end = documents[0] + 1;
        Span<ulong> bits = stackalloc ulong[Window.MostWords];
        bits = bits[..((end - start + 63) >> 6)];
        bits.Clear();
        Window.Set(bits, start, documents);
        var kept = 0;
        for (var block = BlockOf(end - 1); block >= 0; block--)
        {
            var listed = Part(block, start, end);
            for (var i = listed.Length - 1; i >= 0; i--)
            {
                if (Window.Has(bits, listed[i] - start))
                {
                    into[kept++] = listed[i];
                }
            }

            if (FirstOf(block) <= start)
            {
                break;
            }
        }

        return kept;
    }

    [SkipLocalsInit]
    private void KeepMany(int start, Span<ulong> bits)
    {
        Span<ulong> own = stackalloc ulong[Window.MostWords];
        own = own[..bits.Length];
        own.Clear();
        var end = start + (bits.Length << 6);
        var block = Math.Max(0, BlockOf(start));
        for (; block < _blocks && FirstOf(block) < end; block++)
        {
            Window.Set(own, start, Part(block, start, end));
        }

        Window.And(bits, own);
    }

    /// <summary>The documents of a block from <paramref name="start"/> on to before <paramref name="end"/>.</summary>
    private ReadOnlySpan<int> Part(int block, int start, int end)
    {
        var documents = Load(block);
        if (documents[0] < start)
        {
            documents = documents[CountBelow(documents, start)..];
        }

        return documents.IsEmpty || documents[^1] < end
            ? documents
            : documents[..CountBelow(documents, end)];
    }

    private static int CountBelow(ReadOnlySpan<int> documents, int document)
    {
        var at = documents.BinarySearch(document);
        return at >= 0 ? at : ~at;
    }

    private bool Contains(int document)
    {
        var block = BlockOf(document);
        if (block < 0)
        {
            return false;
        }

        if (_segment is null || _blocks == 1 || block == _current)
        {
            return Load(block).BinarySearch(document) >= 0;
        }

        work.Spend(PackedInts.BlockSize / 2);
        return _segment.Contains(_list, block, document);
    }

    private void Start(int blocks, int most) =>
        (_blocks, _most, _current, _near) = (blocks, most, -1, -1);

    private int FirstOf(int block) =>
        _segment is null ? _slices[block].Numbers[_slices[block].At]
        : _blocks == 1 ? _list.First
        : _segment.FirstOf(_list, block);

    private ReadOnlySpan<int> Load(int block)
    {
        if (block != _current)
        {
            _current = block;
            _loaded = _segment is null ? _slices[block] : Unpack(_segment, block);
            work.Spend(_loaded.Count);
        }

        return _loaded.Span;
    }

    private OpenSegment.Slice Unpack(SealedSegment segment, int block)
    {
        var count = _list.Count;
        if (_blocks == 1)
        {
            segment.Read(_list, _unpacked);
        }
        else
        {
            count = segment.ReadBlock(_list, block, _unpacked);
        }

        return new OpenSegment.Slice(_unpacked, 0, count);
    }

    /// <summary>The last block that starts at the document or before it, or -1. Steps that double, from the one before: neighbours are near.</summary>
    private int BlockOf(int document)
    {
        var (low, high) = (-1, _blocks);
        if (_near >= 0)
        {
            if (FirstOf(_near) <= document)
            {
                (low, high) = (_near, _near + 1);
                for (var step = 1; high < _blocks && FirstOf(high) <= document; step *= 2)
                {
                    (low, high) = (high, high + step);
                }

                high = Math.Min(high, _blocks);
            }
            else
            {
                (low, high) = (_near - 1, _near);
                for (var step = 1; low >= 0 && FirstOf(low) > document; step *= 2)
                {
                    (low, high) = (low - step, low);
                }

                low = Math.Max(low, -1);
            }
        }

        while (high - low > 1)
        {
            var middle = (low + high) >>> 1;
            (low, high) = FirstOf(middle) <= document ? (middle, high) : (low, middle);
        }

        _near = Math.Max(low, 0);
        return low;
    }
}
