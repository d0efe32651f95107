using System.ComponentModel.DataAnnotations;

namespace Rookery.Notifications.Push;

/// <summary>The pushes that browsers and apps get of notifications.</summary>
public sealed class PushOptions : IValidatableObject
{
    public const string Section = "Push";

    /// <summary>
    /// Whom push services write to about this server's pushes: <c>mailto:admin@example.org</c> or an https address. Empty: the address of <c>Mail:From</c>, else the site. Some services refuse pushes of nobody.
    /// </summary>
    [RegularExpression(@"((mailto:|https://)[!-~]+)?")]
    public string Contact { get; set; } = "";

    /// <summary>
    /// Push services in one's own network, with commas between them: <c>https://push.intern:8443,http://10.0.0.7</c>. Only they may be at an address that is not everybody's, at another port than 443, and without TLS.
    /// </summary>
    public string OwnServices { get; set; } = "";

    /// <summary>A folder where each push is a file, instead of being sent: for trying out. Empty: they are sent.</summary>
    public string Folder { get; set; } = "";

    /// <summary>Seconds that the sending of one push may take.</summary>
    [Range(1, 60)]
    public int TimeoutSeconds { get; set; } = 10;

    /// <summary>Pushes that are sent at the same time.</summary>
    [Range(1, 200)]
    public int AtOnce { get; set; } = 16;

    /// <summary>Seconds until a push that was not taken is sent again, about; twice as many each further time, up to half an hour, and as many as the service asks for.</summary>
    [Range(1, 1_800)]
    public int FirstRetrySeconds { get; set; } = 15;

    /// <summary>Hours after which a push is not worth sending any more, nor delivering.</summary>
    [Range(1, 672)]
    public int LastsHours { get; set; } = 48;

    /// <summary>Where more than so many wait for one subscription, because it could not be reached for a while, one push says how many.</summary>
    [Range(1, 1_000)]
    public int DigestAbove { get; set; } = 5;

    internal TimeSpan Lasts => TimeSpan.FromHours(LastsHours);

    private IEnumerable<string> Named =>
        OwnServices.Split(
            ',',
            StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries
        );

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        Named
            .Where(service => Origin(service) is null)
            .Select(service => new ValidationResult(
                $"{Section}:{nameof(OwnServices)} names \"{service}\"; each must be where a service is, like https://push.intern:8443."
            ));

    /// <summary>Whether the endpoint is at one of <see cref="OwnServices"/>.</summary>
    internal bool IsOwn(Uri endpoint) =>
        OwnServices.Length > 0
        && Named.Select(Origin).Contains(endpoint.GetLeftPart(UriPartial.Authority));

    private static string? Origin(string service) =>
        Uri.TryCreate(service, UriKind.Absolute, out var uri)
        && uri.Scheme is "https" or "http"
        && uri.PathAndQuery is "/"
            ? uri.GetLeftPart(UriPartial.Authority)
            : null;
}
