namespace Rookery.Search.Index;

// How it is searched.
internal sealed partial class PostIndex
{
    /// <summary>Documents that one search looks at unless its caller says otherwise: about two milliseconds.</summary>
    public const long UsualWork = 1 << 20;

    private const int SpareCursors = 8;

    private readonly SearchCursor?[] _spareCursors = new SearchCursor?[SpareCursors];

    /// <summary>Posts at most that have a term, removed ones that are not merged away yet included, withdrawn ones not.</summary>
    public long CountOf(TermKind kind, ReadOnlySpan<byte> term)
    {
        Span<byte> key = stackalloc byte[PostTerms.LongestKey];
        term = term.Length > PostTerms.LongestTerm ? term[..PostTerms.LongestTerm] : term;
        key[0] = (byte)kind;
        term.CopyTo(key[1..]);
        key = key[..(term.Length + 1)];
        var hash = PostTerms.HashOf(key);
        _readers.Enter();
        var view = View;
        var count = 0L;
        foreach (var open in (ReadOnlySpan<OpenSegment>)[view.Live, view.Late])
        {
            var found = open.Find(key, hash);
            count += found < 0 ? 0 : open.CountOf(found);
        }

        foreach (var segment in view.Sealed)
        {
            count += segment.CountOf(key);
        }

        _readers.Leave();
        return count;
    }

    /// <summary>
    /// Begins a search; the cursor is the caller's to dispose. <paramref name="page"/>'s count plays no part. It looks at <paramref name="work"/> documents at most, and a
    /// window for each segment.
    /// </summary>
    public SearchCursor Open(QueryPlan plan, in Page page, long work = UsualWork)
    {
        var changes = Changes;
        var range = new IdRange(page.Above, page.Below, page.FromBelow);
        var cursor = TakeCursor();
        _readers.Enter();
        return page.Above >= page.Below
            ? cursor.Start(plan, range, work, changes, IndexView.Empty)
            : cursor.Start(plan, range, work, changes, View);
    }

    /// <summary>One page of a query that needs no texts.</summary>
    public IndexAnswer Search(SearchNode query, in Page page, long work = UsualWork)
    {
        using var cursor = Open(QueryPlan.Of(query), page, work);
        Span<PostId> ids = stackalloc PostId[Page.MaxCount];
        ids = ids[..Math.Clamp(page.Count, 0, Page.MaxCount)];
        var found = ids[..cursor.NextBatch(ids)];
        if (page.FromBelow)
        {
            found.Reverse();
        }

        var isCut = found.Length < ids.Length && !cursor.IsComplete;
        return new IndexAnswer(found.ToArray(), isCut ? cursor.Reached : null);
    }

    /// <summary>It holds nothing of the index any more.</summary>
    internal void GiveBack(SearchCursor cursor)
    {
        _readers.Leave();
        for (var i = 0; i < SpareCursors; i++)
        {
            if (Interlocked.CompareExchange(ref _spareCursors[i], cursor, null) is null)
            {
                return;
            }
        }
    }

    private SearchCursor TakeCursor()
    {
        for (var i = 0; i < SpareCursors; i++)
        {
            if (
                Volatile.Read(ref _spareCursors[i]) is not null
                && Interlocked.Exchange(ref _spareCursors[i], null) is { } cursor
            )
            {
                return cursor;
            }
        }

        return new SearchCursor(this);
    }
}

/// <param name="Ids">Newest first.</param>
/// <param name="Rest">Where the work ran out before the page was full: nothing between the last of the ids and this was missed, and a page from here goes on.</param>
internal readonly record struct IndexAnswer(IReadOnlyList<PostId> Ids, PostId? Rest);
