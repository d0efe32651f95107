using Rookery.Search.Index;

namespace Rookery.Search.Spelling;

/// <summary>
/// The words of the index and about how often they occur, for correcting misspelt ones. Bounded in memory: when it is full, the rarer half goes.
/// </summary>
/// <remarks>Learns while posts are indexed, and forgets when removed ones are merged away. Any thread may call.</remarks>
internal sealed class KnownWords(long bytes) : IWordCounts
{
    /// <summary>A word that occurs less often is as likely a slip itself.</summary>
    public const int FewestToPropose = 4;

    /// <summary>Posts with a term up to which it finds next to nothing.</summary>
    public const int NextToNothing = 2;

    // One more edit is made up for by occurring so many times as often.
    private const double TimesPerEdit = 50;

    // Hardly anybody gets the first letter wrong.
    private const double TimesForFirstLetter = 8;

    private readonly Lock _lock = new();
    private readonly WordTable _table = new(bytes);

    public long Bytes => _table.Bytes;

    public int Count => _table.Count;

    public void Change(ReadOnlySpan<byte> word, int change)
    {
        lock (_lock)
        {
            _table.Change(word, change);
        }
    }

    /// <summary>
    /// The likeliest known word at most two edits from one that is in <paramref name="found"/> posts; null where that is enough, or no word is clearly meant.
    /// </summary>
    public Utf8Term? Correct(ReadOnlySpan<byte> word, long found)
    {
        Span<int> letters = stackalloc int[Letters.Most];
        letters = letters[..Letters.Decode(word, letters)];
        if (found > NextToNothing || ShortenedForms.EditsIn(letters.Length) == 0)
        {
            return null;
        }

        lock (_lock)
        {
            var best = BestFor(letters, found);
            return best < 0 ? null : new Utf8Term(_table.TextOf(best).ToArray());
        }
    }

    private int BestFor(ReadOnlySpan<int> letters, long found)
    {
        Span<uint> forms = stackalloc uint[ShortenedForms.Most];
        Span<int> others = stackalloc int[Letters.Most];
        var edits = ShortenedForms.EditsIn(letters.Length);
        var (best, bestScore) = (-1, 0.0);
        foreach (var form in forms[..ShortenedForms.Of(letters, forms)])
        {
            for (var link = _table.FirstWith(form); link >= 0; link = _table.NextWith(link))
            {
                var candidate = _table.WordOf(link);
                var count = _table.CountOf(candidate);
                if (count < FewestToPropose || count < found * TimesPerEdit)
                {
                    continue;
                }

                var other = others[..Letters.Decode(_table.TextOf(candidate), others)];
                var distance = Letters.Distance(letters, other, edits);
                var score =
                    count
                    * Math.Pow(TimesPerEdit, -distance)
                    * (letters[0] == other[0] ? TimesForFirstLetter : 1);
                if (distance >= 1 && distance <= edits && score > bestScore)
                {
                    (best, bestScore) = (candidate, score);
                }
            }
        }

        return best;
    }
}
