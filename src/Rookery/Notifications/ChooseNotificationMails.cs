using Rookery.Mail;

namespace Rookery.Notifications;

/// <summary>Whether a kind comes by mail.</summary>
internal enum MailedWhen
{
    Never,
    InDigest,
    AtOnce,
}

/// <summary>What comes by mail, as it is.</summary>
/// <param name="When">Of each kind.</param>
/// <param name="EndedByMail">Some do not come although they were chosen: a link in a mail ended them.</param>
internal sealed record MailedKinds(
    IReadOnlyDictionary<NotificationKind, MailedWhen> When,
    bool EndedByMail
);

/// <summary>Of what an account is told by mail, and whether at once. What ends in a mail program ends here too, and comes again when it is chosen anew.</summary>
internal sealed class ChooseNotificationMails(IReaderStore store, IMails mails)
{
    public async ValueTask<MailedKinds> ReadAsync(AccountId account, CancellationToken token)
    {
        var choices = await store.ChoicesAsync(account, token);
        var ended = await mails.UnwantedAsync(account, token);
        var now = ChooseNotifications.ToldOn(NotificationChannel.Mail, choices);
        var digest = ChooseNotifications.ToldOn(NotificationChannel.Digest, choices);
        var hasNow = !ended.Contains(NotificationMails.AtOnce);
        var hasDigest = !ended.Contains(NotificationMails.Digest);
        return new MailedKinds(
            Enum.GetValues<NotificationKind>()
                .ToDictionary(
                    kind => kind,
                    kind =>
                        hasNow && now.Contains(kind) ? MailedWhen.AtOnce
                        : hasDigest && digest.Contains(kind) ? MailedWhen.InDigest
                        : MailedWhen.Never
                ),
            (!hasNow && now.Count > 0) || (!hasDigest && digest.Count > 0)
        );
    }

    /// <summary>From now on. Kinds that are not named stay as they are.</summary>
    public async Task HandleAsync(
        AccountId account,
        IReadOnlyDictionary<NotificationKind, MailedWhen> wanted,
        CancellationToken token
    )
    {
        await store.ChooseAsync(
            account,
            [
                .. wanted.SelectMany(one =>
                    new[]
                    {
                        Of(one.Key, NotificationChannel.Mail, one.Value == MailedWhen.AtOnce),
                        Of(one.Key, NotificationChannel.Digest, one.Value == MailedWhen.InDigest),
                    }
                ),
            ],
            token
        );
        foreach (
            var (kind, when) in new[]
            {
                (NotificationMails.AtOnce, MailedWhen.AtOnce),
                (NotificationMails.Digest, MailedWhen.InDigest),
            }
        )
        {
            if (wanted.Values.Contains(when))
            {
                await mails.WantAsync(account, kind, isWanted: true, token);
            }
        }

        static NotificationChoice Of(
            NotificationKind kind,
            NotificationChannel channel,
            bool isOn
        ) => new(kind, channel, isOn);
    }
}
