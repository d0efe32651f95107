namespace Rookery.Search.Index;

/// <summary>Everything that an index holds at one moment, standing still. Terms are in the segments, so nothing else is needed to go on from it.</summary>
/// <param name="Hidden">Authors whose posts are not found.</param>
/// <param name="Removed">Remembered removals, the oldest first.</param>
internal sealed record IndexImage(SealedSegment[] Segments, long[] Hidden, long[] Removed);

// How an index is taken down and put up again.
internal sealed partial class PostIndex
{
    /// <summary>
    /// The writer waits while marks are copied, a bit for each post; what is still open is made ready for the disk beside it. Readers notice nothing.
    /// </summary>
    public IndexImage TakeImage()
    {
        _readers.Enter();
        IndexView view;
        SealedSegment[] segments;
        (OpenSegment Segment, int Count, SegmentMarks Marks)[] open;
        (long[] Hidden, long[] Removed) others;
        lock (_writing)
        {
            view = _view;
            segments = [.. view.Sealed.Select(segment => segment.With(segment.Marks.Copy()))];
            open =
            [
                (view.Live, view.Live.Count, view.Live.Marks.Copy()),
                (view.Late, view.Late.Count, view.Late.Marks.Copy()),
            ];
            others = ([.. _hidden], _removed.ToArray());
        }

        var made = open.Select(one => SealSegment.Seal(one.Segment, one.Count, one.Marks, null));
        segments = [.. segments, .. made.OfType<SealedSegment>()];
        _readers.Leave();
        return new IndexImage(segments, others.Hidden, others.Removed);
    }

    /// <summary>An index that holds what the image does; <paramref name="words"/> hears of all of its words.</summary>
    public static PostIndex Of(IndexImage image, IndexLimits limits, IWordCounts? words = null)
    {
        var index = new PostIndex(limits, words);
        foreach (var id in image.Removed)
        {
            index._removed.Add(id);
        }

        index.Publish(index._view with { Sealed = [.. image.Segments] });
        index._newest = image.Segments.Select(segment => segment.LargestId).DefaultIfEmpty().Max();
        foreach (var author in image.Hidden)
        {
            index.Hide(new AccountId(author));
        }

        if (words is not null)
        {
            TellWords(image.Segments, words);
        }

        return index;
    }

    private static void TellWords(SealedSegment[] segments, IWordCounts words)
    {
        foreach (var segment in segments)
        {
            var reader = segment.ReadFrom([(byte)TermKind.Word]);
            while (reader.MoveNext() && reader.Key[0] <= (byte)TermKind.Word)
            {
                words.Replace(reader.Key, told: 0, reader.Posts);
            }
        }
    }
}
