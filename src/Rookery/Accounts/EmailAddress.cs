namespace Rookery.Accounts;

/// <summary>An address that has the form of one. Whether mail arrives there only a mail can tell.</summary>
public sealed record EmailAddress
{
    // RFC 5321 4.5.3.1: 64 before the @; a path of 256 with its angle brackets leaves 254.
    public const int MaxLocalLength = 64;
    public const int MaxLength = 254;

    private const string LocalPunctuation = ".!#$%&'*+/=?^_`{|}~-";

    private EmailAddress(string shown)
    {
        Shown = shown;
        Folded = shown.ToLowerInvariant();
    }

    public string Shown { get; }

    /// <summary>Lower case: what an address is compared by.</summary>
    public string Folded { get; }

    public static Result<EmailAddress> Parse(string? raw, string field)
    {
        if (string.IsNullOrWhiteSpace(raw))
        {
            return Problem.Invalid(
                field,
                "The e-mail address is missing; give one like ana@example.org."
            );
        }

        var text = raw.Trim();
        if (text.Length > MaxLength)
        {
            return Problem.Invalid(
                field,
                $"The e-mail address is {text.Length} characters long; at most {MaxLength} are allowed."
            );
        }

        var at = text.IndexOf('@', StringComparison.Ordinal);
        return at > 0 && IsLocal(text.AsSpan(0, at)) && IsDomain(text[(at + 1)..])
            ? new EmailAddress(text)
            : Problem.Invalid(
                field,
                $"This is no e-mail address; give one like ana@example.org, with at most {MaxLocalLength} characters before its one @."
            );
    }

    public override string ToString() => Shown;

    /// <summary>Some servers have let addresses begin with a dot, or have two together; the client that sends mails does not.</summary>
    private static bool IsLocal(ReadOnlySpan<char> local)
    {
        if (local[0] == '.' || local.Contains("..", StringComparison.Ordinal))
        {
            return false;
        }

        foreach (var unit in local)
        {
            if (!char.IsLetterOrDigit(unit) && !LocalPunctuation.Contains(unit))
            {
                return false;
            }
        }

        return local.Length <= MaxLocalLength;
    }

    private static bool IsDomain(string domain)
    {
        var labels = domain.Split('.');
        return labels.All(IsLabel)
            && (
                labels.Length > 1 || domain.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            );
    }

    private static bool IsLabel(string label) =>
        label.Length > 0
        && label[0] != '-'
        && label[^1] != '-'
        && label.All(unit => char.IsLetterOrDigit(unit) || unit == '-');
}
