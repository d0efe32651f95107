using System.Buffers;

namespace Rookery.Media;

/// <summary>A few colours of a picture in a short text, made by who uploads it, for apps to show while it loads. What it shows is not looked at.</summary>
internal static class Blurhash
{
    public const int MinLength = 6;

    /// <summary>Of 48 colours: many more than anybody makes.</summary>
    public const int MaxLength = 100;

    private const string Digits =
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz#$%*+,-.:;=?@[]^_{|}~";

    private static readonly SearchValues<char> _digits = SearchValues.Create(Digits);

    /// <summary>Its first digit says how many colours there are, and so how long it is: six characters for one, two for each further one.</summary>
    public static bool IsOne(string text)
    {
        if (
            text.Length is < MinLength or > MaxLength
            || text.AsSpan().ContainsAnyExcept(_digits)
            || Digits.IndexOf(text[0], StringComparison.Ordinal) is var size && size > 80
        )
        {
            return false;
        }

        var (across, down) = (size % 9 + 1, size / 9 + 1);
        return text.Length == 4 + (2 * across * down);
    }
}
