using System.ComponentModel.DataAnnotations;

namespace Rookery.Adapters.Logs;

/// <summary>Where log lines go beside the console.</summary>
public sealed class LogsOptions : IValidatableObject
{
    public const string Section = "Logs";

    private const string Tls = "tls";

    /// <summary>A log server that takes RFC 5424 over TCP with octet counting, as rsyslog and syslog-ng do: <c>tcp://host:port</c>, or <c>tls://host:port</c> (RFC 5425). Empty: none.</summary>
    public string Syslog { get; set; } = "";

    /// <summary>A PEM file with the authorities that may have signed the certificate of a <c>tls://</c> server. Empty: those that the system trusts. It must carry the host's name.</summary>
    public string SyslogTlsAuthorities { get; set; } = "";

    /// <summary>A collector that takes OTLP over HTTP: <c>http://host:4318</c>, or <c>https://</c>; lines go to <c>/v1/logs</c> below it. Empty: none.</summary>
    public string Otlp { get; set; } = "";

    /// <summary>What this process is called in its lines: letters, digits and <c>. _ : @ -</c>. Empty: the host's name and the process's id.</summary>
    [RegularExpression("[A-Za-z0-9._:@-]{1,64}")]
    public string Instance { get; set; } = "";

    /// <summary>Lines that wait for a log server that is away or slow, for each of them. What comes when so many wait is dropped and counted. One takes twice <c>Logs:LineBytes</c> of memory at most.</summary>
    [Range(100, 1_000_000)]
    public int QueueLength { get; set; } = 5_000;

    /// <summary>Bytes of a line; a longer one is cut. rsyslog cuts at 8096 unless told otherwise.</summary>
    [Range(2_048, 65_536)]
    public int LineBytes { get; set; } = 8_000;

    /// <summary>The facility of RFC 5424 in syslog lines: 3 is that of daemons, 16 to 23 are local0 to local7.</summary>
    [Range(0, 23)]
    public int Facility { get; set; } = 3;

    internal bool HasTls => Syslog.StartsWith($"{Tls}:", StringComparison.OrdinalIgnoreCase);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Syslog.Length > 0 && !IsSyslog(Syslog))
        {
            yield return new ValidationResult(
                $"{Section}:{nameof(Syslog)} must be like tcp://127.0.0.1:514, or tls://127.0.0.1:6514."
            );
        }
        else if (SyslogTlsAuthorities.Length > 0 && !HasTls)
        {
            yield return new ValidationResult(
                $"{Section}:{nameof(SyslogTlsAuthorities)} is for tls://, and {Section}:{nameof(Syslog)} is none."
            );
        }

        if (TrustedAuthorities.WrongIn(SyslogTlsAuthorities) is { } wrong)
        {
            yield return new ValidationResult(
                $"{Section}:{nameof(SyslogTlsAuthorities)}: {wrong}."
            );
        }

        if (Otlp.Length > 0 && !IsOtlp(Otlp))
        {
            yield return new ValidationResult(
                $"{Section}:{nameof(Otlp)} must be like http://127.0.0.1:4318, or https://…, without a query or a password."
            );
        }
    }

    private static bool IsSyslog(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri)
        && (uri.Scheme is "tcp" or Tls)
        && uri.Host.Length > 0
        && uri.Port > 0
        && uri.PathAndQuery is "" or "/"
        && uri.UserInfo.Length == 0
        && uri.Fragment.Length == 0;

    private static bool IsOtlp(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri)
        && uri.Scheme is "http" or "https"
        && uri.Host.Length > 0
        && uri.Query.Length == 0
        && uri.UserInfo.Length == 0
        && uri.Fragment.Length == 0;
}
