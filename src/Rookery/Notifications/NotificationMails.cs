using System.Globalization;
using Rookery.Mail;

namespace Rookery.Notifications;

/// <summary>The two mails that tell of notifications. Their kinds and keys stand on the disk.</summary>
internal static class NotificationMails
{
    public const string AtOnce = "notified.now";
    public const string Digest = "notified.digest";

    private const string First = "first";

    /// <summary>Longer than any mail server is away that somebody looks after.</summary>
    private static readonly TimeSpan Lasts = TimeSpan.FromDays(7);

    public static string KindOf(NotificationMailForm form) =>
        form == NotificationMailForm.AtOnce ? AtOnce : Digest;

    public static NotificationMailForm FormOf(string kind) =>
        kind == AtOnce ? NotificationMailForm.AtOnce : NotificationMailForm.Digest;

    public static NotificationChannel ChannelOf(NotificationMailForm form) =>
        form == NotificationMailForm.AtOnce ? NotificationChannel.Mail : NotificationChannel.Digest;

    /// <summary>Of a digest its period, so that no period has two; else the first that it tells of, which no other mail begins with.</summary>
    public static string KeyOf(NotificationMail mail) =>
        mail.Form == NotificationMailForm.Digest
            ? $"{Digest}:{mail.Account}:{mail.Period}"
            : $"{AtOnce}:{mail.Account}:{mail.First}";

    public static MailOrder OrderOf(NotificationMail mail) =>
        new(
            KeyOf(mail),
            KindOf(mail.Form),
            mail.Account,
            new Dictionary<string, string> { [First] = mail.First.ToString() },
            Lasts
        );

    public static NotificationId FirstOf(DueMail mail) =>
        new(long.Parse(mail[First], CultureInfo.InvariantCulture));
}
