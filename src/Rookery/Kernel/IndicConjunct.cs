using System.Buffers;
using System.Globalization;

namespace Rookery.Kernel;

/// <summary>
/// Rule GB9c of Unicode's text segmentation (UAX #29, since 15.1), which the framework's does not have yet: consonants joined by a virama are
/// one character, as in क्षि. The sets are Indic_Conjunct_Break of the Unicode character database.
/// </summary>
internal static class IndicConjunct
{
    // The scripts' blocks lie side by side: one comparison tells nearly all other text.
    private const char First = '\u0900';
    private const char Last = '\u0D7F';

    private static readonly SearchValues<char> Linkers = SearchValues.Create(
        "\u094D\u09CD\u0ACD\u0B4D\u0C4D\u0D4D"
    );

    private static readonly SearchValues<char> Consonants = SearchValues.Create(
        Ranges(
            ('\u0915', '\u0939'),
            ('\u0958', '\u095F'),
            ('\u0978', '\u097F'),
            ('\u0995', '\u09A8'),
            ('\u09AA', '\u09B0'),
            ('\u09B2', '\u09B2'),
            ('\u09B6', '\u09B9'),
            ('\u09DC', '\u09DD'),
            ('\u09DF', '\u09DF'),
            ('\u09F0', '\u09F1'),
            ('\u0A95', '\u0AA8'),
            ('\u0AAA', '\u0AB0'),
            ('\u0AB2', '\u0AB3'),
            ('\u0AB5', '\u0AB9'),
            ('\u0AF9', '\u0AF9'),
            ('\u0B15', '\u0B28'),
            ('\u0B2A', '\u0B30'),
            ('\u0B32', '\u0B33'),
            ('\u0B35', '\u0B39'),
            ('\u0B5C', '\u0B5D'),
            ('\u0B5F', '\u0B5F'),
            ('\u0B71', '\u0B71'),
            ('\u0C15', '\u0C28'),
            ('\u0C2A', '\u0C39'),
            ('\u0C58', '\u0C5A'),
            ('\u0D15', '\u0D3A')
        )
    );

    /// <summary>True where the second of two neighbouring clusters goes on with the first.</summary>
    public static bool Joins(ReadOnlySpan<char> previous, ReadOnlySpan<char> next) =>
        next[0] is >= First and <= Last
        && Consonants.Contains(next[0])
        && !previous.IsEmpty
        && EndsInLinker(previous);

    /// <summary>A virama after the cluster's last consonant, with nothing but marks that stand on it and joiners between.</summary>
    private static bool EndsInLinker(ReadOnlySpan<char> cluster)
    {
        var linked = false;
        for (var place = cluster.Length - 1; place >= 0; place--)
        {
            var unit = cluster[place];
            if (Consonants.Contains(unit))
            {
                return linked;
            }

            if (Linkers.Contains(unit))
            {
                linked = true;
            }
            else if (unit != '\u200D' && !IsMark(unit))
            {
                return false;
            }
        }

        return false;
    }

    private static bool IsMark(char unit) =>
        char.GetUnicodeCategory(unit)
            is UnicodeCategory.NonSpacingMark
                or UnicodeCategory.EnclosingMark;

    private static char[] Ranges(params ReadOnlySpan<(char First, char Last)> ranges)
    {
        var all = new List<char>();
        foreach (var (first, last) in ranges)
        {
            all.AddRange(Enumerable.Range(first, last - first + 1).Select(unit => (char)unit));
        }

        return [.. all];
    }
}
