namespace Rookery.Search.Index;

/// <summary>
/// Walks through what a query finds, in batches: newest first, or oldest first where the page is taken from below. Between batches the caller may wait
/// for whatever it likes; nothing is locked. Not for two threads at once. Dispose gives its buffers back.
/// </summary>
internal sealed class SearchCursor : IDisposable
{
    private readonly PostIndex _index;
    private readonly WorkLeft _work = new();
    private readonly Matchers _matchers;
    private readonly List<SegmentRun> _runs = [];
    private readonly List<SegmentRun> _spare = [];
    private SealedSegment[] _unopened = [];
    private QueryPlan? _plan;
    private IdRange _range;
    private long _seen;
    private int _opened;
    private long _last;

    // Of what is not in the run that comes first, nothing comes before this id.
    private long _others;

    public SearchCursor(PostIndex index)
    {
        _index = index;
        _matchers = new Matchers(_work);
    }

    /// <summary>Nothing follows.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>As much was looked at as was allowed; <see cref="Reached"/> goes on from there.</summary>
    public bool IsOutOfWork => !IsComplete && _work.IsNone;

    /// <summary>What was found may lack a phrase: the query is to be asked of the texts.</summary>
    public bool NeedsTexts => _plan!.NeedsTexts;

    /// <summary>Everything up to this id was looked at: an exclusive bound for a search that goes on.</summary>
    public PostId Reached { get; private set; }

    /// <summary>Work that is left, in documents; below 0 where the last step took more than there was.</summary>
    public long WorkLeft => _work.Documents;

    /// <summary>For what the caller does with what was found.</summary>
    public void Spend(int documents) => _work.Spend(documents);

    /// <summary>
    /// Fills as much as is found: fewer at the end, where the work is used up, and where some of it was removed meanwhile. Where no work is left it still takes a step, so that
    /// searches with hardly any work come to an end too: who minds stops at <see cref="IsOutOfWork"/>.
    /// </summary>
    public int NextBatch(Span<PostId> ids)
    {
        int kept;
        do
        {
            kept = Find(ids);
            if (_index.Changes != _seen)
            {
                kept = KeepAlive(ids[..kept]);
            }
        } while (kept == 0 && ids.Length > 0 && !IsComplete && !_work.IsNone);
        return kept;
    }

    public void Dispose()
    {
        if (_plan is not null)
        {
            Clear();
            _index.GiveBack(this);
        }
    }

    internal SearchCursor Start(
        QueryPlan plan,
        in IdRange range,
        long work,
        long changes,
        IndexView view
    )
    {
        (_plan, _range, _seen) = (plan, range, changes);
        _work.Set(work);
        _last = range.Ascending ? range.Above : range.Below;
        Reached = new PostId(_last);
        (_opened, IsComplete) = (0, false);
        _unopened = range.Ascending ? SmallestFirst(view.Sealed) : view.Sealed;
        Open(view.Live);
        Open(view.Late);
        return this;
    }

    private int Find(Span<PostId> ids)
    {
        var found = 0;
        while (found < ids.Length && !IsComplete)
        {
            if (NextRun() is not { } run)
            {
                IsComplete = true;
            }
            else if (run.IsFound)
            {
                found += TakeFrom(run, ids[found..]);
            }
            else if (_work.IsNone && MoveReached(run.Next))
            {
                break;
            }
            else
            {
                run.Advance();
            }
        }

        return found;
    }

    /// <summary>What it has found, as long as nothing elsewhere can come before that.</summary>
    private int TakeFrom(SegmentRun run, Span<PostId> ids)
    {
        var found = 0;
        do
        {
            var next = run.Next;
            if (_range.IsBefore(_last, next))
            {
                _last = next;
                Reached = ids[found++] = new PostId(next);
            }

            run.Take();
        } while (found < ids.Length && run.IsFound && _range.IsBefore(run.Next, _others));

        return found;
    }

    /// <summary>False where a search that went on from there would not get further than this one has: then one more step is due.</summary>
    private bool MoveReached(long next)
    {
        var bound = new PostId(_range.Ascending ? next - 1 : next + 1);
        var moved = _range.IsBefore(Reached.Value, bound.Value);
        Reached = moved ? bound : Reached;
        return moved;
    }

    /// <summary>The one whose next comes first of all, segments opened as far as that takes.</summary>
    private SegmentRun? NextRun()
    {
        while (true)
        {
            SegmentRun? first = null;
            _others = _range.Ascending ? _range.Below : _range.Above;
            for (var i = _runs.Count - 1; i >= 0; i--)
            {
                if (_runs[i].IsOver)
                {
                    _spare.Add(_runs[i]);
                    _runs.RemoveAt(i);
                }
                else if (first is null || _range.IsBefore(_runs[i].Next, first.Next))
                {
                    _others = first?.Next ?? _others;
                    first = _runs[i];
                }
                else
                {
                    _others = NearerOf(_runs[i].Next, _others);
                }
            }

            if (!OpenNext(first))
            {
                return first;
            }
        }
    }

    private long NearerOf(long one, long other) => _range.IsBefore(one, other) ? one : other;

    /// <summary>Opens the next segment if something in it may come before what is next.</summary>
    private bool OpenNext(SegmentRun? first)
    {
        for (; _opened < _unopened.Length; _opened++)
        {
            var segment = _unopened[_opened];
            var edge = _range.Ascending ? segment.SmallestId : segment.LargestId;
            if (first is not null && _range.IsBefore(first.Next, edge))
            {
                _others = NearerOf(edge, _others);
                return false;
            }

            if (segment.LargestId > _range.Above && segment.SmallestId < _range.Below)
            {
                _opened++;
                var run = TakeRun();
                run.Start(segment, _matchers.For(_plan!.Root, segment), _range);
                _runs.Add(run);
                return true;
            }
        }

        return false;
    }

    private void Open(OpenSegment segment)
    {
        var count = segment.Count;
        if (count > 0 && segment.Largest[count - 1] > _range.Above)
        {
            var run = TakeRun();
            run.Start(segment, count, _matchers.For(_plan!.Root, segment), _range);
            _runs.Add(run);
        }
    }

    private SegmentRun TakeRun()
    {
        if (_spare.Count == 0)
        {
            return new SegmentRun(_work);
        }

        var run = _spare[^1];
        _spare.RemoveAt(_spare.Count - 1);
        return run;
    }

    /// <summary>Something was removed or hidden since: without what is not there now.</summary>
    private int KeepAlive(Span<PostId> ids)
    {
        var view = _index.View;
        var kept = 0;
        foreach (var id in ids)
        {
            if (view.HasAlive(id.Value))
            {
                ids[kept++] = id;
            }
        }

        return kept;
    }

    private void Clear()
    {
        _spare.AddRange(_runs);
        _runs.Clear();
        foreach (var run in _spare)
        {
            run.Clear();
        }

        _matchers.Clear();
        (_plan, _unopened) = (null, []);
    }

    private static SealedSegment[] SmallestFirst(SealedSegment[] segments)
    {
        var sorted = segments.AsSpan().ToArray();
        Array.Sort(sorted, static (a, b) => a.SmallestId.CompareTo(b.SmallestId));
        return sorted;
    }
}
