using System.Text;

namespace Rookery.Accounts;

/// <summary>What an account says of itself: up to 500 characters, lines allowed, may be empty.</summary>
public sealed record Bio
{
    /// <summary>In extended grapheme clusters.</summary>
    public const int MaxLength = 500;

    /// <summary>In UTF-16 units: eight for each character, as in display names.</summary>
    public const int MaxUnits = 8 * MaxLength;

    private Bio(string text) => Text = text;

    public string Text { get; }

    public static Result<Bio> Parse(string raw, string field)
    {
        if (raw.Length > MaxUnits)
        {
            return Problem.Invalid(
                field,
                $"The text takes {raw.Length} UTF-16 units; at most {MaxUnits} are allowed."
            );
        }

        if (raw.Any(IsForbidden) || !UnicodeText.CanBeNormalised(raw))
        {
            return Problem.Invalid(
                field,
                "The text holds a control character or half of a surrogate pair; it must be well-formed text, with line feeds at most."
            );
        }

        var text = raw.Normalize(NormalizationForm.FormC);
        var length = UnicodeText.CountClusters(text);
        return length <= MaxLength
            ? new Bio(text)
            : Problem.Invalid(
                field,
                $"The text is {length} characters long; at most {MaxLength} are allowed."
            );
    }

    public override string ToString() => Text;

    private static bool IsForbidden(char unit) =>
        char.IsControl(unit) && unit is not ('\n' or '\r' or '\t');
}
