namespace Rookery.Search;

/// <summary>The signs of a query, however they are typed.</summary>
internal static class QuerySigns
{
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

    /// <summary>example.org, with a path or without: no word, though it has its signs.</summary>
    public static bool IsDomain(ReadOnlySpan<char> word)
    {
        var end = word.IndexOf('/');
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
