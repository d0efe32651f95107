using System.Text.RegularExpressions;

namespace Rookery.Tests.Docs;

/// <summary>A document of the tree, and what of it can be checked: links, code between backticks, lines to type.</summary>
internal sealed partial record Document(string Path, string Text)
{
    public static IEnumerable<Document> All =>
        Directory
            .EnumerateFiles(SourceTree.Root, "*.md")
            .Select(path => System.IO.Path.GetFileName(path))
            .Concat(SourceTree.Files("docs", ".md"))
            .Order(StringComparer.Ordinal)
            .Select(path => new Document(path, SourceTree.Read(path)));

    /// <summary>Relative targets of links and pictures, from the root of the tree.</summary>
    public IEnumerable<string> Links =>
        Link()
            .Matches(Text)
            .Select(link => link.Groups["target"].Value)
            .Where(target => !target.Contains("://", StringComparison.Ordinal))
            .Select(target => target.Split('#')[0])
            .Where(target => target.Length > 0)
            .Select(target =>
                System.IO.Path.GetRelativePath(
                    SourceTree.Root,
                    System.IO.Path.Combine(
                        SourceTree.PathOf(System.IO.Path.GetDirectoryName(Path)!),
                        target
                    )
                )
            );

    /// <summary>What stands between single backticks, outside of blocks.</summary>
    public IEnumerable<string> Code =>
        Span().Matches(Block().Replace(Text, "")).Select(span => span.Groups["code"].Value);

    /// <summary>The lines of blocks that are meant to be typed.</summary>
    public IEnumerable<string> Lines =>
        Block()
            .Matches(Text)
            .Where(block => block.Groups["kind"].Value is "bash" or "")
            .SelectMany(block => block.Groups["text"].Value.Split('\n'))
            .Concat(Indented().Matches(Text).Select(line => line.Groups["text"].Value))
            .Select(line => line.Trim())
            .Where(line => line.Length > 0);

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex("(?<!`)`(?<code>[^`\n]+)`(?!`)")]
    private static partial Regex Span();

    [GeneratedRegex(
        "^```(?<kind>[a-z]*)\n(?<text>.*?)^```$",
        RegexOptions.Multiline | RegexOptions.Singleline
    )]
    private static partial Regex Block();

    [GeneratedRegex("^ {4}(?<text>[a-zA-Z./].*)$", RegexOptions.Multiline)]
    private static partial Regex Indented();
}
