namespace Rookery.Search.Index;

/// <summary>Makes the matchers of a plan for one segment after another. What it made lasts until <see cref="Clear"/>.</summary>
internal sealed class Matchers
{
    private readonly WorkLeft _work;
    private readonly Spare<TermMatcher> _terms;
    private readonly Spare<UnionMatcher> _unions;
    private readonly Spare<BitmapMatcher> _bitmaps = new(() => new BitmapMatcher(), most: 256);
    private readonly Spare<AllMatcher> _alls = new(() => new AllMatcher(), most: 64);

    // Made once: a delegate for each conjunction would be most of what a search allocates.
    private readonly Func<QueryPlan.Node, SealedSegment, Matcher> _forSealed;
    private readonly Func<QueryPlan.Node, OpenSegment, Matcher> _forOpen;
    private readonly Func<SealedSegment, PostingList, Matcher> _ofList;
    private readonly Func<OpenSegment, int, Matcher> _ofTerm;
    private readonly Union _union;

    public Matchers(WorkLeft work)
    {
        (_work, _forSealed, _forOpen) = (work, For, For);
        (_ofList, _ofTerm) = ((segment, list) => OfList(segment, list), OfTerm);
        _terms = new Spare<TermMatcher>(() => new TermMatcher(work), most: 256);
        _unions = new Spare<UnionMatcher>(() => new UnionMatcher(work), most: 16);
        _union = new Union(_unions.Take);
    }

    public Matcher For(QueryPlan.Node node, SealedSegment segment) =>
        node switch
        {
            QueryPlan.Term term => OfTerm(segment, term.Key),
            QueryPlan.Prefix prefix => OfPrefix(segment, prefix.Key.Bytes),
            QueryPlan.AnyTerm any => OfTerms(segment, any.Keys),
            QueryPlan.All all => Join(all.Parts, segment, segment.Count, _forSealed),
            QueryPlan.Any any => Either(any.Parts, segment, _forSealed),
            QueryPlan.Not not => new NotMatcher(For(not.Part, segment)),
            QueryPlan.Ids ids => new RangeMatcher(
                segment.FirstFrom(ids.From),
                segment.FirstFrom(ids.To) - 1
            ),
            QueryPlan.OneOf one => OfIds(segment, one.Sorted),
            _ => throw new InvalidOperationException($"No matcher for {node}."),
        };

    public Matcher For(QueryPlan.Node node, OpenSegment segment) =>
        node switch
        {
            QueryPlan.Term term => OfTerm(segment, term.Key),
            QueryPlan.Prefix prefix => OfPrefix(segment, prefix.Key.Bytes),
            QueryPlan.AnyTerm any => OfTerms(segment, any.Keys),
            QueryPlan.All all => Join(all.Parts, segment, segment.Count, _forOpen),
            QueryPlan.Any any => Either(any.Parts, segment, _forOpen),
            QueryPlan.Not not => new NotMatcher(For(not.Part, segment)),
            QueryPlan.Ids ids => new IdRangeMatcher(segment, ids.From, ids.To),
            QueryPlan.OneOf one => new OneOfMatcher(segment, one.Sorted),
            _ => throw new InvalidOperationException($"No matcher for {node}."),
        };

    public void Clear()
    {
        _terms.GiveBack(static term => term.Clear());
        _unions.GiveBack(static union => union.Clear());
        _bitmaps.GiveBack(static bitmap => bitmap.Clear());
        _alls.GiveBack(static all => all.Clear());
    }

    private Matcher Join<T>(
        QueryPlan.Node[] nodes,
        T segment,
        int documents,
        Func<QueryPlan.Node, T, Matcher> make
    )
    {
        if (nodes.Length == 0)
        {
            return RangeMatcher.Everything;
        }

        var all = _alls.Take();
        foreach (var node in nodes)
        {
            var part = make(node, segment);
            if (part.Most == 0)
            {
                return RangeMatcher.Nothing;
            }

            all.Add(part);
        }

        all.MakeReady(documents);
        return all;
    }

    private static Matcher Either<T>(
        QueryPlan.Node[] nodes,
        T segment,
        Func<QueryPlan.Node, T, Matcher> make
    ) => Union.Either([.. nodes.Select(node => make(node, segment))]);

    private Matcher OfTerm(OpenSegment segment, QueryPlan.Key key)
    {
        var term = segment.Find(key.Bytes, key.Hash);
        return term < 0 ? RangeMatcher.Nothing : OfTerm(segment, term);
    }

    private TermMatcher OfTerm(OpenSegment segment, int term)
    {
        var matcher = _terms.Take();
        matcher.Use(segment, term);
        return matcher;
    }

    private Matcher OfTerms(OpenSegment segment, QueryPlan.Key[] keys)
    {
        _union.Begin();
        foreach (var key in keys)
        {
            if (segment.Find(key.Bytes, key.Hash) is >= 0 and var term)
            {
                _union.Add(term);
            }
        }

        _work.Spend(keys.Length);
        return _union.Made(segment, _ofTerm);
    }

    private Matcher OfTerm(SealedSegment segment, QueryPlan.Key key)
    {
        _work.Spend(SealedSegment.TermsPerBlock);
        return segment.TryFind(key.Bytes, out var list)
            ? OfList(segment, list)
            : RangeMatcher.Nothing;
    }

    private Matcher OfList(SealedSegment segment, in PostingList list)
    {
        if (PostingList.IsBitmap(list.Count, segment.Count))
        {
            var bitmap = _bitmaps.Take();
            bitmap.Use(segment, list);
            return bitmap;
        }

        var matcher = _terms.Take();
        matcher.Use(segment, list);
        return matcher;
    }

    private Matcher OfIds(SealedSegment segment, long[] ids)
    {
        var found = new List<int>();
        foreach (var id in ids)
        {
            if (segment.TryFind(id, out var document))
            {
                found.Add(document);
            }
        }

        _work.Spend(ids.Length);
        if (found.Count == 0)
        {
            return RangeMatcher.Nothing;
        }

        var matcher = _terms.Take();
        matcher.Use([.. found]);
        return matcher;
    }

    private Matcher OfTerms(SealedSegment segment, QueryPlan.Key[] keys)
    {
        _union.Begin(segment);
        foreach (var key in keys)
        {
            _work.Spend(SealedSegment.TermsPerBlock);
            if (segment.TryFind(key.Bytes, out var list))
            {
                _union.Add(list);
            }
        }

        return _union.Made(_ofList);
    }

    private Matcher OfPrefix(SealedSegment segment, byte[] prefix)
    {
        _union.Begin(segment);
        var reader = segment.ReadFrom(prefix);
        while (reader.MoveNext())
        {
            _work.Spend(1);
            if (reader.Key.StartsWith(prefix))
            {
                _union.Add(reader.List);
            }
            else if (reader.Key.SequenceCompareTo(prefix) > 0)
            {
                break;
            }
        }

        return _union.Made(_ofList);
    }

    private Matcher OfPrefix(OpenSegment segment, byte[] prefix)
    {
        _union.Begin();
        // Neighbours share the kind and two bytes: for a shorter beginning all are looked at.
        var areNear = prefix.Length > 2;
        var term = areNear ? segment.FirstLike(prefix) : segment.Terms - 1;
        while (term >= 0)
        {
            _work.Spend(1);
            if (segment.KeyOf(term).StartsWith(prefix))
            {
                _union.Add(term);
            }

            term = areNear ? segment.NextLike(term) : term - 1;
        }

        return _union.Made(segment, _ofTerm);
    }
}
