using System.Globalization;
using System.Text;

namespace Rookery.Accounts;

/// <summary>The name by which an account is mentioned: 3 to 30 of a–z, 0–9 and _, its case kept for show; an imported one may be shorter.</summary>
public sealed record Handle
{
    public const int MinLength = 3;
    public const int MaxLength = 30;

    // Leaves room for _ and the suffix of the 99,999th of the same name without cutting the name.
    private const int MaxDerivedLength = MaxLength - 6;

    private const string Fallback = "user";

    private Handle(string shown)
    {
        Shown = shown;
        Folded = shown.ToLowerInvariant();
        Skeleton = Folded.Replace('0', 'o').Replace('1', 'l').Replace('i', 'l');
    }

    public string Shown { get; }

    /// <summary>Lower case: what a handle is found by.</summary>
    public string Folded { get; }

    /// <summary>The same for all handles that look alike (0 and o; 1, l and i). No two accounts have the same one.</summary>
    public string Skeleton { get; }

    public static Result<Handle> Parse(string? raw, string field)
    {
        const string Rule = "a handle is 3 to 30 of the letters a-z, the digits 0-9 and _.";
        if (string.IsNullOrEmpty(raw))
        {
            return Problem.Invalid(field, $"The handle is missing; {Rule}");
        }

        if (raw.Length is < MinLength or > MaxLength)
        {
            return Problem.Invalid(field, $"The handle is {raw.Length} characters long; {Rule}");
        }

        return raw.All(IsAllowed)
            ? new Handle(raw)
            : Problem.Invalid(field, $"The handle holds something else; {Rule}");
    }

    /// <summary>
    /// The handle of an account that may stand already, to look for it; null for what no account is called. What is asked of a new handle is not
    /// asked here: see <see cref="Imported"/>.
    /// </summary>
    public static Handle? Standing(string raw) =>
        raw.Length is > 0 and <= MaxLength && raw.All(IsAllowed) ? new Handle(raw) : null;

    /// <summary>The handle that a file gives an account. It may be shorter than a chosen one: account number 7 of a graph is u7.</summary>
    public static Handle Imported(string raw) => Standing(raw) ?? Derive(raw);

    public static bool IsAllowed(char unit) => char.IsAsciiLetterOrDigit(unit) || unit == '_';

    /// <summary>A valid handle that resembles a display name. It may be taken: see <see cref="WithSuffix"/>.</summary>
    public static Handle Derive(string displayName)
    {
        var letters = new StringBuilder();
        foreach (var rune in Decomposed(displayName).EnumerateRunes())
        {
            Append(rune, letters);
        }

        letters.Length = Math.Min(letters.Length, MaxDerivedLength);
        var derived = letters.ToString().Trim('_');
        return new Handle(
            derived.Length switch
            {
                0 => Fallback,
                < MinLength => $"{Fallback}_{derived}",
                _ => derived,
            }
        );
    }

    /// <summary>This handle with _ and a number, its end cut where both would not fit.</summary>
    public Handle WithSuffix(int number)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(number);
        var suffix = string.Create(CultureInfo.InvariantCulture, $"_{number}");
        var kept = Math.Min(Shown.Length, MaxLength - suffix.Length);
        return new Handle(Shown[..kept] + suffix);
    }

    public override string ToString() => Shown;

    // Compatibility forms too, so that full-width and mathematical letters come out as letters.
    private static string Decomposed(string displayName)
    {
        var clean = new StringBuilder();
        foreach (
            var rune in displayName.AsSpan(0, Math.Min(displayName.Length, 400)).EnumerateRunes()
        )
        {
            if (rune.Value != UnicodeText.NotACharacter)
            {
                clean.Append(rune.ToString());
            }
        }

        return clean.ToString().Normalize(NormalizationForm.FormKD).ToLowerInvariant();
    }

    private static void Append(Rune rune, StringBuilder letters)
    {
        if (
            Rune.GetUnicodeCategory(rune)
            is UnicodeCategory.NonSpacingMark
                or UnicodeCategory.Format
        )
        {
            return;
        }

        var latin = ToAscii(rune);
        if (latin is not "_")
        {
            letters.Append(latin);
        }
        else if (letters.Length > 0 && letters[^1] != '_')
        {
            letters.Append('_');
        }
    }

    // The Latin letters that do not decompose into a base letter and a mark.
    private static string ToAscii(Rune rune) =>
        rune.Value switch
        {
            >= 'a' and <= 'z' or >= '0' and <= '9' => rune.ToString(),
            'ß' => "ss",
            'æ' => "ae",
            'œ' => "oe",
            'ø' => "o",
            'ł' => "l",
            'đ' or 'ð' => "d",
            'þ' => "th",
            'ı' => "i",
            '\'' or '’' => "",
            _ => "_",
        };
}
