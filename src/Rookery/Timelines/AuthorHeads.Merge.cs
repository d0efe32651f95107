namespace Rookery.Timelines;

/// <summary>What is asked of a merge: ids strictly between the bounds, the newest or (<c>FromBelow</c>) the oldest of them.</summary>
internal readonly record struct MergeRange(long Below, long Above, bool FromBelow);

/// <summary>
/// What a merge found: <c>Count</c> ids, newest first, none missing between them. Where <c>Bound</c> is not 0 the range goes on at or below
/// it, and only truth knows how; it is the floor of <c>BoundAuthor</c>'s head. <c>Absent</c> heads were not in memory: nothing counts before they are.
/// </summary>
internal readonly record struct MergeResult(int Count, long Bound, int BoundAuthor, int Absent);

internal sealed partial class AuthorHeads
{
    /// <summary>Tries without the lock; a reader that loses twice to writers reads between them.</summary>
    private const int Tries = 2;

    /// <summary>
    /// Merges the heads of <paramref name="authors"/> into <paramref name="ids"/>, as of one moment between two committed groups. Absent authors
    /// are written to <paramref name="absent"/>, as many as fit.
    /// </summary>
    public MergeResult Merge(
        ReadOnlySpan<int> authors,
        MergeRange range,
        Span<long> ids,
        Span<int> absent
    )
    {
        for (var attempt = 0; attempt < Tries; attempt++)
        {
            var version = Volatile.Read(ref _version);
            if ((version & 1) == 0)
            {
                var result = MergeNow(authors, range, ids, absent);
                Volatile.ReadBarrier();
                if (Volatile.Read(ref _version) == version)
                {
                    return result;
                }
            }
        }

        lock (_writing)
        {
            return MergeNow(authors, range, ids, absent);
        }
    }

    private MergeResult MergeNow(
        ReadOnlySpan<int> authors,
        MergeRange range,
        Span<long> ids,
        Span<int> absent
    ) =>
        range.FromBelow
            ? MergeOldest(authors, range, ids, absent)
            : MergeNewest(authors, range, ids, absent);

    private unsafe MergeResult MergeNewest(
        ReadOnlySpan<int> authors,
        MergeRange range,
        Span<long> ids,
        Span<int> absent
    )
    {
        var columns = Volatile.Read(ref _columns);
        var newest = columns.Newest;
        var best = new IdHeap(ids);
        var least = range.Above;
        var missing = 0;
        var bound = 0L;
        var boundAuthor = -1;
        foreach (var author in authors)
        {
            if ((uint)author < (uint)newest.Length && newest[author] <= least)
            {
                continue;
            }

            if ((uint)author >= (uint)newest.Length || newest[author] == NotPresent)
            {
                Note(author, absent, ref missing);
                continue;
            }

            ref var row = ref columns.Rows[author];
            MarkUsed(ref row);
            var head = _slab.At(row.Block);
            var place = 0;
            var count = (int)row.Count;
            for (; place < count && head[place] > least; place++)
            {
                if (head[place] < range.Below)
                {
                    least = Math.Max(best.Add(head[place]), range.Above);
                }
            }

            if (place == count && row.Floor > bound)
            {
                (bound, boundAuthor) = (row.Floor, author);
            }
        }

        var found = best.TakeNewestFirst();
        // What lies at or below a floor may have neighbours that no head holds.
        var sure = found;
        while (sure > 0 && ids[sure - 1] <= bound)
        {
            sure--;
        }

        return bound <= range.Above || sure == ids.Length
            ? new MergeResult(sure, 0, -1, missing)
            : new MergeResult(sure, bound, boundAuthor, missing);
    }

    /// <summary>Upwards the whole range must be in memory: below a floor there may be ids that come first.</summary>
    private unsafe MergeResult MergeOldest(
        ReadOnlySpan<int> authors,
        MergeRange range,
        Span<long> ids,
        Span<int> absent
    )
    {
        var columns = Volatile.Read(ref _columns);
        var best = new IdHeap(ids);
        var missing = 0;
        foreach (var author in authors)
        {
            if ((uint)author >= (uint)columns.Newest.Length || columns.Newest[author] == NotPresent)
            {
                Note(author, absent, ref missing);
                continue;
            }

            ref var row = ref columns.Rows[author];
            if (columns.Newest[author] <= range.Above)
            {
                continue;
            }

            MarkUsed(ref row);
            if (row.Floor > range.Above)
            {
                return new MergeResult(0, row.Floor, author, missing);
            }

            var head = _slab.At(row.Block);
            for (var place = 0; place < row.Count && head[place] > range.Above; place++)
            {
                if (head[place] < range.Below)
                {
                    // Negated, the oldest are the greatest.
                    best.Add(-head[place]);
                }
            }
        }

        var found = best.TakeNewestFirst();
        ids[..found].Reverse();
        for (var i = 0; i < found; i++)
        {
            ids[i] = -ids[i];
        }

        return new MergeResult(found, 0, -1, missing);
    }

    // Only the first reader writes: a line that all cores read must not move between them.
    private static void MarkUsed(ref HeadRow row)
    {
        if (!row.Used)
        {
            row.Used = true;
        }
    }

    private static void Note(int author, Span<int> absent, ref int missing)
    {
        if (missing < absent.Length)
        {
            absent[missing] = author;
        }

        missing++;
    }
}
