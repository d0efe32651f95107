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
    private int _most;

    public override int Most => _most;

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

    private void KeepMany(int start, Span<ulong> bits)
    {
        Span<ulong> own = stackalloc ulong[Window.Words];
        own.Clear();
        var block = Math.Max(0, BlockOf(start));
        for (; block < _blocks && FirstOf(block) < start + Window.Size; block++)
        {
            var documents = Load(block);
            if (documents[0] < start)
            {
                var at = documents.BinarySearch(start);
                documents = documents[(at >= 0 ? at : ~at)..];
            }

            foreach (var document in documents)
            {
                var place = document - start;
                if (place >= Window.Size)
                {
                    break;
                }

                own[place >> 6] |= 1UL << place;
            }
        }

        Window.And(bits, own);
    }

    private bool Contains(int document)
    {
        var block = BlockOf(document);
        return block >= 0 && Load(block).BinarySearch(document) >= 0;
    }

    private void Start(int blocks, int most) => (_blocks, _most, _current) = (blocks, most, -1);

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

    /// <summary>The last block that starts at the document or before it, or -1. Steps that double, from where it stands: neighbours are near.</summary>
    private int BlockOf(int document)
    {
        var (low, high) = (-1, _blocks);
        if (_current >= 0)
        {
            if (FirstOf(_current) <= document)
            {
                (low, high) = (_current, _current + 1);
                for (var step = 1; high < _blocks && FirstOf(high) <= document; step *= 2)
                {
                    (low, high) = (high, high + step);
                }

                high = Math.Min(high, _blocks);
            }
            else
            {
                (low, high) = (_current - 1, _current);
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

        return low;
    }
}
