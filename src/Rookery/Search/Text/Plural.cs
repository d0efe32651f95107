namespace Rookery.Search;

/// <summary>
/// Folds English plurals lightly, in the manner of the S-stemmer (Harman 1991): "cats" and "cat", "boxes" and "box", "cities" and "city" are one word.
/// It runs on words of all languages alike, in posts and in queries, so that it needs to know no language; at least three letters stay.
/// </summary>
internal static class Plural
{
    private const int Least = 3;

    // Plurals of words in -ie and -che, which the rules below would take for plurals of -y and -ch.
    private static readonly byte[][] OfE =
    [
        .. "aches apaches avalanches birdies boogies brownies budgies caches calories collies cookies cowries creches eyries foodies genies headaches hoodies indies lassies magpies moustaches movies newbies niches oldies pixies prairies psyches quiches rookies selfies smoothies sorties toothaches veggies zombies"
            .Split(' ')
            .Select(System.Text.Encoding.ASCII.GetBytes),
    ];

    // Of words in -use; those in -ause, -euse, -ouse and all in -fuse and -cluse are told by their letters. The others in -uses are of words in -us.
    private static readonly byte[][] OfUse =
    [
        .. "abuses accuses amuses bemuses contuses cruses disabuses disuses enthuses excuses hypotenuses intruses meduses misuses muses obtuses overuses peruses ruses"
            .Split(' ')
            .Select(System.Text.Encoding.ASCII.GetBytes),
    ];

    // Frequent words that only look like plurals. Their own end in -es.
    private static readonly byte[][] NoPlurals =
    [
        .. "alias always atlas bias canvas christmas does gas lens news perhaps"
            .Split(' ')
            .Select(System.Text.Encoding.ASCII.GetBytes),
    ];

    /// <summary>True when <see cref="Cut"/> may change a word that ends so: most words are told by it.</summary>
    public static bool MayEnd(byte last) => last == 's';

    /// <summary>Cuts the plural off a folded word in place.</summary>
    /// <param name="word">UTF-8; its last bytes may be rewritten, so give a copy where the word itself is needed.</param>
    /// <returns>The length of the stem: the word's own for what is no plural.</returns>
    public static int Cut(Span<byte> word)
    {
        var length = word.Length;
        if (
            length <= Least
            || word[^1] != 's'
            || word[^2] is < (byte)'a' or > (byte)'z' or (byte)'s' or (byte)'u' or (byte)'i'
            || IsOneOf(NoPlurals, word)
        )
        {
            return length;
        }

        return word[^2] == 'e' ? CutEs(word) : length - 1;
    }

    private static int CutEs(Span<byte> word)
    {
        var length = word.Length;
        if (length < Least + 2)
        {
            return length - 1;
        }

        var (third, fourth) = (word[^3], word[^4]);
        var isSibilant =
            third == 'x'
            || (third == 'h' && fourth is (byte)'c' or (byte)'s')
            || (third == 's' && (fourth == 's' || IsOfUs(word) || IsOneOf(NoPlurals, word[..^2])));
        // "heroes", not "shoes".
        var isEs = isSibilant || (third == 'o' && length >= 6);
        if (third == 'i' && fourth is not ((byte)'a' or (byte)'e') && !IsOneOf(OfE, word))
        {
            word[^3] = (byte)'y';
            return length - 2;
        }

        return isEs && !IsOneOf(OfE, word) ? length - 2 : length - 1;
    }

    /// <summary>A word in -ses: "buses" and "statuses", not "houses" and "uses".</summary>
    private static bool IsOfUs(ReadOnlySpan<byte> word) =>
        word.Length > Least + 1
        && word[^4] == 'u'
        && word[^5] is not ((byte)'a' or (byte)'e' or (byte)'f' or (byte)'o')
        && !word.EndsWith("cluses"u8)
        && !IsOneOf(OfUse, word);

    private static bool IsOneOf(byte[][] words, ReadOnlySpan<byte> word)
    {
        foreach (var known in words)
        {
            if (word.SequenceEqual(known))
            {
                return true;
            }
        }

        return false;
    }
}
