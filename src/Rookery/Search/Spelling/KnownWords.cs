using Rookery.Search.Index;

namespace Rookery.Search.Spelling;

/// <summary>
/// The words of the index and about how often they occur, for correcting misspelt ones. Bounded in memory: when it is full, the rarer half goes.
/// </summary>
/// <remarks>Learns while posts are indexed, and forgets when removed ones are merged away. Any thread may call.</remarks>
internal sealed class KnownWords(long bytes) : IWordCounts
{
    /// <summary>A word that occurs less often may as well be a slip itself: it is proposed only where nothing at all would be found.</summary>
    public const int FewestToPropose = 4;

    /// <summary>Posts with a term up to which it finds next to nothing.</summary>
    public const int NextToNothing = 2;

    /// <summary>Words near one: those that are further down are as good as never meant, whatever other shards know of them.</summary>
    public const int MostNear = 16;

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

    /// <summary>How many edits away from a word another one may be and still be meant by it; 0 where it is too short.</summary>
    public static int EditsIn(ReadOnlySpan<byte> word)
    {
        Span<int> letters = stackalloc int[Letters.Most];
        return ShortenedForms.EditsIn(Letters.Decode(word, letters));
    }

    /// <summary>Those of some words that may be meant by one, the likeliest first.</summary>
    public static IEnumerable<WordUses> LikeliestOf(Utf8Term word, IEnumerable<WordUses> near) =>
        near.Select(one => (Near: one, Likelihood: LikelihoodOf(word, one)))
            .Where(one => one.Likelihood > 0)
            .OrderByDescending(one => one.Likelihood)
            // The nearer one; then the same in every process.
            .ThenBy(one => one.Near.Posts)
            .ThenBy(one => one.Near.Word, StringComparer.Ordinal)
            .Select(one => one.Near);

    /// <summary>
    /// The likeliest of some words to be meant by one that is in <paramref name="found"/> posts; null where that is enough, or no word is clearly meant. Uses of one word
    /// are added up. A seldom word is meant only by one that is in no post, and not where it seems to be a slip for a frequent one itself.
    /// </summary>
    /// <param name="seldomToo">As the query stands nothing is found.</param>
    public static Utf8Term? Likeliest(
        Utf8Term word,
        long found,
        IEnumerable<WordUses> near,
        bool seldomToo
    )
    {
        if (!MayBeSlip(found))
        {
            return null;
        }

        var some = near.GroupBy(one => one.Word, StringComparer.Ordinal)
            .Select(same => new WordUses(same.Key, same.Sum(one => one.Posts)))
            .ToLookup(one => one.Posts >= FewestToPropose);
        var frequent = LikeliestOf(word, some[true].Where(one => one.Posts >= found * TimesPerEdit))
            .FirstOrDefault();
        var seldom =
            seldomToo && found == 0 ? LikeliestOf(word, some[false]).FirstOrDefault() : default;
        var meant = IsMeantRather(word, seldom, frequent) ? seldom : frequent;
        return meant.Word is null ? null : Utf8Term.Of(meant.Word);
    }

    private static bool IsMeantRather(Utf8Term word, WordUses seldom, WordUses frequent) =>
        frequent.Word is null
        || (
            LikelihoodOf(word, seldom) > LikelihoodOf(word, frequent)
            && LikelihoodOf(Utf8Term.Of(seldom.Word), frequent) == 0
        );

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

    private static double LikelihoodOf(Utf8Term written, WordUses meant)
    {
        if (string.IsNullOrEmpty(meant.Word))
        {
            return 0;
        }

        Span<int> letters = stackalloc int[Letters.Most];
        Span<int> others = stackalloc int[Letters.Most];
        return Likelihood(
            letters[..Letters.Decode(written.Bytes, letters)],
            others[..Letters.Decode(Utf8Term.Of(meant.Word).Bytes, others)],
            meant.Posts
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
