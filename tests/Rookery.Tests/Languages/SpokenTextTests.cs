using System.Text.RegularExpressions;
using Rookery.Tests.Architecture;
using Rookery.Tests.Docs;
using Xunit;

namespace Rookery.Tests.Languages;

/// <summary>Whatever people read on the site comes from the texts of its languages, and reads from either side.</summary>
public sealed partial class SpokenTextTests
{
    private const string Site = "src/Rookery.Web";

    /// <summary>Attributes that people read or hear, and parameters that become such.</summary>
    private static readonly HashSet<string> Read =
    [
        "alt",
        "aria-label",
        "Empty",
        "First",
        "Hint",
        "Label",
        "Next",
        "placeholder",
        "Text",
        "title",
    ];

    /// <summary>A field's name, as the log has it.</summary>
    private static readonly HashSet<string> Names = ["trace_id"];

    /// <summary>Beginnings of what programs say to each other, and names of keys.</summary>
    private static readonly HashSet<string> OfPrograms =
    [
        "Accept",
        "Accept-Language",
        "ArrowDown",
        "ArrowUp",
        "Content-Type",
        "Enter",
        "Escape",
        "Files",
        "If-None-Match",
        "Location",
        "Rookery-Form-Token",
        "Tab",
    ];

    [Fact]
    public void No_component_has_words_of_its_own()
    {
        Law.HasNoBreach(
            Files(".razor")
                .SelectMany(file => WordsOf(file.Source).Select(one => $"{file.Path}: {one}"))
        );
    }

    [Theory]
    [InlineData("<p>Hello @Name there</p>")]
    [InlineData("<p>@Say.Hello(Name) there</p>")]
    [InlineData("<a title=\"Go there\" href=\"/there\"></a>")]
    [InlineData("<Input Name=\"text\" Label=\"Your @(Is ? \"a\" : \"b\") text\" />")]
    [InlineData("<p>@(Is ? \"Open\" : Say.Closed)</p>")]
    [InlineData("@if (Is)\n{\n    <p>Open</p>\n}")]
    [InlineData("<p></p>\n@code {\n    string Said => $\"You have {Count}\";\n}")]
    public void Words_of_its_own_are_found(string source) => Assert.NotEmpty(WordsOf(source));

    [Theory]
    [InlineData("<p class=\"quiet\">@Say.Hello(\"a)\")?.Length · @Name</p>")]
    [InlineData("<a href=\"@($\"/@{Name}\")\" title=\"@Say.Go\"><code>from:alice</code></a>")]
    public void What_is_none_is_not_found(string source) => Assert.Empty(WordsOf(source));

    [Fact]
    public void No_page_is_titled_but_in_the_readers_language() =>
        Law.HasNoBreach(
            from file in Files(".cs")
            from title in Title().Matches(file.Source)
            where Letters().IsMatch(Filled().Replace(title.Groups["title"].Value, ""))
            select $"{file.Path}: {title.Value}"
        );

    [Fact]
    public void No_script_has_words_of_its_own() =>
        Law.HasNoBreach(
            from file in Files(".js")
            from line in file.Source.Split('\n')
            where !Comment().IsMatch(line)
            from literal in Literal().Matches(line)
            let text = literal.Groups["text"].Value
            where
                !OfPrograms.Contains(text) && (Sentence().IsMatch(text) || Capital().IsMatch(text))
            select $"{file.Path}: {text}"
        );

    /// <summary>Left and right are the same to who reads from the left and to who reads from the right only where nothing is named so.</summary>
    [Fact]
    public void The_style_names_no_side_but_begin_and_end() =>
        Law.HasNoBreach(
            from line in ByItsText()
                .Replace(SourceTree.Read($"{Site}/Layout/site.css"), "")
                .Split('\n')
            where Sided().IsMatch(line) || IsLopsided(line)
            select line.Trim()
        );

    /// <summary>Of four lengths the second is the right side's and the fourth the left one's; of four corners the first two are those on top.</summary>
    private static bool IsLopsided(string line) =>
        FourLengths().Match(line) is { Success: true } all
        && (
            all.Groups["what"].Value == "border-radius"
                ? all.Groups["a"].Value != all.Groups["b"].Value
                    || all.Groups["c"].Value != all.Groups["d"].Value
                : all.Groups["b"].Value != all.Groups["d"].Value
        );

    [Theory]
    [InlineData("  border-radius: 1rem 0 0 1rem;", true)]
    [InlineData("  border-radius: 1rem 1rem 0 0;", false)]
    [InlineData("  margin: 0 1rem 0 0;", true)]
    [InlineData("  padding: 0 1rem 2rem 1rem;", false)]
    public void What_is_lopsided_is_found(string line, bool isIt) =>
        Assert.Equal(isIt, IsLopsided(line));

    private static IEnumerable<string> WordsOf(string source) =>
        RazorText
            .Of(source)
            .Where(piece =>
                (piece.Where == "text" || Read.Contains(piece.Where))
                && Letters().IsMatch(piece.Text)
                && !Names.Contains(piece.Text)
            )
            .Select(piece => $"{piece.Where}: {piece.Text}")
            .Concat(SpokenLiteral().Matches(source).Select(literal => literal.Value));

    private static IEnumerable<(string Path, string Source)> Files(string ending) =>
        SourceTree
            .Files(Site, ending)
            .Where(path => !path.Contains("/obj/", StringComparison.Ordinal))
            .Select(path => (path, SourceTree.Read(path)));

    /// <summary>The box to search in has the direction of what is written in it, and its button that of the page.</summary>
    [GeneratedRegex(
        "^(\\[dir=\"rtl\"\\] )?\\.search input\\[type=\"search\"\\] \\{[^}]*\\}",
        RegexOptions.Multiline
    )]
    private static partial Regex ByItsText();

    [GeneratedRegex(@"\p{L}{2,}")]
    private static partial Regex Letters();

    [GeneratedRegex("(?<!=)\\$?\"[A-Z][a-z]+[^\"]*\"")]
    private static partial Regex SpokenLiteral();

    [GeneratedRegex(@"(FrameOf\(\s*\w+,\s*|Notice = )\$?""(?<title>[^""]*)""")]
    private static partial Regex Title();

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Filled();

    [GeneratedRegex(@"^\s*(//|/\*|\*)")]
    private static partial Regex Comment();

    [GeneratedRegex("\"(?<text>[^\"]*)\"|`(?<text>[^`]*)`")]
    private static partial Regex Literal();

    [GeneratedRegex(@"[A-Za-z]{2,} [a-z]{2,}[ .!?,;]|^[A-Z][a-z]+ ")]
    private static partial Regex Sentence();

    [GeneratedRegex("^[A-Z][a-z]+")]
    private static partial Regex Capital();

    [GeneratedRegex(
        @"^\s*(?<what>margin|padding|inset|border-width|border-radius):\s*(?<a>\S+)\s+(?<b>\S+)\s+(?<c>\S+)\s+(?<d>[^\s;]+);"
    )]
    private static partial Regex FourLengths();

    [GeneratedRegex(
        @"^\s*((margin|padding|border|scroll-margin|scroll-padding)-)?(left|right)(-(width|color|style))?:|-(left|right)-radius:|(text-align|float|clear):\s*(left|right)\b"
    )]
    private static partial Regex Sided();
}
