using System.Runtime.InteropServices;

namespace Rookery.Search.Index;

/// <param name="Posts">That have it at most: removed ones that are not merged away yet are counted too, withdrawn ones are not.</param>
internal readonly record struct TermCount(Utf8Term Term, long Posts);

// Which terms there are.
internal sealed partial class PostIndex
{
    /// <summary>Terms that one segment is looked through for: some milliseconds.</summary>
    private const int MostTermsOfSegment = 20_000;

    /// <summary>
    /// The terms of a kind that begin so, the most frequent first. Where very many do, those are counted that come first by their letters, or have been
    /// there for the shortest time.
    /// </summary>
    public IReadOnlyList<TermCount> TermsLike(TermKind kind, ReadOnlySpan<byte> prefix, int most)
    {
        if (prefix.Length > PostTerms.LongestTerm)
        {
            return [];
        }

        byte[] key = [(byte)kind, .. prefix];
        var counts = new Dictionary<Utf8Term, long>();
        _readers.Enter();
        var view = View;
        CountIn(view.Live, key, counts);
        CountIn(view.Late, key, counts);
        foreach (var segment in view.Sealed)
        {
            CountIn(segment, key, counts);
        }

        _readers.Leave();
        return
        [
            .. counts
                .Select(one => new TermCount(one.Key, one.Value))
                .OrderByDescending(one => one.Posts)
                .ThenBy(one => one.Term.Bytes.Length)
                .ThenBy(one => one.Term.ToString(), StringComparer.Ordinal)
                .Take(most),
        ];
    }

    /// <summary>
    /// The terms of a kind at most so many edits from one, those that begin with another letter at most one, in no order. Where there are very many terms, those that are the
    /// oldest or begin otherwise may be missed.
    /// </summary>
    /// <param name="term">Of one letter at least, all of it UTF-8.</param>
    public IReadOnlyList<TermCount> TermsNear(TermKind kind, ReadOnlySpan<byte> term, int edits)
    {
        var near = new NearTerms(kind, term, edits);
        _readers.Enter();
        var view = View;
        near.LookIn(view.Live);
        near.LookIn(view.Late);
        Array.ForEach(view.Sealed, near.LookAmongAlike);
        Array.ForEach(view.Sealed, near.LookAmongOthers);
        _readers.Leave();
        return [.. near.Found];
    }

    private static void CountIn(
        SealedSegment segment,
        ReadOnlySpan<byte> key,
        Dictionary<Utf8Term, long> counts
    )
    {
        var reader = segment.ReadFrom(key);
        for (var looked = 0; looked < MostTermsOfSegment && reader.MoveNext(); looked++)
        {
            if (reader.Key.StartsWith(key))
            {
                Count(counts, reader.Key, reader.Posts);
            }
            else if (reader.Key.SequenceCompareTo(key) > 0)
            {
                break;
            }
        }
    }

    private static void CountIn(
        OpenSegment segment,
        ReadOnlySpan<byte> key,
        Dictionary<Utf8Term, long> counts
    )
    {
        // Neighbours share the kind and two bytes: for a shorter beginning all are looked at.
        var areNear = key.Length > 2;
        var term = areNear ? segment.FirstLike(key) : segment.Terms - 1;
        for (var looked = 0; looked < MostTermsOfSegment && term >= 0; looked++)
        {
            if (segment.KeyOf(term) is var found && found.StartsWith(key))
            {
                Count(counts, found, segment.CountOf(term));
            }

            term = areNear ? segment.NextLike(term) : term - 1;
        }
    }

    private static void Count(Dictionary<Utf8Term, long> counts, ReadOnlySpan<byte> key, int posts)
    {
        if (posts == 0)
        {
            return;
        }

        ref var count = ref CollectionsMarshal.GetValueRefOrAddDefault(
            counts,
            new Utf8Term(key[1..]),
            out _
        );
        count += posts;
    }
}
