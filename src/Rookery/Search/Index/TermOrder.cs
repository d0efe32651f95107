using System.Buffers;
using System.Buffers.Binary;

namespace Rookery.Search.Index;

/// <summary>Puts the terms of an open segment in ascending order of their keys.</summary>
internal static class TermOrder
{
    private const int Digits = sizeof(ulong);
    private const int Values = 256;

    // Fewer are compared in less time than it takes to read their next bytes apart.
    private const int FewTerms = 4;

    /// <param name="terms">Becomes the numbers from 0 on, each once.</param>
    public static void Sort(OpenSegment open, Span<int> terms)
    {
        var starts = ArrayPool<ulong>.Shared.Rent(terms.Length);
        for (var term = 0; term < terms.Length; term++)
        {
            (starts[term], terms[term]) = (open.OrderOf(term), term);
        }

        var sorted = starts.AsSpan(0, terms.Length);
        SortByDigits(sorted, terms);
        SortTies(open, sorted, terms, sizeof(ulong));
        ArrayPool<ulong>.Shared.Return(starts);
    }

    /// <summary>A byte at a time, the last first: linear in the number of terms, and nothing is compared.</summary>
    private static void SortByDigits(Span<ulong> starts, Span<int> terms)
    {
        Span<int> counts = stackalloc int[Digits * Values];
        counts.Clear();
        foreach (var start in starts)
        {
            for (var digit = 0; digit < Digits; digit++)
            {
                counts[(digit * Values) + DigitOf(start, digit)]++;
            }
        }

        var otherStarts = ArrayPool<ulong>.Shared.Rent(starts.Length);
        var otherTerms = ArrayPool<int>.Shared.Rent(terms.Length);
        var from = new Column(starts, terms);
        var to = new Column(
            otherStarts.AsSpan(0, starts.Length),
            otherTerms.AsSpan(0, terms.Length)
        );
        for (var digit = 0; digit < Digits; digit++)
        {
            var places = counts.Slice(digit * Values, Values);
            if (!places.Contains(starts.Length))
            {
                Distribute(from, to, digit, places);
                var swapped = from;
                from = to;
                to = swapped;
            }
        }

        from.Starts.CopyTo(starts);
        from.Terms.CopyTo(terms);
        ArrayPool<ulong>.Shared.Return(otherStarts);
        ArrayPool<int>.Shared.Return(otherTerms);
    }

    /// <param name="places">How often each value of the digit occurs; becomes where the next of each goes.</param>
    private static void Distribute(Column from, Column to, int digit, Span<int> places)
    {
        var next = 0;
        foreach (ref var place in places)
        {
            var count = place;
            place = next;
            next += count;
        }

        for (var i = 0; i < from.Starts.Length; i++)
        {
            var place = places[DigitOf(from.Starts[i], digit)]++;
            to.Starts[place] = from.Starts[i];
            to.Terms[place] = from.Terms[i];
        }
    }

    private static int DigitOf(ulong start, int digit) => (byte)(start >> (digit * 8));

    /// <summary>Those whose bytes so far are the same, by the next eight: links and numbers begin alike.</summary>
    /// <param name="known">How many bytes of each key <paramref name="starts"/> has told of.</param>
    private static void SortTies(OpenSegment open, Span<ulong> starts, Span<int> terms, int known)
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
                SortTie(open, starts[from..to], terms[from..to], known);
            }

            from = to;
        }
    }

    private static void SortTie(OpenSegment open, Span<ulong> starts, Span<int> terms, int known)
    {
        if (terms.Length <= FewTerms || known >= PostTerms.LongestKey)
        {
            terms.Sort((a, b) => open.KeyOf(a).SequenceCompareTo(open.KeyOf(b)));
            return;
        }

        for (var i = 0; i < terms.Length; i++)
        {
            starts[i] = NextOf(open.KeyOf(terms[i]), known);
        }

        starts.Sort(terms);
        SortTies(open, starts, terms, known + sizeof(ulong));
    }

    private static ulong NextOf(ReadOnlySpan<byte> key, int known)
    {
        var rest = key.Length > known ? key[known..] : [];
        if (rest.Length >= sizeof(ulong))
        {
            return BinaryPrimitives.ReadUInt64BigEndian(rest);
        }

        Span<byte> next = stackalloc byte[sizeof(ulong)];
        next.Clear();
        rest.CopyTo(next);
        return BinaryPrimitives.ReadUInt64BigEndian(next);
    }

    private readonly ref struct Column(Span<ulong> starts, Span<int> terms)
    {
        public Span<ulong> Starts { get; } = starts;

        public Span<int> Terms { get; } = terms;
    }
}
