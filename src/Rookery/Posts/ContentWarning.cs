using System.Text;

namespace Rookery.Posts;

/// <summary>What a post warns of: plain text on one line that is shown in its place until somebody wants to see it.</summary>
internal static class ContentWarning
{
    /// <summary>What every API calls it.</summary>
    public const string Field = "spoiler_text";

    /// <summary>NFC, trimmed, well-formed; empty where nothing is to be seen of it.</summary>
    /// <param name="maxLength">Characters that it may have.</param>
    public static Result<string> Create(string? raw, int maxLength)
    {
        if (raw is not null && UnicodeText.HasLoneSurrogate(raw))
        {
            return Problem.Invalid(
                Field,
                "The warning holds half of a surrogate pair; it must be well-formed Unicode."
            );
        }

        var warning = OnOneLine(raw ?? "");
        if (UnicodeText.IsBlank(warning))
        {
            return "";
        }

        // Before normalisation, as a post's text.
        if (warning.Length > (long)maxLength * PostText.UnitsPerCharacter)
        {
            return TooLong(UnicodeText.CountClusters(warning), maxLength);
        }

        warning = warning.Normalize();
        return UnicodeText.CountClusters(warning) is var length && length > maxLength
            ? TooLong(length, maxLength)
            : warning;
    }

    private static Problem TooLong(int length, int maxLength) =>
        Problem.Invalid(
            Field,
            $"The warning is {length} characters long; a post has at most {maxLength} with it."
        );

    /// <summary>Line ends and tabs become spaces; other control characters go, and U+FFFE.</summary>
    private static string OnOneLine(string raw)
    {
        var line = new StringBuilder(raw.Length);
        foreach (var unit in raw)
        {
            if (unit is '\n' or '\r' or '\t')
            {
                line.Append(line.Length > 0 && line[^1] == ' ' ? "" : " ");
            }
            else if (!char.IsControl(unit) && unit != UnicodeText.NotACharacter)
            {
                line.Append(unit);
            }
        }

        return line.ToString().Trim();
    }
}
