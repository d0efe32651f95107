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

    /// <summary>Words near one: those that are further down are as good as never meant, whatever other shards know of them.</summary>
    private const int MostNear = 16;

    // One more edit is made up for by occurring so many times as often.
    private const double TimesPerEdit = 50;

    // Hardly anybody gets the first letter wrong.
    private const double TimesForFirstLetter = 8;

    private readonly Lock _lock = new();
    private readonly WordTable _table = new(bytes);

    public long Bytes => _table.Bytes;

    public int Count => _table.Count;

    /// <summary>For a word that is in so many posts.</summary>
    public static bool MayBeSlip(long posts) => posts <= NextToNothing;

    public void Change(ReadOnlySpan<byte> word, int change)
    {
        lock (_lock)
        {
            _table.Change(word, change);
        }
    }

    /// <summary>The known words at most two edits from one, the likeliest to be meant first.</summary>
    public IReadOnlyList<WordUses> Near(ReadOnlySpan<byte> word)
    {
        Span<int> letters = stackalloc int[Letters.Most];
        letters = letters[..Letters.Decode(word, letters)];
        if (ShortenedForms.EditsIn(letters.Length) == 0)
        {
            return [];
        }

        lock (_lock)
        {
            return
            [
                .. LikelihoodsNear(letters)
                    .Where(near => near.Value > 0)
                    .OrderByDescending(near => near.Value)
                    .Take(MostNear)
                    .Select(near => new WordUses(
                        new Utf8Term(_table.TextOf(near.Key)).ToString(),
                        _table.CountOf(near.Key)
                    )),
            ];
        }
    }

    /// <summary>
    /// The likeliest of some words to be meant by one that is in <paramref name="found"/> posts; null where that is enough, or no word is clearly meant. Uses of one word
    /// are added up.
    /// </summary>
    public static Utf8Term? Likeliest(Utf8Term word, long found, IEnumerable<WordUses> near)
    {
        if (!MayBeSlip(found))
        {
            return null;
        }

        (string Word, double Likelihood) best = ("", 0);
        foreach (var same in near.GroupBy(one => one.Word, StringComparer.Ordinal))
        {
            var uses = same.Sum(one => one.Posts);
            var likelihood =
                uses < FewestToPropose || uses < found * TimesPerEdit
                    ? 0
                    : Likelihood(word.Bytes, Utf8Term.Of(same.Key).Bytes, uses);
            best = likelihood > best.Likelihood ? (same.Key, likelihood) : best;
        }

        return best.Likelihood > 0 ? Utf8Term.Of(best.Word) : null;
    }

    private Dictionary<int, double> LikelihoodsNear(ReadOnlySpan<int> letters)
    {
        Span<uint> forms = stackalloc uint[ShortenedForms.Most];
        Span<int> others = stackalloc int[Letters.Most];
        var near = new Dictionary<int, double>();
        foreach (var form in forms[..ShortenedForms.Of(letters, forms)])
        {
            for (var link = _table.FirstWith(form); link >= 0; link = _table.NextWith(link))
            {
                var word = _table.WordOf(link);
                if (!near.ContainsKey(word))
                {
                    var other = others[..Letters.Decode(_table.TextOf(word), others)];
                    near.Add(word, Likelihood(letters, other, _table.CountOf(word)));
                }
            }
        }

        return near;
    }

    private static double Likelihood(
        ReadOnlySpan<byte> written,
        ReadOnlySpan<byte> meant,
        long uses
    )
    {
        Span<int> letters = stackalloc int[Letters.Most];
        Span<int> others = stackalloc int[Letters.Most];
        return Likelihood(
            letters[..Letters.Decode(written, letters)],
            others[..Letters.Decode(meant, others)],
            uses
        );
    }

    /// <summary>0 for a word itself, and for what is too far away from it to be meant.</summary>
    private static double Likelihood(ReadOnlySpan<int> written, ReadOnlySpan<int> meant, long uses)
    {
        var edits = ShortenedForms.EditsIn(written.Length);
        var distance = Letters.Distance(written, meant, edits);
        return distance < 1 || distance > edits
            ? 0
            : uses
                * Math.Pow(TimesPerEdit, -distance)
                * (written[0] == meant[0] ? TimesForFirstLetter : 1);
    }
}
