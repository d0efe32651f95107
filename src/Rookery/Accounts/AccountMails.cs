using System.Buffers.Text;
using System.Collections.ObjectModel;
using System.Security.Cryptography;
using Rookery.Mail;

namespace Rookery.Accounts;

/// <summary>The mails that accounts get about themselves. Their kinds stand on the disk.</summary>
internal static class AccountMails
{
    public const string Confirm = "account.confirm";
    public const string NewPassword = "account.new-password";
    public const string OfPassword = "account.password-changed";
    public const string OfRequest = "account.email-asked";
    public const string OfEmail = "account.email-changed";
    public const string OfLogIn = "account.log-in";

    /// <summary>A program that logs in again and again tells its owner no more often than that.</summary>
    public const int MostLogInsPerHour = 10;

    public const string Asked = "asked";
    public const string Language = "language";
    public const string Device = "device";
    public const string To = "to";
    public const string New = "new";

    /// <summary>How long a link works that confirms an address, and how long it is worth sending.</summary>
    public static readonly TimeSpan ConfirmLasts = TimeSpan.FromDays(3);

    public static readonly TimeSpan NewPasswordLasts = TimeSpan.FromHours(1);

    private static readonly TimeSpan NoticeLasts = TimeSpan.FromDays(3);

    public static Problem IsConfirmed { get; } =
        Problem.Forbidden(
            "The e-mail address of this account is confirmed. To change it, give the password too, in the settings."
        );

    public static Problem LinkEnded { get; } =
        Problem.Invalid(
            "token",
            "This link was used before, is too old, or is not all of it; ask for a new one, and open it as it stands in the mail."
        );

    public static MailOrder Confirmation(AccountId account) =>
        new(Drawn(Confirm), Confirm, account, Nothing, ConfirmLasts);

    /// <summary>Whose it is is found out when it is written: it is the same work for a name that nobody has.</summary>
    /// <param name="asked">A folded address, or a folded username.</param>
    public static MailOrder PasswordAskedFor(string asked, string language) =>
        new(
            Drawn(NewPassword),
            NewPassword,
            default,
            new Dictionary<string, string> { [Asked] = asked, [Language] = language },
            NewPasswordLasts
        );

    public static MailOrder PasswordChanged(AccountId account) =>
        new(Drawn(OfPassword), OfPassword, account, Nothing, NoticeLasts);

    /// <param name="email">The one that it has so far, where the mail goes.</param>
    public static MailOrder ChangeAsked(AccountId account, string email, EmailAddress wanted) =>
        OfAddress(OfRequest, account, email, wanted.Shown);

    public static MailOrder Changed(AccountId account, string before, string now) =>
        OfAddress(OfEmail, account, before, now);

    public static MailOrder LogIn(AccountId account, TokenHash session, string device) =>
        new(
            $"{OfLogIn}:{session}",
            OfLogIn,
            account,
            new Dictionary<string, string> { [Device] = device },
            NoticeLasts
        );

    /// <summary>As much of an address as who knows it recognises: the mail may be read by somebody else.</summary>
    public static string Masked(string email)
    {
        var at = email.IndexOf('@', StringComparison.Ordinal);
        return at > 0 ? $"{email[0]}…{email[at..]}" : email;
    }

    private static ReadOnlyDictionary<string, string> Nothing =>
        ReadOnlyDictionary<string, string>.Empty;

    private static MailOrder OfAddress(string kind, AccountId account, string to, string other) =>
        new(
            Drawn(kind),
            kind,
            account,
            new Dictionary<string, string> { [To] = to, [New] = Masked(other) },
            NoticeLasts
        );

    /// <summary>Of what happens more than once.</summary>
    private static string Drawn(string kind) =>
        $"{kind}:{Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16))}";
}
