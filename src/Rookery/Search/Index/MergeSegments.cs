using System.Buffers;

namespace Rookery.Search.Index;

/// <summary>Makes one sealed segment of several, without what was removed from them: that is how memory comes back.</summary>
internal static class MergeSegments
{
    /// <summary>The sources' marks must stand still: copies. Null where nothing is left.</summary>
    public static SealedSegment? Merge(ReadOnlySpan<SealedSegment> sources, IWordCounts? words)
    {
        var (ids, places) = Order(sources);
        var marks = new SegmentMarks(ids.Length);
        var (dictionary, lists) = (0L, 0L);
        for (var source = 0; source < places.Length; source++)
        {
            dictionary += sources[source].Dictionary.Length;
            lists += sources[source].Lists.Length;
            for (var document = 0; document < sources[source].Count; document++)
            {
                if (
                    places[source][document] is >= 0 and var place
                    && sources[source].Marks.IsDead(document)
                )
                {
                    marks.Hide(place);
                }
            }
        }

        using var builder = new SegmentBuilder(
            ids,
            (int)Math.Min(dictionary, 1 << 30),
            (int)Math.Min(lists, 1 << 30)
        );
        using var order = new DocumentOrder(ids.Length);
        var documents = ArrayPool<int>.Shared.Rent(ids.Length);
        new TermMerge(sources.ToArray(), places, documents, order, words).Run(builder);
        foreach (var rented in places)
        {
            ArrayPool<int>.Shared.Return(rented);
        }

        ArrayPool<int>.Shared.Return(documents);
        // Where nothing is left, all was told that is to be taken back.
        return ids.Length == 0 ? null : builder.Build(marks);
    }

    /// <summary>All ids that stay, ascending, and for each source, in a rented array, the new place of each of its documents, or -1.</summary>
    private static (long[] Ids, int[][] Places) Order(ReadOnlySpan<SealedSegment> sources)
    {
        var total = 0;
        var places = new int[sources.Length][];
        var next = new int[sources.Length];
        for (var source = 0; source < sources.Length; source++)
        {
            total += sources[source].Count - sources[source].Marks.RemovedCount;
            places[source] = ArrayPool<int>.Shared.Rent(sources[source].Count);
            Array.Fill(places[source], -1);
            next[source] = NextKept(sources[source], 0);
        }

        var ids = new long[total];
        for (var place = 0; place < total; place++)
        {
            var least = -1;
            for (var source = 0; source < sources.Length; source++)
            {
                if (
                    next[source] < sources[source].Count
                    && (least < 0 || sources[source].Ids[next[source]] < ids[place])
                )
                {
                    least = source;
                    ids[place] = sources[source].Ids[next[source]];
                }
            }

            places[least][next[least]] = place;
            next[least] = NextKept(sources[least], next[least] + 1);
        }

        return (ids, places);
    }

    private static int NextKept(SealedSegment source, int document)
    {
        while (document < source.Count && source.Marks.IsRemoved(document))
        {
            document++;
        }

        return document;
    }
}
