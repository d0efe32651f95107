using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

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

    /// <summary>One merge in so many of a thread says who is read; all of them would cost each a tenth.</summary>
    private const int MergesPerMark = 16;

    [ThreadStatic]
    private static int[]? _visits;

    [ThreadStatic]
    private static int _merges;

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
        if (++_merges % MergesPerMark == 0)
        {
            MarkUsed(authors);
        }

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

    private MergeResult MergeNewest(
        ReadOnlySpan<int> authors,
        MergeRange range,
        Span<long> ids,
        Span<int> absent
    )
    {
        var columns = Volatile.Read(ref _columns);
        var run = new NewestRun(ids, range.Above);
        var visits = Visits(authors.Length);
        var count = OfferNewest(
            columns,
            authors,
            range.Below,
            ref run,
            visits,
            absent,
            out var missing
        );
        count = Prefetch(columns, visits.AsSpan(0, count), run.Threshold);
        var bound = 0L;
        var boundAuthor = -1;
        foreach (var author in visits.AsSpan(0, count))
        {
            var floor = OfferRest(columns, author, range.Below, ref run);
            if (floor > bound)
            {
                (bound, boundAuthor) = (floor, author);
            }
        }

        // A floor matters only where ids below it would have got onto the page.
        if (bound <= run.Threshold)
        {
            return new MergeResult(run.Count, 0, -1, missing);
        }

        // What lies at or below a floor may have neighbours that no head holds.
        var sure = run.Count;
        while (sure > 0 && ids[sure - 1] <= bound)
        {
            sure--;
        }

        return new MergeResult(sure, bound, boundAuthor, missing);
    }

    /// <summary>
    /// Every author's newest id first: that raises the threshold so far that afterwards no more authors are looked into than the page has
    /// ids. Most cost one load and one compare. Writes who is to be looked into, and answers how many.
    /// </summary>
    private static int OfferNewest(
        Columns columns,
        ReadOnlySpan<int> authors,
        long below,
        ref NewestRun run,
        Span<int> visits,
        Span<int> absent,
        out int missing
    )
    {
        var count = 0;
        missing = 0;
        foreach (var author in authors)
        {
            var newest = columns.NewestOf(author);
            if (newest <= run.Threshold)
            {
                continue;
            }

            if (newest == NotPresent)
            {
                Note(author, absent, ref missing);
                continue;
            }

            visits[count++] = author;
            if (newest < below && newest != OnlyFloor)
            {
                run.Offer(newest);
            }
        }

        return count;
    }

    /// <summary>Keeps those that may have more for the page, and has their rows and ids fetched side by side: nearly twice the rate when cold.</summary>
    private unsafe int Prefetch(Columns columns, Span<int> visits, long threshold)
    {
        var kept = 0;
        foreach (var author in visits)
        {
            if (columns.NewestOf(author) > threshold)
            {
                visits[kept++] = author;
                Fetch(ref columns.Rows[author]);
            }
        }

        foreach (var author in visits[..kept])
        {
            Fetch(ref *_slab.At(columns.Rows[author].Block));
        }

        return kept;
    }

    private static unsafe void Fetch<T>(ref T place)
        where T : unmanaged
    {
        // Only a hint: it is harmless if the collector moves the row meanwhile.
        if (Sse.IsSupported)
        {
            Sse.Prefetch0(Unsafe.AsPointer(ref place));
        }
    }

    /// <summary>Answers the floor that was reached, 0 where the page ends before.</summary>
    private unsafe long OfferRest(Columns columns, int author, long below, ref NewestRun run)
    {
        if (columns.NewestOf(author) <= run.Threshold)
        {
            return 0;
        }

        ref var row = ref columns.Rows[author];
        var head = _slab.At(row.Block);
        int count = row.Count;
        for (var place = 0; place < count; place++)
        {
            // Read once: a writer may be at work, and what was compared must be what is offered.
            var id = head[place];
            if (id < below && !run.Offer(id))
            {
                return 0;
            }
        }

        return row.Floor;
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
        // Of complements the oldest are the largest.
        var run = new NewestRun(ids, ~range.Below);
        var missing = 0;
        foreach (var author in authors)
        {
            var newest = columns.NewestOf(author);
            if (newest == NotPresent)
            {
                Note(author, absent, ref missing);
                continue;
            }

            if (newest <= range.Above)
            {
                continue;
            }

            ref var row = ref columns.Rows[author];
            if (row.Floor > range.Above)
            {
                return new MergeResult(0, row.Floor, author, missing);
            }

            var head = _slab.At(row.Block);
            for (var place = row.Count - 1; place >= 0; place--)
            {
                var id = head[place];
                if (id > range.Above && !run.Offer(~id))
                {
                    break;
                }
            }
        }

        var found = ids[..run.Count];
        found.Reverse();
        foreach (ref var id in found)
        {
            id = ~id;
        }

        return new MergeResult(found.Length, 0, -1, missing);
    }

    /// <summary>
    /// All of them, also who had nothing for the page: a head that is passed over is needed as much. Only the first reader writes: a line that
    /// all cores read must not move between them.
    /// </summary>
    private void MarkUsed(ReadOnlySpan<int> authors)
    {
        var rows = Volatile.Read(ref _columns).Rows;
        foreach (var author in authors)
        {
            if ((uint)author < (uint)rows.Length && !rows[author].Used)
            {
                rows[author].Used = true;
            }
        }
    }

    private static int[] Visits(int authors) =>
        _visits?.Length >= authors ? _visits : _visits = new int[Math.Max(256, 2 * authors)];

    private static void Note(int author, Span<int> absent, ref int missing)
    {
        if (missing < absent.Length)
        {
            absent[missing] = author;
        }

        missing++;
    }
}
