using System.Numerics;
using System.Runtime.CompilerServices;

namespace Rookery.Search.Index;

/// <summary>
/// What a query finds in one segment, in order, a few at a time. <see cref="Next"/> is the id that it has found, or else one that nothing still to be found
/// lies beyond. Used again from query to query.
/// </summary>
internal sealed class SegmentRun(WorkLeft work)
{
    private const int AtOnce = 64;

    // Looking at a window takes about as long as reading so many postings.
    private const int PerWindow = 128;

    // A step in a list, besides the documents of it.
    private const int PerStep = 32;

    // A window with fewer is followed by one twice as long.
    private const int Few = 4;

    // Of a list at first; twice as many in each step that follows, up to a block.
    private const int FirstOfList = 32;

    private readonly List<long> _found = new(PackedInts.BlockSize);
    private Matcher _matcher = RangeMatcher.Nothing;
    private TermMatcher? _list;
    private OpenSegment? _open;
    private SealedSegment? _sealed;
    private IdRange _range;
    private long _smallest;
    private int _low;
    private int _high;
    private int _size;
    private int _taken;
    private bool _ended;

    /// <summary>Nothing is found and nothing is to come.</summary>
    public bool IsOver => _ended && _taken == _found.Count;

    /// <summary><see cref="Next"/> is an id that was found, and none before it can follow.</summary>
    public bool IsFound =>
        _taken < _found.Count && (_ended || _range.IsBefore(_found[_taken], Edge));

    public long Next => IsFound ? _found[_taken] : Edge;

    private long Edge =>
        _sealed is not null ? _sealed.Ids[_range.Ascending ? _low : _high]
        : _range.Ascending ? Math.Max(_smallest, _range.Above + 1)
        : Math.Min(_open!.Largest[_high], _range.Below - 1);

    public void Start(SealedSegment segment, Matcher matcher, in IdRange range)
    {
        Start(matcher, range);
        _sealed = segment;
        _low = segment.FirstFrom(range.Above + 1);
        _high = segment.FirstFrom(range.Below) - 1;
        _ended = _low > _high || matcher.Most == 0;
    }

    public void Start(OpenSegment segment, int count, Matcher matcher, in IdRange range)
    {
        Start(matcher, range);
        (_open, _smallest) = (segment, segment.SmallestId);
        (_low, _high) = (0, count - 1);
        _ended = count == 0 || matcher.Most == 0;
    }

    public void Clear()
    {
        (_open, _sealed, _matcher, _list) = (null, null, RangeMatcher.Nothing, null);
        _found.Clear();
    }

    public void Take() => _taken++;

    /// <summary>Looks at the next window in which something may be, or goes on in the list.</summary>
    public void Advance()
    {
        if (_list is not null)
        {
            AdvanceThrough(_list);
        }
        else if (_sealed is null && _range.Ascending)
        {
            AdvanceUnordered();
        }
        else if (_range.Ascending)
        {
            AdvanceUp(_sealed!);
        }
        else
        {
            AdvanceDown();
        }
    }

    private void Start(Matcher matcher, in IdRange range)
    {
        Clear();
        (_matcher, _range, _taken, _ended) = (matcher, range, 0, false);
        _list = range.Ascending ? null : matcher.List;
        _size = _list is null ? Window.Size : FirstOfList;
    }

    [SkipLocalsInit]
    private void AdvanceThrough(TermMatcher list)
    {
        var listed = list.UpTo(_high, _size);
        if (listed.IsEmpty || listed[^1] < _low)
        {
            _ended = true;
            return;
        }

        Forget();
        Span<int> documents = stackalloc int[PackedInts.BlockSize];
        documents = documents[..listed.Length];
        listed.CopyTo(documents);
        documents.Reverse();
        _high = documents[^1] - 1;
        documents = _open is null ? documents : documents[..KeepWithin(documents, _open.Ids)];
        work.Spend(PerStep + documents.Length);
        var dead = (_sealed?.Marks ?? _open!.Marks).Dead;
        foreach (var document in documents[.._matcher.FilterList(documents)])
        {
            if (!Window.Has(dead, document))
            {
                Found(document);
            }
        }

        _size = Math.Min(2 * _size, PackedInts.BlockSize);
        EndDown();
    }

    /// <summary>Before anything is asked of them: where documents are in no order, every page begins with the newest.</summary>
    private int KeepWithin(Span<int> documents, ReadOnlySpan<long> ids)
    {
        var kept = 0;
        foreach (var document in documents)
        {
            documents[kept] = document;
            kept += ids[document] > _range.Above && ids[document] < _range.Below ? 1 : 0;
        }

        return kept;
    }

