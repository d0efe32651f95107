using System.Globalization;

namespace Rookery.Server.Commands.Import;

/// <summary>A line of an edge list: the edge, or the line's beginning where it is none.</summary>
internal readonly record struct EdgeLine(
    long Line,
    long Follower,
    long Followee,
    string? NoEdge = null
);

/// <summary>Reads an edge list: a line <c>follower followee</c> with tabs or spaces between; <c>#</c> starts a comment line.</summary>
internal static class EdgeList
{
    public const string Right =
        "a line is \"follower followee\": two whole numbers with a tab or spaces between";

    public static IEnumerable<EdgeLine> Read(TextReader text)
    {
        for (var line = 1L; text.ReadLine() is { } raw; line++)
        {
            var content = raw.AsSpan().Trim(" \t\r");
            if (!content.IsEmpty && content[0] != '#')
            {
                yield return Parse(line, content);
            }
        }
    }

    private static EdgeLine Parse(long line, ReadOnlySpan<char> content)
    {
        var between = content.IndexOfAny(' ', '\t');
        return
            between > 0
            && TryNumber(content[..between], out var follower)
            && TryNumber(content[between..].TrimStart(" \t"), out var followee)
            ? new EdgeLine(line, follower, followee)
            : new EdgeLine(line, 0, 0, Shown(content));
    }

    private static bool TryNumber(ReadOnlySpan<char> text, out long number) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    private static string Shown(ReadOnlySpan<char> content) =>
        content.Length <= 40 ? content.ToString() : $"{content[..40]}…";
}
