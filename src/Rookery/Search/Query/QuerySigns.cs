using System.Globalization;
using Rookery.Posts;

namespace Rookery.Search;

/// <summary>The signs of a query, however they are typed.</summary>
internal static class QuerySigns
{
    private const string Url = "url:";
    private const string Scheme = "https://";

    // From a sign to its full-width form. Those of hashtags and mentions stay: posts tell them apart.
    private const int FullWidth = 0xFEE0;

    /// <summary>What may stand before a word and says nothing there.</summary>
    public static ReadOnlySpan<char> Leading => "#@＃＠：－＊+-*.,:;!?'/&=|~^";

    /// <summary>Bounded, well-formed and composed.</summary>
    public static string Composed(string query) =>
        new PrepareText()
            .Composed(query.AsSpan(0, Math.Min(query.Length, ParseQuery.MaxLength)))
            .ToString();

    /// <summary>The same text, unit by unit, with its signs, letters and digits in ASCII.</summary>
    public static string Plain(string composed)
    {
        var plain = composed.ToCharArray();
        foreach (ref var unit in plain.AsSpan())
        {
            unit = unit switch
            {
                '（' or '）' or '：' or '－' or '＂' or '＊' => (char)(unit - FullWidth),
                (>= '０' and <= '９') or (>= 'Ａ' and <= 'Ｚ') or (>= 'ａ' and <= 'ｚ') => (char)(
                    unit - FullWidth
                ),
                '\u3000' => ' ',
                '\u2212' => '-',
                '“' or '”' or '„' or '‟' or '«' or '»' or '〝' or '〞' => '"',
                _ => unit,
            };
        }

        return new string(plain);
    }

    /// <summary>Inside a Hebrew word the sign marks an abbreviation.</summary>
    public static bool IsQuote(ReadOnlySpan<char> text, int at) =>
        text[at] == '"' && !IsInHebrew(text, at);

    /// <summary>Whether the sign stands between two letters of Hebrew.</summary>
    public static bool IsInHebrew(ReadOnlySpan<char> text, int at) =>
        at > 0 && at + 1 < text.Length && IsHebrew(text[at - 1]) && IsHebrew(text[at + 1]);

    /// <summary>What text that was copied brings along before and behind a word: directional marks, zero-width spaces, the mark of the byte order.</summary>
    public static bool IsUnseen(char unit) =>
        unit >= 128 && char.GetUnicodeCategory(unit) == UnicodeCategory.Format;

    /// <summary>The length of an address, without its scheme or behind <c>url:</c>, that goes on with parentheses; 0 where there is none.</summary>
    /// <param name="word">As far as the parenthesis.</param>
    public static int AddressLength(ReadOnlySpan<char> text, int word)
    {
        var named = text[..word].StartsWith(Url, StringComparison.OrdinalIgnoreCase)
            ? Url.Length
            : 0;
        if (named == 0 && !IsDomain(text[..word]))
        {
            return 0;
        }

        var address = text[named..Math.Min(text.Length, named + LinkAddress.MaxUnits)];
        var length = Link.LengthAt(address, 0);
        if (length == 0)
        {
            length = Link.LengthAt($"{Scheme}{address}", 0) - Scheme.Length;
        }

        return Math.Max(0, length) + named;
    }

    /// <summary>example.org, with a port, a path and so on or without: no word, though it has its signs.</summary>
    public static bool IsDomain(ReadOnlySpan<char> word)
    {
        var end = word.IndexOfAny("/?#:");
        if (
            end >= 0
            && word[end] == ':'
            && !(end + 1 < word.Length && char.IsAsciiDigit(word[end + 1]))
        )
        {
            return false;
        }

        var host = end < 0 ? word : word[..end];
        var dot = host.LastIndexOf('.');
        if (dot <= 0 || host.Length - dot < 3)
        {
            return false;
        }

        foreach (var unit in host[(dot + 1)..])
        {
            if (!char.IsLetter(unit))
            {
                return false;
            }
        }

        foreach (var unit in host[..dot])
        {
            if (!char.IsLetterOrDigit(unit) && unit is not ('-' or '.'))
            {
                return false;
            }
        }

        return !host.Contains("..", StringComparison.Ordinal);
    }

    private static bool IsHebrew(char unit) => unit is >= '\u05D0' and <= '\u05EA';
}
