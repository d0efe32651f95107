using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Rookery.Accounts;
using Rookery.Mail;

namespace Rookery.Notifications;

/// <summary>
/// Says when a mail of notifications is due, and orders it then. Each step is a commit of its own, and once more changes nothing: several processes may do this, and each may be killed anywhere.
/// </summary>
internal sealed partial class PlanNotificationMails(
    INotificationMailStore store,
    KeepHours hours,
    IMailboxes mailboxes,
    IMails mails,
    IOptions<NotificationsOptions> options,
    TimeProvider time,
    ILogger<PlanNotificationMails> logger
) : BackgroundService
{
    /// <summary>Of which the steps are in the same groups of commits.</summary>
    private const int AtOnce = 64;

    /// <summary>Looking costs one small read.</summary>
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan AfterFault = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan AfterOne = TimeSpan.FromHours(1);

    /// <summary>Until it is seen whether a mail that counts as ordered was: whoever said so may have been killed before it was.</summary>
    private static readonly TimeSpan ToOrder = TimeSpan.FromSeconds(30);

    /// <summary>Between two looks whether it is over.</summary>
    private static readonly TimeSpan ToSend = TimeSpan.FromMinutes(5);

    /// <summary>Between two looks whether somebody can be reached.</summary>
    private static readonly TimeSpan ToConfirm = TimeSpan.FromHours(6);

    /// <summary>What nobody could be told for so long is told no more.</summary>
    private static readonly TimeSpan Stale = TimeSpan.FromDays(7);

    /// <summary>Does what is due and answers about how many mails that was.</summary>
    public async Task<int> HandleAsync(CancellationToken token)
    {
        var due = await store.DueAsync(time.GetUtcNow(), AtOnce, token);
        await Task.WhenAll(due.Select(mail => TryAsync(mail, token)));
        return due.Count;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var wait = BetweenLooks;
            try
            {
                // What was planned may be due already.
                wait = await HandleAsync(stoppingToken) > 0 ? TimeSpan.Zero : BetweenLooks;
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (StoreUnavailableException)
            {
                // What is wrong with it, the store itself says; all that was due still is.
            }
#pragma warning disable CA1031 // A loop's edge: all that was due still is.
            catch (Exception fault)
#pragma warning restore CA1031
            {
                Failed(logger, fault);
                wait = AfterFault;
            }

            await Task.Delay(wait, time, stoppingToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>What one meets is no other's.</summary>
    private async Task TryAsync(NotificationMail mail, CancellationToken token)
    {
        try
        {
            await StepAsync(mail, token);
        }
        catch (OperationCanceledException) when (token.IsCancellationRequested)
        {
            throw;
        }
        catch (StoreUnavailableException)
        {
            throw;
        }
#pragma warning disable CA1031 // It is tried again later, and the others go on.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            OneFailed(logger, fault, mail.Form, mail.Account);
            await store.PutOffAsync(mail, time.GetUtcNow() + AfterOne, token);
        }
    }

    private Task StepAsync(NotificationMail mail, CancellationToken token) =>
        mail.Stage switch
        {
            NotificationMailStage.Raised => PlanAsync(mail, token),
            NotificationMailStage.Planned => OpenAsync(mail, token),
            _ => LookAfterAsync(mail, token),
        };

    private async Task PlanAsync(NotificationMail mail, CancellationToken token)
    {
        var now = time.GetUtcNow();
        if (!await IsReachedAsync(mail, token))
        {
            await (
                now - mail.First.CreatedAt > Stale
                    ? store.DropAsync(mail, token)
                    : store.PutOffAsync(mail, now + ToConfirm, token)
            );
            return;
        }

        var kept = await hours.ReadAsync(mail.Account, token);
        if (mail.Form == NotificationMailForm.Digest)
        {
            var (digest, period) = kept.NextDigest(
                now,
                await store.PeriodsAsync(mail.Account, token)
            );
            await store.PlanAsync(mail, digest, period, token);
            return;
        }

        // Whoever is about to see it on the site needs no mail.
        var asked = mail.First.CreatedAt + TimeSpan.FromMinutes(options.Value.MailAfterMinutes);
        var at = asked > now ? asked : now;
        await store.PlanAsync(mail, kept.Quiet.EndsAfter(at) ?? at, "", token);
    }

    /// <summary>To who has an address that is confirmed, and has not said that such mails shall end.</summary>
    private async ValueTask<bool> IsReachedAsync(NotificationMail mail, CancellationToken token) =>
        await mailboxes.FindAsync(mail.Account, token) is not null
        && !(await mails.UnwantedAsync(mail.Account, token)).Contains(
            NotificationMails.KindOf(mail.Form)
        );

    private async Task OpenAsync(NotificationMail mail, CancellationToken token)
    {
        if (await store.OpenAsync(mail, time.GetUtcNow() + ToOrder, token))
        {
            await mails.OrderAsync(NotificationMails.OrderOf(mail), token);
        }
    }

    /// <summary>Whoever ordered it may have been killed before that, and whoever sent it before saying so.</summary>
    private async Task LookAfterAsync(NotificationMail mail, CancellationToken token)
    {
        switch (await mails.StateAsync(NotificationMails.KeyOf(mail), token))
        {
            case null:
                await mails.OrderAsync(NotificationMails.OrderOf(mail), token);
                break;
            case MailState.Waiting:
                break;
            default:
                await store.EndAsync(mail.Account, mail.Form, mail.First, token);
                return;
        }

        await store.PutOffAsync(mail, time.GetUtcNow() + ToSend, token);
    }

    [LoggerMessage(
        1,
        LogLevel.Error,
        "Mails of notifications cannot be ordered; trying again in half a minute"
    )]
    private static partial void Failed(ILogger logger, Exception fault);

    [LoggerMessage(
        2,
        LogLevel.Error,
        "Mail {Form} of notifications of account {Account} could not be planned; trying again in an hour"
    )]
    private static partial void OneFailed(
        ILogger logger,
        Exception fault,
        NotificationMailForm form,
        AccountId account
    );
}
