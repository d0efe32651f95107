using System.CommandLine;
using System.Text.RegularExpressions;
using Rookery.Server.Commands;
using Rookery.Tests.Architecture;
using Xunit;

namespace Rookery.Tests.Docs;

/// <summary>Every path, link, command and setting that a document names is there.</summary>
public sealed partial class DocumentTests
{
    private const string Run = "dotnet run --project src/Rookery.Server";

    /// <summary>Options that documents name and that are not ours.</summary>
    private static readonly string[] ForeignOptions = ["--help", "--data-urlencode"];

    private static readonly string[] OtherSettings = ["Service:Key", "Logging:LogLevel:Default"];

    [Fact]
    public void Links_lead_somewhere() =>
        Law.HasNoBreach(
            from document in Document.All
            from link in document.Links
            where !SourceTree.Has(link)
            select $"{document.Path} links to {link}"
        );

    [Fact]
    public void Paths_exist() =>
        Law.HasNoBreach(
            from document in Document.All
            from text in document.Code.Concat(document.Lines)
            from Match path in TreePath().Matches(text)
            where !SourceTree.Has(path.Value.TrimEnd('.', '/'))
            select $"{document.Path} names {path.Value}"
        );

    [Fact]
    public void Commands_and_their_options_exist()
    {
        var unit = File.ReadLines(SourceTree.PathOf("deploy/single/rookery.service"));
        var typed = Document
            .All.SelectMany(document => document.Code.Concat(document.Lines))
            .Concat(unit)
            .Select(text => Command().Match(text))
            .Where(match => match.Success)
            .Select(match => match.Groups["arguments"].Value)
            .ToList();
        Assert.Contains("admin dead-letters replay", typed);
        Assert.Contains("--dev", typed);
        Law.HasNoBreach(
            typed.Select(arguments => WrongWith(arguments.Split(' '))).OfType<string>()
        );
    }

    [Fact]
    public void Options_exist()
    {
        var known = OptionsOf(RookeryCommand.Create()).Concat(ForeignOptions).ToHashSet();
        Law.HasNoBreach(
            from document in Document.All
            from code in document.Code
            where code.StartsWith("--", StringComparison.Ordinal)
            where !known.Contains(code.Split(' ')[0])
            select $"{document.Path} names {code}"
        );
    }

    [Fact]
    public void Settings_exist()
    {
        var known = ConfigurationDoc
            .OptionsTypes()
            .SelectMany(options =>
                options
                    .GetProperties()
                    .Select(setting => $"{ConfigurationDoc.SectionOf(options)}:{setting.Name}")
            )
            .Concat(OtherSettings)
            .ToHashSet();
        Law.HasNoBreach(
            from document in Document.All
            from code in document.Code
            where Setting().IsMatch(code) && !known.Contains(code)
            select $"{document.Path} names {code}"
        );
    }

    [Fact]
    public void The_front_page_is_short_and_has_both_commands()
    {
        var readme = new Document("README.md", SourceTree.Read("README.md"));
        var lines = readme.Text.Split('\n');
        Assert.InRange(lines.Length, 1, 121);
        Assert.Contains(Run, readme.Lines);
        Assert.Contains("./test.sh", readme.Lines);
        Assert.Contains("docs/path-of-a-post.svg", readme.Links);
        var steps = lines.Where(line => Step().IsMatch(line)).ToList();
        Assert.Equal(7, steps.Count);
        Assert.All(steps, step => Assert.Contains("](src/", step, StringComparison.Ordinal));
    }

    [Fact]
    public void The_test_script_has_the_fast_way_and_CI_runs_nothing_else()
    {
        Assert.Contains("= fast ]", SourceTree.Read("test.sh"), StringComparison.Ordinal);
        var lines = File.ReadLines(SourceTree.PathOf(".ci/run"));
        Assert.Equal("exec \"$(dirname \"$0\")/../test.sh\"", lines.Last());
    }

    [Fact]
    public void Decisions_are_numbered_and_say_what_was_decided()
    {
        var pages = SourceTree.Files("docs/decisions", ".md").ToList();
        Assert.Equal(
            Enumerable.Range(1, pages.Count).Select(number => $"docs/decisions/{number:D4}"),
            pages.Select(path => path[..19])
        );
        Assert.All(
            pages,
            path =>
                Assert.Contains("\n## Decision\n", SourceTree.Read(path), StringComparison.Ordinal)
        );
    }

    private static string? WrongWith(IReadOnlyList<string> words)
    {
        Command command = RookeryCommand.Create();
        foreach (var word in words)
        {
            var next = command.Subcommands.FirstOrDefault(one => one.Name == word);
            var isOption = word.StartsWith("--", StringComparison.Ordinal);
            if (
                isOption
                && command.Options.All(option => option.Name != word)
                && !ForeignOptions.Contains(word)
            )
            {
                return $"{command.Name} has no option {word}, which is in: {string.Join(' ', words)}";
            }

            if (next is null && command.Subcommands.Count > 0 && LowerCase().IsMatch(word))
            {
                return $"{command.Name} has no command {word}, which is in: {string.Join(' ', words)}";
            }

            command = next ?? command;
        }

        return null;
    }

    private static IEnumerable<string> OptionsOf(Command command) =>
        command
            .Options.Select(option => option.Name)
            .Concat(command.Subcommands.SelectMany(OptionsOf));

    [GeneratedRegex(
        @"(?<![\w/.-])(src|tests|docs|benchmarks|deploy)/[\w./-]*|(?<![\w/])\./test\.sh"
    )]
    private static partial Regex TreePath();

    [GeneratedRegex(
        @"(^rookery|Rookery\.Server\.dll|^dotnet run --project src/Rookery\.Server --) (?<arguments>[a-zA-Z-].*)$"
    )]
    private static partial Regex Command();

    [GeneratedRegex(@"^[A-Z]\w+:[A-Z]\w+$")]
    private static partial Regex Setting();

    [GeneratedRegex(@"^[1-9]\. ")]
    private static partial Regex Step();

    [GeneratedRegex("^[a-z][a-z-]*$")]
    private static partial Regex LowerCase();
}
