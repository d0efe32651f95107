using System.Buffers;
using System.Globalization;
using System.Text;

namespace Rookery.Posts;

internal enum TextEntityKind
{
    Mention,
    Hashtag,
    Link,
}

/// <summary>A recognised part of a text, its sign included, in UTF-16 units.</summary>
internal readonly record struct TextEntity(TextEntityKind Kind, int Start, int Length)
{
    public int End => Start + Length;

    public ReadOnlySpan<char> In(ReadOnlySpan<char> text) => text.Slice(Start, Length);
}

/// <summary>Finds mentions, hashtags and links in one pass: no unit is looked at more often than a fixed number of times.</summary>
internal static class TextEntities
{
    private static readonly SearchValues<char> Starts = SearchValues.Create("@#\uFF03hH");

    /// <summary>In order of their place; they never overlap.</summary>
    public static List<TextEntity> Find(ReadOnlySpan<char> text)
    {
        var found = new List<TextEntity>();
        var at = 0;
        while (text[at..].IndexOfAny(Starts) is var ahead and >= 0)
        {
            at += ahead;
            var (kind, length) = At(text, at);
            if (length > 0)
            {
                found.Add(new TextEntity(kind, at, length));
            }

            at += Math.Max(length, 1);
        }

        return found;
    }

    private static (TextEntityKind Kind, int Length) At(ReadOnlySpan<char> text, int at) =>
        text[at] switch
        {
            '@' => (TextEntityKind.Mention, Mention.LengthAt(text, at)),
            '#' or '\uFF03' => (TextEntityKind.Hashtag, Hashtag.LengthAt(text, at)),
            _ => (TextEntityKind.Link, Link.LengthAt(text, at)),
        };

    /// <summary>Whether a word ends right before <paramref name="at"/>: what follows is then the word's rest.</summary>
    public static bool FollowsWord(ReadOnlySpan<char> text, int at)
    {
        Rune.DecodeLastFromUtf16(text[..at], out var before, out _);
        return before.Value == '_' || IsLetterDigitOrMark(before);
    }

    // Variation selectors are marks too, but end an emoji and no word.
    private static bool IsLetterDigitOrMark(Rune rune) =>
        Rune.IsLetterOrDigit(rune)
        || (
            Rune.GetUnicodeCategory(rune)
                is UnicodeCategory.NonSpacingMark
                    or UnicodeCategory.SpacingCombiningMark
            && rune.Value is not (>= 0xFE00 and <= 0xFE0F)
        );
}
