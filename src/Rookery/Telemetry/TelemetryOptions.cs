using System.ComponentModel.DataAnnotations;

namespace Rookery.Telemetry;

/// <summary>Who may read what this server measures of itself, and who is sent it.</summary>
public sealed class TelemetryOptions : IValidatableObject
{
    public const string Section = "Metrics";

    /// <summary>As short as one that is guessed takes too long.</summary>
    private const int ShortestKey = 16;

    /// <summary>
    /// A key that opens <c>/metrics</c> and nothing else, for Prometheus: 16 to 256 letters, digits and signs of ASCII. Empty: only the service key opens it.
    /// </summary>
    [StringLength(256)]
    public string Key { get; set; } = "";

    /// <summary>
    /// A collector that takes OTLP over HTTP: <c>http://host:4318</c>, or <c>https://</c>; metrics go to <c>/v1/metrics</c> below it. Empty: none.
    /// </summary>
    public string Otlp { get; set; } = "";

    /// <summary>Seconds between two reports to that collector.</summary>
    [Range(1, 3_600)]
    public int OtlpSeconds { get; set; } = 60;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        // It is sent in a header, and never written into a message.
        if (
            Key.Length > 0
            && (Key.Length < ShortestKey || Key.Any(letter => letter is <= ' ' or > '~'))
        )
        {
            yield return new ValidationResult(
                $"{Section}:{nameof(Key)} must have {ShortestKey} or more letters, digits and signs of ASCII, without spaces."
            );
        }

        if (Otlp.Length > 0 && !IsOtlp(Otlp))
        {
            yield return new ValidationResult(
                $"{Section}:{nameof(Otlp)} must be like http://127.0.0.1:4318, or https://…, without a query or a password."
            );
        }
    }

    private static bool IsOtlp(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri)
        && uri.Scheme is "http" or "https"
        && uri.Host.Length > 0
        && uri.Query.Length == 0
        && uri.UserInfo.Length == 0
        && uri.Fragment.Length == 0;
}