    private void EndDown()
    {
        _ended = _high < _low;
        if (_open is not null)
        {
            if (_found.Count > 0)
            {
                SortFound();
            }

            // Nothing that large is left in it.
            _ended |= !_ended && _open.Largest[_high] <= _range.Above;
        }
    }

    [SkipLocalsInit]
    private void AdvanceDown()
    {
        var last = _matcher.Last(_high);
        if (last < _low)
        {
            _ended = true;
            return;
        }

        Forget();
        var end = Window.StartOf(last) + Window.Size;
        var size = SizeFor(_high - last);
        var start = Math.Max(0, end - size);
        Span<ulong> bits = stackalloc ulong[Window.MostWords];
        bits = bits[..((end - start) >> 6)];
        Match(bits, start, Math.Max(start, _low), last);
        _high = Math.Max(start, _low) - 1;
        var before = _found.Count;
        for (var word = bits.Length - 1; word >= 0; word--)
        {
            for (var rest = bits[word]; rest != 0; )
            {
                var bit = BitOperations.Log2(rest);
                rest &= ~(1UL << bit);
                var document = start + (word << 6) + bit;
                if (Found(document) && _found.Count - before >= AtOnce && IsInOrder(document))
                {
                    _high = document - 1;
                    (rest, word) = (0, 0);
                }
            }
        }

        Follow(size, _found.Count - before);
        EndDown();
    }

    [SkipLocalsInit]
    private void AdvanceUp(SealedSegment segment)
    {
        var first = _matcher.First(_low);
        if (first > _high)
        {
            _ended = true;
            return;
        }

        Forget();
        var start = Window.StartOf(first);
        var size = SizeFor(first - _low);
        var end = Math.Min(start + size, Window.StartOf(_high) + Window.Size);
        var through = Math.Min(end - 1, _high);
        Span<ulong> bits = stackalloc ulong[Window.MostWords];
        bits = bits[..((end - start) >> 6)];
        Match(bits, start, first, through);
        _low = through + 1;
        var before = _found.Count;
        foreach (var document in new BitsOf(start, bits))
        {
            _found.Add(segment.Ids[document]);
            if (_found.Count - _taken >= AtOnce)
            {
                _low = document + 1;
                break;
            }
        }

        Follow(size, _found.Count - before);
        _ended = _low > _high;
    }

    /// <summary>The oldest of documents that are in no order: all of them, since there are few.</summary>
    private void AdvanceUnordered()
    {
        Span<ulong> bits = stackalloc ulong[Window.Size / 64];
        for (int last; (last = _matcher.Last(_high)) >= 0; _high = Window.StartOf(last) - 1)
        {
            var start = Window.StartOf(last);
            Match(bits, start, start, last);
            foreach (var document in new BitsOf(start, bits))
            {
                Found(document);
            }

            if (start == 0)
            {
                break;
            }
        }

        SortFound();
        _ended = true;
    }

    /// <summary>Where documents were skipped, the next that match are far apart too.</summary>
    private int SizeFor(int skipped) => skipped >= Window.Size ? Window.Size : _size;

    private void Follow(int size, int found) =>
        _size = found >= Few ? size : Math.Min(2 * size, Window.Largest);

    private void Match(Span<ulong> bits, int start, int from, int through)
    {
        Window.Fill(bits, from - start, through - start);
        _matcher.Keep(start, bits);
        var dead = (_sealed?.Marks ?? _open!.Marks).Dead;
        Window.AndNot(bits, dead.Slice(start >> 6, bits.Length));
        work.Spend(PerWindow + bits.Length);
    }

    /// <summary>Nothing before it is larger: what was found may be taken without the rest of the window.</summary>
    private bool IsInOrder(int document) =>
        _open is null || document == 0 || _open.Largest[document - 1] < _open.Ids[document];

    private bool Found(int document)
    {
        var id = _sealed is not null ? _sealed.Ids[document] : _open!.Ids[document];
        var isIn = id > _range.Above && id < _range.Below;
        if (isIn)
        {
            _found.Add(id);
        }

        return isIn;
    }

    private void Forget()
    {
        _found.RemoveRange(0, _taken);
        _taken = 0;
    }

    private void SortFound()
    {
        _found.Sort();
        if (!_range.Ascending)
        {
            _found.Reverse();
        }
    }
}

/// <summary>Which ids, both ends excluded, and in which direction.</summary>
internal readonly record struct IdRange(long Above, long Below, bool Ascending)
{
    public bool IsBefore(long one, long other) => Ascending ? one < other : one > other;
}
