namespace Rookery.Search.Index;

/// <summary>
/// Any of several terms: few stay lists of their own that are read where a window asks, more become a bit for each document. Used again from union to union: each begins
/// with one of the two methods that say so.
/// </summary>
/// <param name="take">Gives a matcher for more than few.</param>
internal sealed class Union(Func<UnionMatcher> take)
{
    // Few lists are asked one by one.
    private const int MostLists = 16;

    private readonly List<PostingList> _lists = [];
    private readonly List<int> _terms = [];
    private OpenSegment.Slice[] _slices = new OpenSegment.Slice[8];
    private SealedSegment? _segment;
    private UnionMatcher? _all;

    public void Begin(SealedSegment segment)
    {
        _lists.Clear();
        (_segment, _all) = (segment, null);
    }

    public void Begin()
    {
        _terms.Clear();
        (_segment, _all) = (null, null);
    }

    /// <summary>A list of the segment.</summary>
    public void Add(in PostingList list)
    {
        if (_all is null && _lists.Count < MostLists)
        {
            _lists.Add(list);
            return;
        }

        if (_all is null)
        {
            _all = take();
            _all.Use(_segment!);
            foreach (var earlier in _lists)
            {
                _all.Add(earlier);
            }
        }

        _all.Add(list);
    }

    /// <summary>A term of an open segment.</summary>
    public void Add(int term) => _terms.Add(term);

    /// <param name="make">For a list that stays by itself.</param>
    public Matcher Made(Func<SealedSegment, PostingList, Matcher> make)
    {
        var (segment, all) = (_segment!, _all);
        (_segment, _all) = (null, null);
        return all ?? Either([.. _lists.Select(list => make(segment, list))]);
    }

    /// <summary>The segment is small: with more than few terms all is read at once.</summary>
    public Matcher Made(OpenSegment segment, Func<OpenSegment, int, Matcher> make)
    {
        if (_terms.Count <= MostLists)
        {
            return Either([.. _terms.Select(term => make(segment, term))]);
        }

        var all = take();
        all.Use(segment);
        foreach (var term in _terms)
        {
            var slices = segment.SlicesOf(term, ref _slices);
            foreach (var slice in _slices.AsSpan(0, slices))
            {
                all.Set(slice.Span);
            }
        }

        // They would keep what the segment leaves behind.
        Array.Clear(_slices);
        return all;
    }

    public static Matcher Either(Matcher[] parts)
    {
        var some = Array.Exists(parts, part => part.Most == 0)
            ? Array.FindAll(parts, part => part.Most > 0)
            : parts;
        return some.Length switch
        {
            0 => RangeMatcher.Nothing,
            1 => some[0],
            _ => new AnyMatcher(some),
        };
    }
}
