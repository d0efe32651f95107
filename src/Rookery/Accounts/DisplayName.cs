namespace Rookery.Accounts;

/// <summary>What an account calls itself: 1 to 50 characters, kept as sent, not unique.</summary>
public sealed record DisplayName
{
    /// <summary>In extended grapheme clusters.</summary>
    public const int MaxLength = 50;

    /// <summary>
    /// In UTF-16 units: twenty for each character, room for fifty families of emoji (11); else one letter could carry any number of marks.
    /// </summary>
    public const int MaxUnits = 20 * MaxLength;

    private DisplayName(string text) => Text = text;

    public string Text { get; }

    public static Result<DisplayName> Parse(string? raw, string field)
    {
        if (raw is null || UnicodeText.IsBlank(raw))
        {
            return Problem.Invalid(
                field,
                $"The name is empty; it must be 1 to {MaxLength} characters."
            );
        }

        var length = UnicodeText.CountClusters(raw);
        if (length > MaxLength)
        {
            return Problem.Invalid(
                field,
                $"The name is {length} characters long; at most {MaxLength} are allowed."
            );
        }

        if (raw.Length > MaxUnits)
        {
            return Problem.Invalid(
                field,
                $"The name takes {raw.Length} UTF-16 units; at most {MaxUnits} are allowed for its {length} characters."
            );
        }

        return raw.Any(char.IsControl) || !UnicodeText.CanBeNormalised(raw)
            ? Problem.Invalid(
                field,
                "The name holds a control character or half of a surrogate pair; it must be one line of well-formed text."
            )
            : new DisplayName(raw);
    }

    public override string ToString() => Text;
}
