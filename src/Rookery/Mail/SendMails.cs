using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Rookery.Mail;

/// <summary>
/// Sends what is due, some at a time. While no mail can be sent one is tried now and then, so that a server that comes back is not met by all at once. Several
/// processes may do this: each mail is claimed by one.
/// </summary>
internal sealed partial class SendMails(
    IMailStore store,
    SendMail send,
    IOptions<MailOptions> options,
    TimeProvider time,
    ILogger<SendMails> logger
) : BackgroundService
{
    private const int PruneChunk = 1_000;

    /// <summary>Looking costs one small read.</summary>
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan BetweenPrunes = TimeSpan.FromHours(1);

    /// <summary>Longer than an event can be told again: it stands in the outbox for a day.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromDays(3);

    private static readonly TimeSpan GivenUpKept = TimeSpan.FromDays(30);

    private DateTimeOffset _nextPrune;
    private int _pauses;

    /// <summary>A claim outlives what the sending of a mail may take, and its settling.</summary>
    private TimeSpan Lease => TimeSpan.FromSeconds(options.Value.TimeoutSeconds + 10);

    /// <summary>Sends what is due and answers how many that were; false, where no mail can be sent now.</summary>
    public async Task<(int Tried, bool CanSend)> HandleAsync(CancellationToken token)
    {
        if (!await store.AreDueAsync(time.GetUtcNow(), token))
        {
            return (0, true);
        }

        var most = _pauses > 0 ? 1 : options.Value.AtOnce;
        var due = await store.ClaimAsync(most, Lease, token);
        var can = await Task.WhenAll(due.Select(mail => TryAsync(mail, token)));
        return (due.Count, Array.TrueForAll(can, one => one));
    }

    /// <summary>Removes what has been over for long.</summary>
    public async Task PruneAsync(CancellationToken token)
    {
        var now = time.GetUtcNow();
        while (await store.PruneAsync(now - Kept, now - GivenUpKept, PruneChunk, token) > 0) { }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var wait = await NextAsync(stoppingToken);
                await Task.Delay(wait, time, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (StoreUnavailableException)
            {
                // What is wrong with it, the store itself says; what was not sent is due again.
                await Task.Delay(BetweenLooks, time, stoppingToken)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
#pragma warning disable CA1031 // A loop's edge: what was not sent is due again.
            catch (Exception fault)
#pragma warning restore CA1031
            {
                Failed(logger, fault);
                await Task.Delay(LongestPause, time, stoppingToken)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>Answers how long there is nothing to do.</summary>
    private async Task<TimeSpan> NextAsync(CancellationToken token)
    {
        if (time.GetUtcNow() is var now && now >= _nextPrune)
        {
            _nextPrune = now + BetweenPrunes;
            await PruneAsync(token);
        }

        var (tried, canSend) = await HandleAsync(token);
        if (canSend)
        {
            // That nothing was due says nothing about the server.
            _pauses = tried > 0 ? 0 : _pauses;
            return tried > 0 ? TimeSpan.Zero : BetweenLooks;
        }

        var pause = BetweenLooks * Math.Pow(2, Math.Min(_pauses++, 10));
        return pause < LongestPause ? pause : LongestPause;
    }

    /// <summary>What one mail meets is no other's.</summary>
    private async Task<bool> TryAsync(DueMail mail, CancellationToken token)
    {
        try
        {
            return await send.HandleAsync(mail, token);
        }
        catch (OperationCanceledException) when (token.IsCancellationRequested)
        {
            throw;
        }
        catch (StoreUnavailableException)
        {
            throw;
        }
#pragma warning disable CA1031 // The claim lapses, and it is tried again until its time is over.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            OneFailed(logger, fault, mail.Kind, mail.Account);
            return true;
        }
    }

    [LoggerMessage(1, LogLevel.Error, "Mails cannot be sent; trying again in half a minute")]
    private static partial void Failed(ILogger logger, Exception fault);

    [LoggerMessage(
        2,
        LogLevel.Error,
        "Mail {Kind} of account {Account} could not be written; it is tried again"
    )]
    private static partial void OneFailed(
        ILogger logger,
        Exception fault,
        string kind,
        AccountId account
    );
}
