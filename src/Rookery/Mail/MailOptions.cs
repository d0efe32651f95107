using System.ComponentModel.DataAnnotations;
using System.Net.Mail;

namespace Rookery.Mail;

/// <summary>The mails that accounts get, and the server that takes them.</summary>
public sealed class MailOptions : IValidatableObject
{
    public const string Section = "Mail";

    /// <summary>
    /// The server that takes mails, as <c>HOST</c> or <c>HOST:PORT</c>; the port is 587 where none is said. Empty: each mail is a file in the folder <c>mail</c> of the data folder, and nobody gets it.
    /// </summary>
    [RegularExpression(@"([A-Za-z0-9.-]+(:[0-9]{1,5})?)?")]
    public string Smtp { get; set; } = "";

    /// <summary>Whom this server says that it is to that one, which must then offer AUTH LOGIN. Empty: nothing is said.</summary>
    public string Username { get; set; } = "";

    /// <summary>What it proves that with.</summary>
    public string Password { get; set; } = "";

    /// <summary>
    /// Whether the way to it is encrypted with STARTTLS: <c>always</c>; <c>never</c>; <c>auto</c>, which is always but on this machine. Where it must be, a server that does not offer it gets no mail.
    /// </summary>
    [RegularExpression("auto|always|never")]
    public string Tls { get; set; } = "auto";

    /// <summary>Who mails are from, as <c>Rookery &lt;rookery@example.org&gt;</c> or the address alone. Needed where <c>Mail:Smtp</c> is set.</summary>
    public string From { get; set; } = "";

    /// <summary>
    /// How people reach the site, for the links in mails: <c>https://rookery.example</c>. Needed where <c>Mail:Smtp</c> is set. Empty: where this server listens. Never what a client calls it, who could say anything.
    /// </summary>
    public string Site { get; set; } = "";

    /// <summary>Seconds that the sending of one mail may take.</summary>
    [Range(1, 300)]
    public int TimeoutSeconds { get; set; } = 20;

    /// <summary>Mails that are sent at the same time.</summary>
    [Range(1, 100)]
    public int AtOnce { get; set; } = 4;

    /// <summary>Seconds until a mail that was not taken is sent again, about; twice as many each further time, up to a quarter of an hour.</summary>
    [Range(1, 900)]
    public int FirstRetrySeconds { get; set; } = 15;

    internal (string Host, int Port) Server =>
        Smtp.Split(':') is [var host, var port]
            ? (host, int.Parse(port, System.Globalization.CultureInfo.InvariantCulture))
            : (Smtp, 587);

    /// <summary>Mails that nobody gets are from nobody.</summary>
    internal MailAddress Sender =>
        From.Length > 0 ? new MailAddress(From) : new MailAddress("rookery@localhost", "Rookery");

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (From.Length > 0 ? !IsSender(From) : Smtp.Length > 0)
        {
            yield return new ValidationResult(
                $"{Section}:{nameof(From)} is \"{From}\"; where {Section}:{nameof(Smtp)} is set it must be who mails are from, like Rookery <rookery@example.org>."
            );
        }

        if (Site.Length > 0 ? !IsSite(Site) : Smtp.Length > 0)
        {
            yield return new ValidationResult(
                $"{Section}:{nameof(Site)} is \"{Site}\"; where {Section}:{nameof(Smtp)} is set it must be how people reach the site, like https://rookery.example."
            );
        }

        if (Smtp.Length > 0 && Server.Port is 0 or > 65_535)
        {
            yield return new ValidationResult(
                $"{Section}:{nameof(Smtp)} is \"{Smtp}\"; its port must be from 1 to 65535."
            );
        }
    }

    private static bool IsSender(string text) =>
        !text.Any(char.IsControl) && MailAddress.TryCreate(text, out _);

    private static bool IsSite(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var site)
        && site.Scheme is "https" or "http"
        && site.Query.Length + site.Fragment.Length + site.UserInfo.Length == 0;
}
