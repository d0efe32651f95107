namespace Rookery.Search.Index;

/// <summary>A part of a query within one segment. Documents are answered for by the window, in either direction.</summary>
internal abstract class Matcher
{
    /// <summary>Documents that can match at most: the rarest part of a conjunction is asked first.</summary>
    public abstract int Most { get; }

    /// <summary>None larger than the answer and at most <paramref name="through"/> matches; -1 where none does.</summary>
    public virtual int Last(int through) => through;

    /// <summary>None smaller than the answer and at least <paramref name="from"/> matches; <see cref="int.MaxValue"/> where none does.</summary>
    public virtual int First(int from) => from;

    /// <summary>Clears the bits of those that do not match, in a window from <paramref name="start"/> on.</summary>
    public abstract void Keep(int start, Span<ulong> bits);

    /// <summary>
    /// The list in which everything that matches stands, where it is quicker to go through that one than to look at windows: <see cref="FilterList"/> tells which of its documents
    /// match.
    /// </summary>
    public virtual TermMatcher? List => null;

    /// <summary>Which of some documents match can be told without a window.</summary>
    public virtual bool CanFilter => false;

    /// <summary>Moves those that match to the front, in the order in which they stand; answers how many. Only where <see cref="CanFilter"/> is true.</summary>
    /// <param name="documents">Descending, <see cref="PackedInts.BlockSize"/> at most.</param>
    public virtual int Filter(Span<int> documents) => throw new NotSupportedException();

    /// <summary>As <see cref="Filter"/>, of documents of <see cref="List"/>.</summary>
    public virtual int FilterList(Span<int> documents) => documents.Length;
}

/// <summary>All documents between two, both included; with none between them, nothing.</summary>
internal sealed class RangeMatcher(int from, int through) : Matcher
{
    public static readonly RangeMatcher Nothing = new(0, -1);
    public static readonly RangeMatcher Everything = new(0, int.MaxValue - Window.Largest);

    public override int Most => Math.Max(0, through - from + 1);

    public override int Last(int last)
    {
        last = Math.Min(last, through);
        return last < from ? -1 : last;
    }

    public override int First(int first)
    {
        first = Math.Max(first, from);
        return first > through ? int.MaxValue : first;
    }

    public override bool CanFilter => true;

    public override int Filter(Span<int> documents)
    {
        var kept = 0;
        foreach (var document in documents)
        {
            documents[kept] = document;
            kept += document >= from && document <= through ? 1 : 0;
        }

        return kept;
    }

    public override void Keep(int start, Span<ulong> bits)
    {
        var low = Math.Max(0, from - start);
        var high = Math.Min((bits.Length << 6) - 1, through - start);
        if (low > high)
        {
            bits.Clear();
            return;
        }

        Span<ulong> own = stackalloc ulong[Window.MostWords];
        own = own[..bits.Length];
        Window.Fill(own, low, high);
        Window.And(bits, own);
    }
}

/// <summary>In a segment whose documents are not in order of ids: each is asked.</summary>
internal abstract class IdMatcher(OpenSegment segment) : Matcher
{
    public override int Most => int.MaxValue;

    public override void Keep(int start, Span<ulong> bits)
    {
        foreach (var document in new BitsOf(start, bits))
        {
            if (!Matches(segment.Ids[document]))
            {
                Window.Clear(bits, document - start);
            }
        }
    }

    protected abstract bool Matches(long id);
}

internal sealed class IdRangeMatcher(OpenSegment segment, long from, long to) : IdMatcher(segment)
{
    protected override bool Matches(long id) => id >= from && id < to;
}

internal sealed class OneOfMatcher(OpenSegment segment, long[] sorted) : IdMatcher(segment)
{
    protected override bool Matches(long id) => sorted.AsSpan().BinarySearch(id) >= 0;
}

/// <param name="parts">At least one.</param>
internal sealed class AnyMatcher(Matcher[] parts) : Matcher
{
    public override int Most { get; } =
        (int)Math.Min(int.MaxValue, parts.Sum(part => (long)part.Most));

    public override int Last(int through)
    {
        var last = -1;
        foreach (var part in parts)
        {
            last = Math.Max(last, part.Last(through));
        }

        return last;
    }

    public override int First(int from)
    {
        var first = int.MaxValue;
        foreach (var part in parts)
        {
            first = Math.Min(first, part.First(from));
        }

        return first;
    }

    public override void Keep(int start, Span<ulong> bits)
    {
        Span<ulong> found = stackalloc ulong[Window.MostWords];
        Span<ulong> of = stackalloc ulong[Window.MostWords];
        found = found[..bits.Length];
        of = of[..bits.Length];
        found.Clear();
        foreach (var part in parts)
        {
            bits.CopyTo(of);
            Window.AndNot(of, found);
            part.Keep(start, of);
            Window.Or(found, of);
        }

        found.CopyTo(bits);
    }
}

internal sealed class NotMatcher(Matcher part) : Matcher
{
    public override int Most => int.MaxValue;

    public override bool CanFilter => part.CanFilter;

    public override int Filter(Span<int> documents)
    {
        Span<int> others = stackalloc int[PackedInts.BlockSize];
        others = others[..documents.Length];
        documents.CopyTo(others);
        others = others[..part.Filter(others)];
        var kept = 0;
        foreach (var document in documents)
        {
            if (!others.IsEmpty && others[0] == document)
            {
                others = others[1..];
            }
            else
            {
                documents[kept++] = document;
            }
        }

        return kept;
    }

    public override void Keep(int start, Span<ulong> bits)
    {
        Span<ulong> of = stackalloc ulong[Window.MostWords];
        of = of[..bits.Length];
        bits.CopyTo(of);
        part.Keep(start, of);
        Window.AndNot(bits, of);
    }
}
