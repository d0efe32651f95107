using System.Globalization;
using System.Text;

namespace Rookery.Search;

/// <summary>
/// How one character is folded for search. Folded: compatibility forms and width (NFKC), case, diacritics of Latin and Greek, stress and ё in
/// Cyrillic, points of Hebrew and Arabic, nuktas, all digits to 0–9. Kept, because without them it is another word: й and its like, voiced kana,
/// syllables of Hangul, vowel signs and viramas of Indic scripts, vowels and tones of Thai.
/// </summary>
internal static class FoldRules
{
    // Letters that Unicode does not decompose and readers take for others; Arabic seats of alef and the letters that keyboards mix up.
    private static readonly Dictionary<int, string> Special = new()
    {
        ['ß'] = "ss",
        ['æ'] = "ae",
        ['œ'] = "oe",
        ['ø'] = "o",
        ['ł'] = "l",
        ['đ'] = "d",
        ['ð'] = "d",
        ['þ'] = "th",
        ['ħ'] = "h",
        ['ŧ'] = "t",
        ['ŋ'] = "n",
        ['ı'] = "i",
        // NFKC makes an apostrophe of it that counts as a letter.
        ['ŉ'] = "n",
        [0x02BC] = "",
        ['ё'] = "е",
        ['ѐ'] = "е",
        ['ѝ'] = "и",
        ['آ'] = "ا",
        ['أ'] = "ا",
        ['إ'] = "ا",
        ['ٱ'] = "ا",
        ['ة'] = "ه",
        ['ى'] = "ي",
        ['ی'] = "ي",
        ['ک'] = "ك",
        // Chandrabindu, for which many write the point.
        [0x0901] = "\u0902",
        // Middle dots and primes inside words: Catalan's l·l, Hebrew's geresh and gershayim.
        [0x00B7] = "",
        [0x05F3] = "",
        [0x05F4] = "",
        // Trade mark and service mark: NFKC would hang TM and SM on the word before.
        [0x2122] = "",
        [0x2120] = "",
        // Hangul fillers and kashida show nothing.
        [0x115F] = "",
        [0x1160] = "",
        [0x3164] = "",
        [0xFFA0] = "",
        [0x0640] = "",
    };

    /// <summary>The code points that take the character's place: none where it is dropped, itself where it cannot be folded.</summary>
    public static IReadOnlyList<int> Fold(int codePoint)
    {
        // Letters of Hangul that stand alone ("ㅋㅋ") would become half syllables.
        codePoint = FullWidthHangul(codePoint);
        if (!CanBeNormalised(codePoint) || codePoint is >= 0x3131 and <= 0x318E and not 0x3164)
        {
            return [codePoint];
        }

        if (Special.TryGetValue(codePoint, out var special))
        {
            return [.. special.EnumerateRunes().Select(letter => letter.Value)];
        }

        var folded = new List<int>();
        var composed = Lower(new Rune(codePoint)).ToString().Normalize(NormalizationForm.FormKC);
        foreach (var rune in composed.EnumerateRunes())
        {
            Append(Lower(rune), folded);
        }

        return folded;
    }

    private static int FullWidthHangul(int codePoint) =>
        codePoint switch
        {
            >= 0xFFA1 and <= 0xFFBE => codePoint - 0xFFA1 + 0x3131,
            >= 0xFFC2 and <= 0xFFC7 => codePoint - 0xFFC2 + 0x314F,
            >= 0xFFCA and <= 0xFFCF => codePoint - 0xFFCA + 0x3155,
            >= 0xFFD2 and <= 0xFFD7 => codePoint - 0xFFD2 + 0x315B,
            >= 0xFFDA and <= 0xFFDC => codePoint - 0xFFDA + 0x3161,
            _ => codePoint,
        };

    private static bool CanBeNormalised(int codePoint) =>
        Rune.IsValid(codePoint)
        && (codePoint & 0xFFFE) != 0xFFFE
        && Rune.GetUnicodeCategory(new Rune(codePoint)) != UnicodeCategory.OtherNotAssigned;

    // Upper, then lower case joins forms that share a capital (ς and σ); İ has no simple mapping. Dotless ı would become I's i by the same way.
    private static Rune Lower(Rune rune) =>
        rune.Value == 'İ' ? new Rune('i') : Rune.ToLowerInvariant(Rune.ToUpperInvariant(rune));

    private static void Append(Rune rune, List<int> folded)
    {
        if (Special.TryGetValue(rune.Value, out var special))
        {
            folded.AddRange(special.EnumerateRunes().Select(letter => letter.Value));
        }
        else if (KeepsItsMarks(rune.Value))
        {
            AppendKept(rune, folded);
        }
        else
        {
            foreach (
                var part in rune.ToString().Normalize(NormalizationForm.FormKD).EnumerateRunes()
            )
            {
                AppendPart(Lower(part), folded);
            }
        }
    }

    private static void AppendPart(Rune part, List<int> folded)
    {
        if (Special.TryGetValue(part.Value, out var special))
        {
            folded.AddRange(special.EnumerateRunes().Select(letter => letter.Value));
        }
        else
        {
            AppendKept(part, folded);
        }
    }

    private static void AppendKept(Rune rune, List<int> folded)
    {
        if (Rune.GetUnicodeCategory(rune) == UnicodeCategory.DecimalDigitNumber)
        {
            folded.Add('0' + (int)Rune.GetNumericValue(rune));
        }
        else if (!IsDropped(rune))
        {
            folded.Add(rune.Value);
        }
    }

    // Cyrillic, kana, syllables of Hangul, hamza on waw and yeh: with another mark it is another letter.
    private static bool KeepsItsMarks(int codePoint) =>
        codePoint
            is (>= 0x0400 and <= 0x052F)
                or (>= 0x3041 and <= 0x30FF)
                or (>= 0xAC00 and <= 0xD7A3)
                or 0x0624
                or 0x0626;

    private static bool IsDropped(Rune rune) =>
        Rune.GetUnicodeCategory(rune) switch
        {
            UnicodeCategory.Format or UnicodeCategory.EnclosingMark => true,
            UnicodeCategory.ModifierSymbol => rune.Value is >= 0x1F3FB and <= 0x1F3FF,
            UnicodeCategory.NonSpacingMark => IsDiacritic(rune.Value),
            _ => false,
        };

    private static bool IsDiacritic(int codePoint) =>
        codePoint
            is (>= 0x0300 and <= 0x036F)
                or (>= 0x0483 and <= 0x0487)
                or (>= 0x0591 and <= 0x05C7)
                or (>= 0x0610 and <= 0x061A)
                or (>= 0x064B and <= 0x065F)
                or 0x0670
                or (>= 0x06D6 and <= 0x06ED)
                or 0x0711
                or (>= 0x0730 and <= 0x074A)
                or (>= 0x08CA and <= 0x08FF)
                // Nuktas and the accents of the Vedas.
                or 0x093C
                or (>= 0x0951 and <= 0x0954)
                or 0x09BC
                or 0x0A3C
                or 0x0ABC
                or 0x0B3C
                or 0x0CBC
                or (>= 0x1AB0 and <= 0x1AFF)
                or (>= 0x1DC0 and <= 0x1DFF)
                or (>= 0x20D0 and <= 0x20F0)
                or (>= 0x302A and <= 0x302D)
                or 0x3099
                or 0x309A
                or (>= 0xFE00 and <= 0xFE0F)
                or (>= 0xFE20 and <= 0xFE2F)
                or (>= 0xE0100 and <= 0xE01EF);
}
