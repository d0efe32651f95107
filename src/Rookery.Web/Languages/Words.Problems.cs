using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace Rookery.Web.Languages;

/// <summary>
/// Problems are stated in English, for the APIs. Those that people meet have their texts here, found by the English one: the whole problem is said in another
/// language, or none of it.
/// </summary>
public sealed partial class Words
{
    private readonly Lazy<ImmutableArray<KnownProblem>> _problems;

    /// <summary>What a problem says, and the language of that where it is not the page's.</summary>
    public (string Text, string? Language) Said(string detail)
    {
        if (this == English)
        {
            return (detail, null);
        }

        // One of several pictures.
        if (OfPicture().Match(detail) is { Success: true } picture)
        {
            var (text, language) = Said(picture.Groups["what"].Value);
            return language is null
                ? ($"{PictureNumber(picture.Groups["number"].Value)}: {text}", null)
                : (detail, language);
        }

        foreach (var known in _problems.Value)
        {
            if (known.Match(detail) is { } text)
            {
                return (text, null);
            }
        }

        return (detail, English.Code);
    }

    /// <summary>Those without places first: they are what they say and nothing else.</summary>
    private static ImmutableArray<KnownProblem> Problems(Words own) =>
        [
            .. from text in English._texts
            where text.Key.StartsWith("Problem", StringComparison.Ordinal)
            let parts = PartsOf(text.Value)
            orderby parts.Length
            select new KnownProblem(parts, own._texts[text.Key]),
        ];

    /// <summary>What stands between the places of a text, and at every second one the name of a place.</summary>
    internal static string[] PartsOf(string text) => Place().Split(text);

    [GeneratedRegex(@"\{(\w+)\}")]
    private static partial Regex Place();

    [GeneratedRegex("^Picture (?<number>[0-9]+): (?<what>.+)$", RegexOptions.Singleline)]
    private static partial Regex OfPicture();

    /// <param name="Parts">Of the English text, as <see cref="PartsOf"/> has them.</param>
    private sealed record KnownProblem(string[] Parts, string Own)
    {
        /// <summary>The own text where it is this problem; null where it is another.</summary>
        public string? Match(string detail)
        {
            if (!detail.StartsWith(Parts[0], StringComparison.Ordinal))
            {
                return null;
            }

            var (own, at) = (Own, Parts[0].Length);
            for (var i = 1; i < Parts.Length; i += 2)
            {
                var isLast = i + 2 >= Parts.Length;
                var end =
                    isLast && Parts[i + 1].Length == 0
                        ? detail.Length
                        : detail.IndexOf(Parts[i + 1], at, StringComparison.Ordinal);
                // Numbers, names and ids; a part of a sentence would stay English.
                if (end <= at || detail.AsSpan(at, end - at).ContainsAny(' ', '\n'))
                {
                    return null;
                }

                own = Filled(own, Parts[i], detail[at..end]);
                at = end + Parts[i + 1].Length;
            }

            return at == detail.Length ? own : null;
        }
    }
}
