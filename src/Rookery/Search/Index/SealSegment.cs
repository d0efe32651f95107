using System.Buffers;

namespace Rookery.Search.Index;

/// <summary>Makes a sealed segment of an open one: without what is removed, and in order of ids.</summary>
internal static class SealSegment
{
    // So many terms are begun to be read before the first of them is written.
    private const int Ahead = 16;

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
        if (count == 0 || (ids.Length == 0 && words is null))
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

        using var builder = new SegmentBuilder(ids, 32 * ids.Length, 16 * ids.Length);
        using var order = new DocumentOrder(ids.Length);
        var found = open.Terms;
        var terms = ArrayPool<int>.Shared.Rent(found);
        TermOrder.Sort(open, terms.AsSpan(0, found));
        new Terms(open, places, builder, order, words).Write(terms.AsSpan(0, found));
        ArrayPool<int>.Shared.Return(terms);
        // Where nothing is left, all was told that is to be taken back.
        return ids.Length == 0 ? null : builder.Build(marks);
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

        var ids = left == kept.Length ? kept : kept[..left];
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

    /// <param name="places">For each document that is sealed its new place, or -1.</param>
    private sealed class Terms(
        OpenSegment open,
        int[] places,
        SegmentBuilder builder,
        DocumentOrder order,
        IWordCounts? words
    )
    {
        private readonly int[] _documents = new int[places.Length];
        private OpenSegment.Slice[] _slices = new OpenSegment.Slice[64];

        public void Write(ReadOnlySpan<int> terms)
        {
            for (; !terms.IsEmpty; terms = terms[Math.Min(Ahead, terms.Length)..])
            {
                var next = terms[..Math.Min(Ahead, terms.Length)];
                foreach (var term in next)
                {
                    open.Prefetch(term);
                }

                foreach (var term in next)
                {
                    Write(term);
                }
            }
        }

        private void Write(int term)
        {
            var only = open.OnlyOf(term);
            var with = only >= 0 ? PlaceOf(only) : Gather(term);
            if (with == 1)
            {
                builder.Add(open.KeyOf(term), _documents[0]);
            }
            else if (with > 1)
            {
                builder.Add(open.KeyOf(term), _documents.AsSpan(0, with));
            }

            words?.Replace(open.KeyOf(term), WordCounts.Of(open.CountOf(term)), with);
        }

        private int PlaceOf(int document)
        {
            var place = document < places.Length ? places[document] : -1;
            _documents[0] = Math.Max(0, place);
            return place < 0 ? 0 : 1;
        }

        /// <summary>The places of a term's documents that stay, ascending; answers how many.</summary>
        private int Gather(int term)
        {
            var with = 0;
            var ascending = true;
            var found = open.SlicesOf(term, ref _slices);
            foreach (var slice in _slices.AsSpan(0, found))
            foreach (var document in slice.Span)
            {
                // What came since stands beyond the places.
                if (document < places.Length && places[document] is >= 0 and var place)
                {
                    ascending &= with == 0 || _documents[with - 1] < place;
                    _documents[with++] = place;
                }
            }

            if (!ascending)
            {
                order.Sort(_documents.AsSpan(0, with));
            }

            return with;
        }
    }
}
