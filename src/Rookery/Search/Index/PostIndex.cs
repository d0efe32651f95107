namespace Rookery.Search.Index;

/// <summary>
/// The search index: posts by their terms, in memory, found newest first whatever order they came in. Changes are made one at a time (a lock that
/// readers never touch) and seen by every search that begins after the call has returned.
/// </summary>
/// <remarks>
/// Delivery may repeat and reorder: a post that is there is not added again, one that was removed never comes back, and a removal may come first.
/// </remarks>
internal sealed partial class PostIndex
{
    private readonly IndexLimits _limits;
    private readonly IWordCounts? _words;
    private readonly Lock _writing = new();
    private readonly Lock _merging = new();
    private readonly Readers _readers = new();
    private readonly RemovedIds _removed;
    private readonly HashSet<long> _hidden = [];
    private IndexView _view;
    private long _changes;

    // The newest id of those that came in about their order; 0 where the next decides.
    private long _newest;
    private int _lateInARow;

    public PostIndex(IndexLimits limits, IWordCounts? words = null)
    {
        (_limits, _words) = (limits, words);
        _removed = new RemovedIds(limits.RememberedRemovals);
        _view = new IndexView(
            new OpenSegment(limits.LiveDocuments),
            new OpenSegment(limits.LateDocuments),
            []
        );
    }

    /// <summary>Only for who has entered <see cref="_readers"/>: what is open in it may be used again when nobody reads.</summary>
    internal IndexView View => Volatile.Read(ref _view);

    /// <summary>Grows with everything that may take a post out of what a search has found already.</summary>
    internal long Changes => Volatile.Read(ref _changes);

    /// <summary>Whether a post is there, neither removed nor hidden.</summary>
    public bool HasAlive(PostId post)
    {
        _readers.Enter();
        var isAlive = View.HasAlive(post.Value);
        _readers.Leave();
        return isAlive;
    }

    /// <summary>False where it is there or was removed. The author becomes one of its terms.</summary>
    public bool Add(PostId post, AccountId author, PostTerms terms)
    {
        terms.AddAccount(TermKind.Author, author);
        lock (_writing)
        {
            if (_removed.Contains(post.Value) || TryFind(post.Value, out _, out _))
            {
                return false;
            }

            SegmentFor(post.Value)
                .Append(post.Value, terms, _hidden.Contains(author.Value), _words);
            return true;
        }
    }

    /// <summary>The post with other terms than it had, or for the first time; false where it was removed.</summary>
    public bool Replace(PostId post, AccountId author, PostTerms terms)
    {
        terms.AddAccount(TermKind.Author, author);
        lock (_writing)
        {
            if (_removed.Contains(post.Value))
            {
                return false;
            }

            // The new one first: a search sees one of them at least, and takes two for one.
            var segment = SegmentFor(post.Value);
            var replaces = TryFind(post.Value, out var marks, out var document);
            segment.Append(post.Value, terms, _hidden.Contains(author.Value), _words);
            if (replaces)
            {
                marks.Remove(document);
                Volatile.Write(ref _changes, _changes + 1);
            }

            return true;
        }
    }

    /// <summary>For good; true where it was there.</summary>
    public bool Remove(PostId post)
    {
        lock (_writing)
        {
            _removed.Add(post.Value);
            if (!TryFind(post.Value, out var marks, out var document))
            {
                return false;
            }

            marks.Remove(document);
            Volatile.Write(ref _changes, _changes + 1);
            return true;
        }
    }

    /// <summary>Everything by this author, now and to come, is not found until <see cref="Show"/>.</summary>
    public void Hide(AccountId author)
    {
        lock (_writing)
        {
            if (_hidden.Add(author.Value))
            {
                MarkAll(author, (marks, document) => marks.Hide(document));
                Volatile.Write(ref _changes, _changes + 1);
            }
        }
    }

    /// <summary>Whether everything by this author is hidden.</summary>
    public bool Hides(AccountId author)
    {
        lock (_writing)
        {
            return _hidden.Contains(author.Value);
        }
    }

    /// <summary>Whose posts are hidden at this moment.</summary>
    public IReadOnlyList<AccountId> Hidden
    {
        get
        {
            lock (_writing)
            {
                return [.. _hidden.Select(author => new AccountId(author))];
            }
        }
    }

    public void Show(AccountId author)
    {
        lock (_writing)
        {
            if (_hidden.Remove(author.Value))
            {
                MarkAll(author, (marks, document) => marks.Show(document));
            }
        }
    }

    /// <summary>
    /// Where a post goes: with the new ones or with the late ones; there is room. When nothing but late ones came for a whole segment, the newest
    /// was a clock that is wrong, or an import is under way: this post begins anew.
    /// </summary>
    private OpenSegment SegmentFor(long id)
    {
        if (_lateInARow >= _limits.LateDocuments)
        {
            Seal(live: true, late: false);
            _newest = 0;
        }

        var live = _newest == 0 || id >= _newest - _limits.LateAfter;
        _newest = live ? Math.Max(_newest, id) : _newest;
        _lateInARow = live ? 0 : _lateInARow + 1;
        if ((live ? _view.Live : _view.Late).IsFull)
        {
            Seal(live, late: !live);
        }

        return live ? _view.Live : _view.Late;
    }

    private bool TryFind(long id, out SegmentMarks marks, out int document)
    {
        foreach (var open in (ReadOnlySpan<OpenSegment>)[_view.Live, _view.Late])
        {
            if (open.TryFind(id, out document) && !open.Marks.IsRemoved(document))
            {
                marks = open.Marks;
                return true;
            }
        }

        foreach (var segment in _view.Sealed)
        {
            if (segment.LargestId < id)
            {
                break;
            }

            if (segment.TryFind(id, out document) && !segment.Marks.IsRemoved(document))
            {
                marks = segment.Marks;
                return true;
            }
        }

        (marks, document) = (_view.Live.Marks, -1);
        return false;
    }

    private void MarkAll(AccountId author, Action<SegmentMarks, int> mark)
    {
        var terms = new PostTerms();
        terms.AddAccount(TermKind.Author, author);
        foreach (var term in terms)
        {
            foreach (var open in (ReadOnlySpan<OpenSegment>)[_view.Live, _view.Late])
            {
                open.ForEach(term.Key, term.Hash, document => mark(open.Marks, document));
            }

            foreach (var segment in _view.Sealed)
            {
                segment.ForEach(term.Key, document => mark(segment.Marks, document));
            }
        }
    }
}
