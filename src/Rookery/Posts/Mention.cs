using System.Globalization;
using System.Text;
using Rookery.Accounts;

namespace Rookery.Posts;

internal static class Mention
{
    /// <summary>The length of the mention whose @ is at <paramref name="at"/>, or 0.</summary>
    public static int LengthAt(ReadOnlySpan<char> text, int at)
    {
        var rest = text[(at + 1)..];
        var length = 0;
        while (length < rest.Length && length <= Handle.MaxLength && Handle.IsAllowed(rest[length]))
        {
            length++;
        }

        return
            length is >= Handle.MinLength and <= Handle.MaxLength
            && MayStart(text, at)
            && !GoesOn(rest[length..])
            && !IsInAddress(text, at, rest[length..])
            ? length + 1
            : 0;
    }

    // After a slash it is the profile in a link that was written without its scheme.
    private static bool MayStart(ReadOnlySpan<char> text, int at) =>
        at == 0 || (text[at - 1] is not ('@' or '/') && !TextEntities.FollowsWord(text, at));

    // "@josé" must not mention "jos", nor "@ali@example.org" our ali; "@aliさん" does mention ali, in scripts written without spaces.
    private static bool GoesOn(ReadOnlySpan<char> after)
    {
        Rune.DecodeFromUtf16(after, out var next, out _);
        return next.Value == '@'
            || Rune.GetUnicodeCategory(next)
                is UnicodeCategory.NonSpacingMark
                    or UnicodeCategory.SpacingCombiningMark
            || (Rune.IsLetter(next) && IsWrittenWithSpaces(next));
    }

    // Latin, Greek, Cyrillic and Armenian, and the extensions of the first two.
    private static bool IsWrittenWithSpaces(Rune letter) =>
        letter.Value is < 0x0590 or (>= 0x1E00 and < 0x2000);

    // "first.-@example.org": punctuation between a word and the @, and a domain behind it. ".@ali" is a mention.
    private static bool IsInAddress(ReadOnlySpan<char> text, int at, ReadOnlySpan<char> after) =>
        at >= 2
        && text[at - 1] is '.' or '+' or '-' or '%'
        && !char.IsWhiteSpace(text[at - 2])
        && after.Length >= 2
        && after[0] is '.' or '-'
        && char.IsLetterOrDigit(after[1]);
}
