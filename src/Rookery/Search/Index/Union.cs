namespace Rookery.Search.Index;

/// <summary>
/// Any of many terms of a sealed segment: the frequent ones stay lists that are read where a window asks, all rare ones become one bitmap at once.
/// </summary>
internal sealed class Union(SealedSegment segment, WorkLeft work)
{
    // Few lists are asked one by one; reading this many documents at most costs less than asking for each window.
    private const int MostLists = 16;
    private const int Rare = 1024;

    private readonly List<PostingList> _lists = [];
    private ulong[]? _rare;
    private int[] _read = [];
    private int _count;

    public void Add(in PostingList list)
    {
        _lists.Add(list);
        if (_lists.Count > MostLists * 4)
        {
            Condense();
        }
    }

    public List<Matcher> Parts(Func<PostingList, Matcher> make)
    {
        if (_lists.Count > MostLists)
        {
            Condense();
        }

        var parts = _lists.ConvertAll(list => make(list));
        if (_rare is not null)
        {
            parts.Add(new BitmapMatcher(_rare, Math.Min(_count, segment.Count)));
        }

        return parts;
    }

    /// <summary>The rare ones go; where the others are too many, the least of these too.</summary>
    private void Condense()
    {
        _lists.Sort(static (a, b) => b.Count.CompareTo(a.Count));
        _rare ??= new ulong[SegmentMarks.WordsOf(segment.Count)];
        var kept = 0;
        foreach (var list in _lists)
        {
            if (kept < MostLists && list.Count > Rare)
            {
                kept++;
            }
            else
            {
                Set(list);
            }
        }

        _lists.RemoveRange(kept, _lists.Count - kept);
    }

    private void Set(in PostingList list)
    {
        if (_read.Length < list.Count)
        {
            _read = new int[Math.Max(PackedInts.BlockSize, list.Count * 2)];
        }

        segment.Read(list, _read);
        foreach (var document in _read.AsSpan(0, list.Count))
        {
            _rare![document >> 6] |= 1UL << document;
        }

        _count += list.Count;
        work.Spend(list.Count);
    }
}

/// <summary>The same of an open segment, which is small: with more than a few terms, all become one bitmap.</summary>
internal sealed class OpenUnion(OpenSegment segment, WorkLeft work)
{
    private const int MostLists = 16;

    private OpenSegment.Slice[] _slices = new OpenSegment.Slice[8];

    public Matcher Of(List<int> terms, Func<TermMatcher> take)
    {
        if (terms.Count > MostLists)
        {
            return Bitmap(terms);
        }

        var parts = new Matcher[terms.Count];
        for (var i = 0; i < parts.Length; i++)
        {
            var matcher = take();
            matcher.Use(segment, terms[i]);
            parts[i] = matcher;
        }

        return parts.Length == 0 ? RangeMatcher.Nothing : new AnyMatcher(parts);
    }

    private BitmapMatcher Bitmap(List<int> terms)
    {
        var bits = new ulong[segment.Marks.Dead.Length];
        var count = 0;
        foreach (var term in terms)
        {
            var slices = segment.SlicesOf(term, ref _slices);
            foreach (var slice in _slices.AsSpan(0, slices))
            {
                foreach (var document in slice.Span)
                {
                    bits[document >> 6] |= 1UL << document;
                }

                count += slice.Count;
            }
        }

        work.Spend(count);
        return new BitmapMatcher(bits, count);
    }
}
