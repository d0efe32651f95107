using System.Text;

namespace Rookery.Search;

/// <summary>
/// The article of Arabic, which is written together with its word, as are "and", "so", "in", "like" and "for" before it: in the manner of light stemmers
/// (Larkey 2007), and of none of their other prefixes, which begin words too. It runs on words of all languages in the script alike; at least three letters stay.
/// </summary>
internal static class ArabicArticle
{
    private const int Least = 3 * 2;

    private static readonly byte[][] Prefixes =
    [
        .. "ال وال فال بال كال لل".Split(' ').Select(Encoding.UTF8.GetBytes),
    ];

    /// <summary>The bytes before the word itself; 0 for most words.</summary>
    /// <param name="word">Folded, in UTF-8.</param>
    public static int LengthIn(ReadOnlySpan<byte> word)
    {
        // Most words are told by their first byte.
        if (word[0] is not (0xD8 or 0xD9))
        {
            return 0;
        }

        foreach (var prefix in Prefixes)
        {
            if (word.StartsWith(prefix) && word.Length - prefix.Length >= Least)
            {
                return prefix.Length;
            }
        }

        return 0;
    }
}
