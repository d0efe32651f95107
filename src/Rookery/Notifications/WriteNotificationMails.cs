using Rookery.Accounts;
using Rookery.Mail;

namespace Rookery.Notifications;

/// <summary>Writes the mails that tell of notifications: what stands and was not read when each is sent, and nothing where that is nothing.</summary>
internal sealed class WriteNotificationMails(
    INotificationMailStore store,
    FindTold find,
    KeepHours hours,
    IMailboxes mailboxes,
    TimeProvider time
) : IMailWriter
{
    public IReadOnlyList<string> Kinds { get; } =
    [NotificationMails.AtOnce, NotificationMails.Digest];

    /// <summary>What was to come at once may have waited for the server into the night; a digest comes at an hour that its reader chose.</summary>
    public async ValueTask<DateTimeOffset?> HeldUntilAsync(DueMail mail, CancellationToken token) =>
        NotificationMails.FormOf(mail.Kind) == NotificationMailForm.AtOnce
            ? (await hours.ReadAsync(mail.Account, token)).Quiet.EndsAfter(time.GetUtcNow())
            : null;

    public async ValueTask<WrittenMail?> WriteAsync(DueMail mail, CancellationToken token)
    {
        var form = NotificationMails.FormOf(mail.Kind);
        var first = NotificationMails.FirstOf(mail);
        if (
            await mailboxes.FindAsync(mail.Account, token) is not { } mailbox
            || await store.SealAsync(mail.Account, form, first, token) is not { } through
        )
        {
            return null;
        }

        var channel = NotificationMails.ChannelOf(form);
        var told = await find.HandleAsync(mail.Account, channel, first, through, token);
        return told.Count == 0
            ? null
            : new NotificationMailText(MailWords.Of(mailbox.Language)).Write(mailbox, form, told);
    }

    public async ValueTask SettleAsync(DueMail mail, MailState state, CancellationToken token)
    {
        var form = NotificationMails.FormOf(mail.Kind);
        var first = NotificationMails.FirstOf(mail);
        await (
            state == MailState.Waiting
                ? store.UnsealAsync(mail.Account, form, first, token)
                : store.EndAsync(mail.Account, form, first, token)
        );
    }
}
