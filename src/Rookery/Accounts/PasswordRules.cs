namespace Rookery.Accounts;

/// <summary>Which passwords may be chosen. Length is what counts: there are no rules of composition.</summary>
internal sealed class PasswordRules(CommonPasswords common)
{
    /// <summary>In code points, after NFKC.</summary>
    public const int MinLength = 12;

    /// <summary>In code points, after NFKC.</summary>
    public const int MaxLength = 128;

    /// <summary>Null when the password may be chosen.</summary>
    public Problem? Check(
        string? password,
        string field,
        Handle handle,
        EmailAddress? email = null
    ) => CheckFor(handle.Folded, email, password, field);

    /// <summary>The same for an account that stands already.</summary>
    public Problem? CheckFor(Credentials credentials, string? password, string field)
    {
        var email = EmailAddress.Parse(credentials.Email, field);
        return CheckFor(
            credentials.Username,
            email.Succeeded ? email.Value : null,
            password,
            field
        );
    }

    private Problem? CheckFor(string handle, EmailAddress? email, string? password, string field)
    {
        if (string.IsNullOrEmpty(password))
        {
            return Problem.Invalid(field, $"The password is missing; it must be {Bounds}.");
        }

        if (LengthProblem(password, out var text) is { } wrong)
        {
            return Problem.Invalid(field, wrong);
        }

        if (IsSame(text, handle) || IsSame(text, email?.Folded))
        {
            return Problem.Invalid(
                field,
                "The password is the handle or the e-mail address; choose one that nobody can read."
            );
        }

        return common.Contains(text)
            ? Problem.Invalid(
                field,
                "The password is one of the common ones that are tried first; choose another, such as four unrelated words."
            )
            : null;
    }

    private static string Bounds => $"{MinLength} to {MaxLength} characters";

    private static string? LengthProblem(string password, out string text)
    {
        text = PasswordText.Normalised(password) ?? "";
        if (text.Length == 0)
        {
            return password.Length > PasswordText.MaxUnits
                ? $"The password is {password.Length} characters long; it must be {Bounds}."
                : "The password holds half of a surrogate pair or U+FFFE; it must be well-formed text.";
        }

        var length = text.EnumerateRunes().Count();
        return length is < MinLength or > MaxLength
            ? $"The password is {length} characters long; it must be {Bounds} (Unicode code points)."
            : null;
    }

    private static bool IsSame(string password, string? name) =>
        password.Equals(name, StringComparison.OrdinalIgnoreCase);
}
