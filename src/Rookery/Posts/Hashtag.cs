using System.Globalization;
using System.Text;

namespace Rookery.Posts;

internal static class Hashtag
{
    /// <summary>In UTF-16 units of the text, without the sign. A longer run is no hashtag.</summary>
    public const int MaxLength = 100;

    private enum Role
    {
        Ends,
        Letter,
        Digit,

        /// <summary>Belongs to the character before it.</summary>
        Mark,

        /// <summary>Part of the tag only between two of its characters.</summary>
        Joiner,
    }

    /// <summary>The length of the hashtag whose sign is at <paramref name="at"/>, or 0.</summary>
    public static int LengthAt(ReadOnlySpan<char> text, int at)
    {
        if (at > 0 && (text[at - 1] == '&' || TextEntities.FollowsWord(text, at)))
        {
            return 0;
        }

        var length = NameLength(text[(at + 1)..]);
        return length == 0 ? 0 : length + 1;
    }

    /// <summary>A tag as somebody asks for it, with or without its sign, in the form it is stored under.</summary>
    public static Result<string> Parse(string? raw, string field)
    {
        if (raw is { Length: > 0 and <= 4 * MaxLength } && UnicodeText.CanBeNormalised(raw))
        {
            var name = raw.Normalize();
            name = name[0] is '#' or '\uFF03' ? name[1..] : name;
            if (name.Length > 0 && NameLength(name) == name.Length)
            {
                return Fold(name);
            }
        }

        return Problem.Invalid(
            field,
            $"A hashtag is 1 to {MaxLength} letters, digits and _ without spaces, at least one of them not a digit."
        );
    }

    /// <summary>
    /// The form under which a recognised tag is stored and compared: NFKC, case-folded, without what cannot be seen.
    /// May be longer than the tag: compatibility characters unfold.
    /// </summary>
    public static string Fold(ReadOnlySpan<char> name)
    {
        if (Ascii.IsValid(name))
        {
            return name.ToString().ToLowerInvariant();
        }

        var folded = FoldCase(name.ToString().Normalize(NormalizationForm.FormKC));
        var visible = new StringBuilder(folded.Length);
        foreach (var rune in folded.Normalize(NormalizationForm.FormKC).EnumerateRunes())
        {
            if (IsKept(rune))
            {
                visible.Append(rune.ToString());
            }
        }

        return visible.ToString().Normalize(NormalizationForm.FormKC);
    }

    private static int NameLength(ReadOnlySpan<char> text)
    {
        var (at, end, hasLetter) = (0, 0, false);
        while (at < text.Length && at <= MaxLength)
        {
            Rune.DecodeFromUtf16(text[at..], out var rune, out var units);
            var role = RoleOf(rune);
            if (role == Role.Ends || (at == 0 && role is Role.Mark or Role.Joiner))
            {
                break;
            }

            at += units;
            end = role == Role.Joiner ? end : at;
            hasLetter |= role == Role.Letter;
        }

        return hasLetter && end <= MaxLength ? end : 0;
    }

    private static Role RoleOf(Rune rune) =>
        rune.Value switch
        {
            '_' => Role.Letter,
            // Zero-width non-joiner and joiner, and the middle dot of Catalan.
            0x200C or 0x200D or 0x00B7 => Role.Joiner,
            // Hangul fillers are letters that show nothing.
            0x115F or 0x1160 or 0x3164 or 0xFFA0 => Role.Ends,
            _ => RoleOf(Rune.GetUnicodeCategory(rune)),
        };

    private static Role RoleOf(UnicodeCategory category) =>
        category switch
        {
            UnicodeCategory.UppercaseLetter
            or UnicodeCategory.LowercaseLetter
            or UnicodeCategory.TitlecaseLetter
            or UnicodeCategory.ModifierLetter
            or UnicodeCategory.OtherLetter
            or UnicodeCategory.LetterNumber => Role.Letter,
            UnicodeCategory.DecimalDigitNumber => Role.Digit,
            UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark => Role.Mark,
            _ => Role.Ends,
        };

    // Unicode's default-ignorables among the characters of a tag (variation selectors, joiners) make no other tag;
    // spaces come out of a few unfolded letters (U+FDFA).
    private static bool IsKept(Rune rune) =>
        rune.Value == 0x00B7
        || (
            RoleOf(rune) is Role.Letter or Role.Digit or Role.Mark
            && rune.Value
                is not (0x034F or (>= 0xFE00 and <= 0xFE0F) or (>= 0xE0100 and <= 0xE01EF))
        );

    // Upper, then lower case joins forms that share a capital (ς and σ). The two that unfold are not in the simple mappings.
    private static string FoldCase(string text) =>
        text.ToUpperInvariant()
            .ToLowerInvariant()
            .Replace("\u00DF", "ss", StringComparison.Ordinal)
            .Replace("\u0130", "i\u0307", StringComparison.Ordinal);
}
