namespace Rookery.Search.Index;

// How segments come to be, are merged, and are kept few.
internal sealed partial class PostIndex
{
    // A segment of which so large a part was removed is written anew alone.
    private const int WorthwhilePart = 4;

    // Or of which so large a part of the terms count otherwise: what says so takes several times as much as a term.
    private const int TermsPerWithdrawn = 16;

    // Three times what posts of usual length take: what unusual ones took does not stay.
    private const long MostUsedAgain = 32 << 20;

    /// <summary>What is there at this moment, and how much memory it takes.</summary>
    public IndexSize Measure()
    {
        lock (_writing)
        {
            var (live, late) = (_view.Live, _view.Late);
            return new IndexSize(
                live.Count + late.Count + _view.Sealed.Sum(segment => (long)segment.Count),
                live.Marks.RemovedCount
                    + late.Marks.RemovedCount
                    + _view.Sealed.Sum(segment => (long)segment.Marks.RemovedCount),
                live.Bytes + late.Bytes + _view.Sealed.Sum(segment => segment.Bytes),
                _view.Sealed.Length
            );
        }
    }

    /// <summary>
    /// Merges once where that is due, on the caller's thread, without keeping writers from writing; false where nothing was to do. Memory of removed
    /// posts comes back through this.
    /// </summary>
    public bool Merge()
    {
        lock (_merging)
        {
            return MergeOnce();
        }
    }

    private bool MergeOnce()
    {
        SealedSegment[] sources;
        SealedSegment[] copies;
        lock (_writing)
        {
            sources = ChooseSources();
            copies = [.. sources.Select(source => source.With(source.Marks.Copy()))];
        }

        if (sources.Length == 0)
        {
            return false;
        }

        var merged = MergeSegments.Merge(copies, _words);
        lock (_writing)
        {
            if (merged is not null)
            {
                BringUpToDate(merged, sources, copies);
            }

            Publish(
                _view with
                {
                    Sealed =
                    [
                        .. _view.Sealed.Except(sources),
                        .. merged is null ? (SealedSegment[])[] : [merged],
                    ],
                }
            );
        }

        return true;
    }

    /// <summary>What was marked in the sources while they were being merged.</summary>
    private void BringUpToDate(
        SealedSegment merged,
        SealedSegment[] sources,
        SealedSegment[] copies
    )
    {
        for (var i = 0; i < sources.Length; i++)
        {
            var (now, then) = (sources[i].Marks, copies[i].Marks);
            Withdraw(merged, sources[i], then.Withdrawn);
            for (var document = 0; document < sources[i].Count; document++)
            {
                if (
                    now.Dead[document >> 6] == then.Dead[document >> 6]
                    && now.Removed[document >> 6] == then.Removed[document >> 6]
                )
                {
                    document |= 63;
                }
                else if (
                    merged.TryFind(sources[i].Ids[document], out var place)
                    && !then.IsRemoved(document)
                )
                {
                    Transfer(now, document, merged.Marks, place);
                }
            }
        }
    }

    private static void Transfer(SegmentMarks from, int document, SegmentMarks to, int place)
    {
        if (from.IsRemoved(document))
        {
            to.Remove(place);
        }
        else if (from.IsDead(document))
        {
            to.Hide(place);
        }
        else
        {
            to.Show(place);
        }
    }

    /// <summary>All of one size once they are enough, else one with much that was removed.</summary>
    private SealedSegment[] ChooseSources()
    {
        var due = _view
            .Sealed.Where(segment => segment.Count <= _limits.LargestSegment / 2)
            .GroupBy(segment => LevelOf(segment.Count))
            .Where(level => level.Count() >= _limits.MergeAt)
            .MinBy(level => level.Key);
        if (due is not null)
        {
            return TakeUpTo(_limits.LargestSegment, due.OrderBy(segment => segment.SmallestId));
        }

        var hollow = _view.Sealed.FirstOrDefault(segment =>
            segment.Marks.RemovedCount > segment.Count / WorthwhilePart
            || segment.Marks.Withdrawn.Count > segment.Terms / TermsPerWithdrawn
        );
        return hollow is null ? [] : [hollow];
    }

    /// <summary>At least two, which together stay below the bound: each is at most half of it.</summary>
    private static SealedSegment[] TakeUpTo(int bound, IEnumerable<SealedSegment> segments)
    {
        var taken = new List<SealedSegment>();
        var documents = 0L;
        foreach (var segment in segments)
        {
            documents += segment.Count;
            if (documents > bound)
            {
                break;
            }

            taken.Add(segment);
        }

        return [.. taken];
    }

    private int LevelOf(int documents)
    {
        var level = 0;
        for (long size = _limits.LateDocuments; size * _limits.MergeAt / 2 < documents; level++)
        {
            size *= _limits.MergeAt;
        }

        return level;
    }

    private void Seal(bool live, bool late)
    {
        var before = _view;
        SealedSegment?[] made =
        [
            live ? SealAll(before.Live) : null,
            late ? SealAll(before.Late) : null,
        ];
        live &= before.Live.Count > 0;
        late &= before.Late.Count > 0;
        Publish(
            new IndexView(
                live ? OpenSegment.None : before.Live,
                late ? OpenSegment.None : before.Late,
                [.. before.Sealed, .. made.OfType<SealedSegment>()]
            )
        );
        // Nobody reads: the old ones are in no view that anyone has or will have.
        var isUnread = _readers.AreNone;
        Volatile.Write(
            ref _view,
            _view with
            {
                Live = live ? Next(before.Live, _limits.LiveDocuments, isUnread) : before.Live,
                Late = late ? Next(before.Late, _limits.LateDocuments, isUnread) : before.Late,
            }
        );
        if (_view.Sealed.Length > _limits.MostSegments && _merging.TryEnter())
        {
            // Whoever should merge does not keep up.
            try
            {
                while (_view.Sealed.Length > _limits.MostSegments && MergeOnce()) { }
            }
            finally
            {
                _merging.Exit();
            }
        }
    }

    /// <summary>The last one again, or one with places for about as many terms.</summary>
    private static OpenSegment Next(OpenSegment last, int documents, bool isUnread)
    {
        if (!isUnread || last.Bytes > MostUsedAgain)
        {
            return new OpenSegment(documents, last.Slots);
        }

        last.Clear();
        return last;
    }

    private SealedSegment? SealAll(OpenSegment open) =>
        SealSegment.Seal(open, open.Count, open.Marks, _words);

    private void Publish(IndexView view)
    {
        Array.Sort(view.Sealed, static (a, b) => b.LargestId.CompareTo(a.LargestId));
        Volatile.Write(ref _view, view);
    }
}

/// <param name="Posts">Including those that are removed and not yet merged away.</param>
/// <param name="Bytes">Of all segments, open ones with what they keep in reserve.</param>
internal readonly record struct IndexSize(long Posts, long Removed, long Bytes, int Segments);
