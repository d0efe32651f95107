using System.Globalization;
using System.Text;

namespace Rookery.Media;

/// <summary>What somebody says about a picture; null: nothing is said, or nothing is changed.</summary>
public sealed record MediaText(string? Description, FocalPoint? Focus, string? Blurhash)
{
    /// <param name="maxLength">Characters of the description.</param>
    internal static Result<MediaText> Parse(
        string? description,
        string? focus,
        string? blurhash,
        int maxLength
    )
    {
        if (
            description is not null
            && (description.Any(IsForbidden) || !UnicodeText.CanBeNormalised(description))
        )
        {
            return Problem.Invalid(
                "description",
                "description holds a control character or half of a surrogate pair; it must be well-formed text."
            );
        }

        var text = description?.Normalize(NormalizationForm.FormC);
        if (text is not null && UnicodeText.CountClusters(text) is var length && length > maxLength)
        {
            return Problem.Invalid(
                "description",
                $"description is {length} characters long; it may have at most {maxLength}."
            );
        }

        if (blurhash is { Length: > 0 } && !Media.Blurhash.IsOne(blurhash))
        {
            return Problem.Invalid(
                "blurhash",
                $"blurhash must be a BlurHash: {Media.Blurhash.MinLength} to {Media.Blurhash.MaxLength} digits of base 83, as many as the first of them says."
            );
        }

        if (string.IsNullOrEmpty(focus))
        {
            return new MediaText(text, null, blurhash);
        }

        return ParseFocus(focus) is { } point
            ? new MediaText(text, point, blurhash)
            : Problem.Invalid(
                "focus",
                "focus must be two numbers from -1 to 1 with a comma between them, such as 0.25,-0.5."
            );
    }

    private static FocalPoint? ParseFocus(string focus)
    {
        var numbers = focus.Split(',');
        return
            numbers.Length == 2
            && TryThousandths(numbers[0], out var x)
            && TryThousandths(numbers[1], out var y)
            ? new FocalPoint(x, y)
            : null;
    }

    private static bool TryThousandths(string text, out int thousandths)
    {
        thousandths = 0;
        if (
            !decimal.TryParse(
                text,
                NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint,
                CultureInfo.InvariantCulture,
                out var number
            ) || number is < -1 or > 1
        )
        {
            return false;
        }

        thousandths = (int)decimal.Round(number * 1000);
        return true;
    }

    private static bool IsForbidden(char unit) =>
        char.IsControl(unit) && unit is not ('\n' or '\r' or '\t');
}
