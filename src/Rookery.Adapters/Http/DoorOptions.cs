using System.ComponentModel.DataAnnotations;

namespace Rookery.Adapters.Http;

/// <summary>How long a process waits for a door that another process serves.</summary>
public sealed class DoorOptions
{
    public const string Section = "Doors";

    /// <summary>Milliseconds that one question may take; then it is asked once more where that can do no harm, or answered 503.</summary>
    [Range(50, 60_000)]
    public int TimeoutMilliseconds { get; set; } = 2_000;

    /// <summary>Of so many questions one may be asked twice: a process that is overloaded must not get twice the load for it.</summary>
    [Range(1, 1_000_000)]
    public int QuestionsPerRetry { get; set; } = 10;

    /// <summary>Milliseconds for which nothing is asked when half of the questions of the last ten seconds went unanswered.</summary>
    [Range(500, 60_000)]
    public int BreakMilliseconds { get; set; } = 1_000;
}

/// <summary>Where role accounts runs, for a process that asks its door and neither runs it nor shares its database.</summary>
public sealed class AccountsDoorOptions : IValidatableObject
{
    public const string Section = "Roles:Accounts";

    /// <summary>Such as <c>http://127.0.0.1:5001</c>. Both processes need the same <c>Service:Key</c>.</summary>
    public string Url { get; set; } = "";

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        DoorUrl.Check($"{Section}:{nameof(Url)}", Url);
}

/// <summary>Where role posts runs, for a process of role accounts that neither runs it nor shares its database.</summary>
public sealed class PostsDoorOptions : IValidatableObject
{
    public const string Section = "Roles:Posts";

    /// <summary>
    /// Such as <c>http://127.0.0.1:5002</c>. Who deletes an account has its posts hidden there before the deletion is answered. Empty: nobody is told,
    /// posts hides what accounts no longer knows, and takes and shows nothing while it cannot ask.
    /// </summary>
    public string Url { get; set; } = "";

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        DoorUrl.Check($"{Section}:{nameof(Url)}", Url);
}

internal static class DoorUrl
{
    public static IEnumerable<ValidationResult> Check(string setting, string url)
    {
        if (
            url.Length > 0
            && !(
                Uri.TryCreate(url, UriKind.Absolute, out var address)
                && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps)
            )
        )
        {
            yield return new ValidationResult(
                $"{setting} must be an address like http://127.0.0.1:5001; {url} is none."
            );
        }
    }
}
