using System.Buffers;
using System.Globalization;
using System.Text;

namespace Rookery.Kernel;

/// <summary>What every text that a client sends is asked before it is normalised, counted or stored.</summary>
internal static class UnicodeText
{
    /// <summary>A noncharacter that no text needs and that <see cref="string.Normalize()"/> throws on.</summary>
    public const char NotACharacter = '\uFFFE';

    private static readonly SearchValues<char> Unnormalisable = SearchValues.Create([
        .. Enumerable.Range(0xD800, 0x800).Select(unit => (char)unit),
        NotACharacter,
    ]);

    public static bool HasLoneSurrogate(ReadOnlySpan<char> text)
    {
        for (
            var at = text.IndexOfAnyInRange('\uD800', '\uDFFF');
            at >= 0;
            at = text.IndexOfAnyInRange('\uD800', '\uDFFF')
        )
        {
            if (at + 1 == text.Length || !char.IsSurrogatePair(text[at], text[at + 1]))
            {
                return true;
            }

            text = text[(at + 2)..];
        }

        return false;
    }

    /// <summary>True when normalisation cannot throw: no lone surrogate and no U+FFFE.</summary>
    public static bool CanBeNormalised(ReadOnlySpan<char> text) =>
        !text.ContainsAny(Unnormalisable)
        || (!text.Contains(NotACharacter) && !HasLoneSurrogate(text));

    /// <summary>Extended grapheme clusters: what a reader calls characters. Linear in the text's length.</summary>
    public static int CountClusters(ReadOnlySpan<char> text)
    {
        var count = 0;
        var previous = ReadOnlySpan<char>.Empty;
        while (!text.IsEmpty)
        {
            var length = StringInfo.GetNextTextElementLength(text);
            var cluster = text[..length];
            count += IndicConjunct.Joins(previous, cluster) ? 0 : 1;
            previous = cluster;
            text = text[length..];
        }

        return count;
    }

    /// <summary>True when there is nothing to see: only white space, control and format characters.</summary>
    public static bool IsBlank(ReadOnlySpan<char> text)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            if (!Rune.IsWhiteSpace(rune) && !IsControlOrFormat(rune))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsControlOrFormat(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format;
}
