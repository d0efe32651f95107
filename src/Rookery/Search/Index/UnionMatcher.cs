using System.Buffers;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Rookery.Search.Index;

/// <summary>
/// Any of many terms as a bit for each document. Short lists are set whole, since they stand where the terms do; of long ones no more is read than the search gets
/// to: a stretch around where it begins, then stretches that double, downwards or upwards as it goes. Used again from query to query.
/// </summary>
internal sealed class UnionMatcher(WorkLeft work) : Matcher
{
    private const int FirstStretch = 4 * Window.Size;

    private readonly int[] _read = new int[PackedInts.BlockSize];
    private readonly List<LongList> _long = [];
    private readonly List<PostingList> _bitmaps = [];
    private SealedSegment? _segment;
    private ulong[] _bits = [];
    private int _documents;
    private long _count;
    private int _stretch;

    // Bits from the one to before the other are those of all lists; elsewhere some may still be missing.
    private int _from;
    private int _end;

    public override int Most => (int)Math.Min(_count, _documents);

    /// <summary>For lists of a segment: see <see cref="Add"/>.</summary>
    public void Use(SealedSegment segment)
    {
        Start(segment.Count);
        _segment = segment;
    }

    /// <summary>For documents of an open segment: see <see cref="Set"/>.</summary>
    public void Use(OpenSegment segment)
    {
        Start(segment.Marks.Dead.Length << 6);
        _end = _documents;
    }

    /// <summary>Not after it was asked for anything.</summary>
    public void Add(in PostingList list)
    {
        _count += list.Count;
        if (list.Count <= PackedInts.BlockSize)
        {
            _segment!.Read(list, _read);
            SetAll(_read.AsSpan(0, list.Count));
        }
        else if (PostingList.IsBitmap(list.Count, _documents))
        {
            _bitmaps.Add(list);
        }
        else
        {
            _long.Add(new LongList(list));
        }
    }

    public void Set(ReadOnlySpan<int> documents)
    {
        _count += documents.Length;
        SetAll(documents);
    }

    /// <summary>Lets go of what it read.</summary>
    public void Clear()
    {
        ArrayPool<ulong>.Shared.Return(_bits);
        _bits = [];
        _segment = null;
        _long.Clear();
        _bitmaps.Clear();
    }

    // Where the next one is not known yet, what is known ends.
    public override int Last(int through)
    {
        through = Math.Min(through, _documents - 1);
        FillWindow(Window.StartOf(through), Window.Size);
        var word = through >> 6;
        var rest = _bits[word] & (ulong.MaxValue >> (63 - (through & 63)));
        if (rest == 0)
        {
            var first = _from >> 6;
            word = first + _bits.AsSpan(first, word - first).LastIndexOfAnyExcept(0UL);
            if (word < first)
            {
                return _from - 1;
            }

            rest = _bits[word];
        }

        return (word << 6) + BitOperations.Log2(rest);
    }

    public override int First(int from)
    {
        if (from >= _documents)
        {
            return int.MaxValue;
        }

        FillWindow(Window.StartOf(from), Window.Size);
        var word = from >> 6;
        var rest = _bits[word] & (ulong.MaxValue << from);
        if (rest == 0)
        {
            var next = _bits.AsSpan(word + 1, (_end >> 6) - word - 1).IndexOfAnyExcept(0UL);
            if (next < 0)
            {
                return _end < _documents ? _end : int.MaxValue;
            }

            word += 1 + next;
            rest = _bits[word];
        }

        return (word << 6) + BitOperations.TrailingZeroCount(rest);
    }

    public override void Keep(int start, Span<ulong> bits)
    {
        FillWindow(start, bits.Length << 6);
        Window.And(bits, _bits.AsSpan(start >> 6, bits.Length));
    }

    private void Start(int documents)
    {
        var words = SegmentMarks.WordsOf(documents);
        _bits = ArrayPool<ulong>.Shared.Rent(words);
        _bits.AsSpan(0, words).Clear();
        (_documents, _count, _stretch, _from, _end) = (documents, 0, FirstStretch, 0, 0);
    }

    private void SetAll(ReadOnlySpan<int> documents)
    {
        foreach (var document in documents)
        {
            _bits[document >> 6] |= 1UL << document;
        }

        work.Spend(documents.Length);
    }

    /// <summary>So that a window is among what is known.</summary>
    private void FillWindow(int start, int size)
    {
        if (_end == 0)
        {
            (_from, _end) = (start, start + size);
            Fill(_from, _end);
            return;
        }

        if (start < _from)
        {
            var end = _from;
            _from = Window.StartOf(Math.Max(0, Math.Min(start, end - _stretch)));
            Fill(_from, end);
        }

        if (start + size > _end)
        {
            var from = _end;
            var all = SegmentMarks.WordsOf(_documents) << 6;
            _end = Math.Min(all, Math.Max(start + size, from + _stretch));
            Fill(from, _end);
        }
    }

    private void Fill(int from, int end)
    {
        _stretch = Math.Min(_stretch * 2, 1 << 28);
        foreach (ref var list in CollectionsMarshal.AsSpan(_long))
        {
            if (list.Low > from || list.High < end)
            {
                Read(ref list, from, end);
            }
        }

        foreach (var list in _bitmaps)
        {
            var (word, words) = (from >> 6, (end - from) >> 6);
            Window.Or(_bits.AsSpan(word, words), _segment!.BitmapOf(list).Slice(word, words));
        }
    }

    /// <summary>The blocks that reach into the stretch and were not read yet. What is read is set whole: no block is read twice.</summary>
    private void Read(ref LongList list, int from, int end)
    {
        if (list.Next < 0)
        {
            list.First = list.Next = BlocksBefore(list.List, end);
        }

        while (list.First > 0 && list.Low > from)
        {
            list.First--;
            list.Low = ReadBlock(list.List, list.First);
        }

        list.Low = list.First == 0 ? 0 : list.Low;
        var blocks = PostingList.BlocksOf(list.List.Count);
        while (list.Next < blocks && _segment!.FirstOf(list.List, list.Next) < end)
        {
            ReadBlock(list.List, list.Next++);
        }

        list.High = list.Next < blocks ? _segment!.FirstOf(list.List, list.Next) : int.MaxValue;
    }

    /// <summary>Its first document.</summary>
    private int ReadBlock(in PostingList list, int block)
    {
        SetAll(_read.AsSpan(0, _segment!.ReadBlock(list, block, _read)));
        return _read[0];
    }

    /// <summary>How many blocks begin before a document.</summary>
    private int BlocksBefore(in PostingList list, int document)
    {
        var (low, high) = (0, PostingList.BlocksOf(list.Count));
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            (low, high) =
                _segment!.FirstOf(list, middle) < document ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    /// <summary>A list and which of its blocks were read: from <see cref="First"/> on, to before <see cref="Next"/>.</summary>
    private struct LongList(in PostingList list)
    {
        public readonly PostingList List = list;
        public int First = -1;
        public int Next = -1;

        /// <summary>No document from here on to before <see cref="High"/> is missing.</summary>
        public int Low = int.MaxValue;
        public int High;
    }
}
