using System.Globalization;

namespace Rookery.Api;

/// <summary>What makes a sent value an id, a number, a text; the same wherever it was sent.</summary>
internal static class FieldRules
{
    public const string IdRule =
        "an integer from 1 to 9223372036854775807, sent as a number or as a string";

    public static bool TryId(in FieldValue value, out long id) =>
        TryInteger(value, out id) && id >= 1;

    public static bool TryInteger(in FieldValue value, out long number)
    {
        number = 0;
        return value.Kind is FieldKind.Text or FieldKind.Number
            // The parser alone would take a plus sign and trailing NULs.
            && !value.Text.Span.ContainsAny('+', '\0')
            && long.TryParse(
                value.Text.Span,
                NumberStyles.AllowLeadingSign,
                CultureInfo.InvariantCulture,
                out number
            );
    }

    public static bool TryFlag(in FieldValue value, out bool flag)
    {
        flag = value.Kind == FieldKind.True || value.Text.Span is "true" or "1";
        return flag || value.Kind == FieldKind.False || value.Text.Span is "false" or "0";
    }

    /// <summary>Null when it is well-formed text of so many characters, otherwise what it must be.</summary>
    public static string? WrongWithText(in FieldValue value, int min, int max)
    {
        if (value.Kind != FieldKind.Text)
        {
            return value.Kind == FieldKind.Unreadable ? "valid UTF-8 text" : "text";
        }

        var text = value.Text.Span;
        if (text.Contains('\0'))
        {
            return "text without NUL characters";
        }

        return text.Length < min || (text.Length > max && Characters(text) > max)
            ? LengthRule(min, max)
            : null;
    }

    private static string LengthRule(int min, int max) =>
        max == int.MaxValue
            ? $"text of at least {min} character{(min == 1 ? "" : "s")}"
            : $"text of {min} to {max} characters";

    private static int Characters(ReadOnlySpan<char> text)
    {
        var count = 0;
        foreach (var _ in text.EnumerateRunes())
        {
            count++;
        }

        return count;
    }
}
