using System.ComponentModel.DataAnnotations;

namespace Rookery.Accounts;

/// <summary>Signing up, logging in and passwords.</summary>
public sealed class AccountsOptions
{
    public const string Section = "Accounts";

    /// <summary>
    /// Rounds of PBKDF2-HMAC-SHA-512 for a password. The default is OWASP's figure for this function. Stored hashes keep the
    /// rounds they were made with and are renewed at the next log-in.
    /// </summary>
    [Range(1_000, 10_000_000)]
    public int PasswordRounds { get; set; } = 210_000;

    /// <summary>Sign-ups per hour from one address (IPv6: one /64). 0 is no limit.</summary>
    [Range(0, 1_000_000)]
    public int SignUpsPerHourAndAddress { get; set; } = 60;

    /// <summary>Log-ins tried per minute from one address (IPv6: one /64). 0 is no limit.</summary>
    [Range(0, 1_000_000)]
    public int LogInsPerMinuteAndAddress { get; set; } = 60;

    /// <summary>Log-ins tried per minute for one name, known or not. 0 is no limit.</summary>
    [Range(0, 1_000_000)]
    public int LogInsPerMinuteAndName { get; set; } = 10;

    /// <summary>Mails per hour that somebody at one address (IPv6: one /64), or with one account, has sent by asking for them: for a new password, a confirmation, or another address. 0 is no limit.</summary>
    [Range(0, 1_000_000)]
    public int MailsPerHourAndAddress { get; set; } = 30;

    /// <summary>The same to one e-mail address, or to who has one username, whoever asks. 0 is no limit.</summary>
    [Range(0, 1_000_000)]
    public int MailsPerHourAndMailbox { get; set; } = 5;

    /// <summary>Days after which a token that was not used ends.</summary>
    [Range(1, 3_650)]
    public int SessionIdleDays { get; set; } = 30;

    /// <summary>Days after which a token ends, however much it is used.</summary>
    [Range(1, 36_500)]
    public int SessionDays { get; set; } = 365;

    /// <summary>When the session ends by itself, if it is not used again.</summary>
    internal DateTimeOffset EndOf(StoredSession session)
    {
        var byAge = session.OpenedAt.AddDays(SessionDays);
        return session.UsedAt?.AddDays(SessionIdleDays) is { } idle && idle < byAge ? idle : byAge;
    }

    /// <summary>Accounts whose cards are kept in memory; about 300 bytes each. More are read from the database each time.</summary>
    [Range(8, 100_000_000)]
    public int CachedCards { get; set; } = 1 << 16;

    /// <summary>Sessions kept in memory; about 150 bytes each. A request of another one costs a database read.</summary>
    [Range(8, 100_000_000)]
    public int CachedSessions { get; set; } = 1 << 17;
}
