using System.Buffers.Binary;

namespace Rookery.Search.Index;

/// <summary>Makes a sealed segment of an open one: without what is removed, and in order of ids.</summary>
internal static class SealSegment
{
    /// <summary>
    /// The first <paramref name="count"/> documents, as they are marked; null where nothing is left of them. The writer may go on meanwhile.
    /// </summary>
    public static SealedSegment? Seal(
        OpenSegment open,
        int count,
        SegmentMarks marked,
        IWordCounts? words
    )
    {
        var (ids, places) = Order(open.Ids[..count], marked);
        if (ids.Length == 0)
        {
            return null;
        }

        var marks = new SegmentMarks(ids.Length);
        for (var document = 0; document < count; document++)
        {
            if (places[document] >= 0 && marked.IsDead(document))
            {
                marks.Hide(places[document]);
            }
        }

        var builder = new SegmentBuilder(ids, 32 * ids.Length, 16 * ids.Length);
        var documents = new int[ids.Length];
        var slices = new OpenSegment.Slice[64];
        foreach (var term in TermsInOrder(open))
        {
            var with = 0;
            var ascending = true;
            var found = open.SlicesOf(term, ref slices);
            foreach (var slice in slices.AsSpan(0, found))
            foreach (var document in slice.Span)
            {
                // What came since stands beyond the places.
                if (document < count && places[document] is >= 0 and var place)
                {
                    ascending &= with == 0 || documents[with - 1] < place;
                    documents[with++] = place;
                }
            }

            if (!ascending)
            {
                documents.AsSpan(0, with).Sort();
            }

            var key = open.KeyOf(term);
            if (with > 0)
            {
                builder.Add(key, documents.AsSpan(0, with));
            }

            words?.Replace(key, WordCounts.Of(open.CountOf(term)), with);
        }

        return builder.Build(marks);
    }

    /// <summary>Ids that stay, ascending, and for each document its new place, or -1.</summary>
    private static (long[] Ids, int[] Places) Order(ReadOnlySpan<long> all, SegmentMarks marked)
    {
        var (kept, old) = (new long[all.Length], new int[all.Length]);
        var left = 0;
        var ascending = true;
        for (var document = 0; document < all.Length; document++)
        {
            if (!marked.IsRemoved(document))
            {
                ascending &= left == 0 || kept[left - 1] < all[document];
                (kept[left], old[left++]) = (all[document], document);
            }
        }

        var ids = kept[..left];
        if (!ascending)
        {
            Array.Sort(ids, old, 0, left);
        }

        var places = new int[all.Length];
        Array.Fill(places, -1);
        for (var place = 0; place < left; place++)
        {
            places[old[place]] = place;
        }

        return (ids, places);
    }

    private static int[] TermsInOrder(OpenSegment open)
    {
        var starts = new ulong[open.Terms];
        var terms = new int[open.Terms];
        Span<byte> start = stackalloc byte[8];
        for (var term = 0; term < terms.Length; term++)
        {
            var key = open.KeyOf(term);
            start.Clear();
            key[..Math.Min(8, key.Length)].CopyTo(start);
            (starts[term], terms[term]) = (BinaryPrimitives.ReadUInt64BigEndian(start), term);
        }

        Array.Sort(starts, terms);
        SortRuns(open, starts, terms);
        return terms;
    }

    /// <summary>Those whose first eight bytes are the same, by all of them.</summary>
    private static void SortRuns(OpenSegment open, ulong[] starts, int[] terms)
    {
        for (var from = 0; from < terms.Length; )
        {
            var to = from + 1;
            while (to < terms.Length && starts[to] == starts[from])
            {
                to++;
            }

            if (to - from > 1)
            {
                terms
                    .AsSpan(from, to - from)
                    .Sort((a, b) => open.KeyOf(a).SequenceCompareTo(open.KeyOf(b)));
            }

            from = to;
        }
    }
}
