using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Rookery.Telemetry;

namespace Rookery.Mail;

/// <summary>Writes one mail that was claimed, sends it, and settles what became of it.</summary>
internal sealed partial class SendMail(
    IMailStore store,
    IMailSender sender,
    IEnumerable<IMailWriter> writers,
    Unsubscribe unsubscribe,
    MailSite site,
    IOptions<MailOptions> options,
    TimeProvider time,
    TelemetryEvents telemetry,
    ILogger<SendMail> logger
)
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(15);

    /// <summary>Longer texts of servers are cut: they are for one line of a page.</summary>
    private const int MaxReason = 300;

    private readonly Dictionary<string, IMailWriter> _writers = (
        from writer in writers
        from kind in writer.Kinds
        select KeyValuePair.Create(kind, writer)
    ).ToDictionary();

    /// <summary>
    /// False where no mail can be sent now. It is not broken off once it is being sent, so that it is noted when it was: it has its own time.
    /// </summary>
    public async Task<bool> HandleAsync(DueMail mail, CancellationToken token)
    {
        _writers.TryGetValue(mail.Kind, out var writer);
        if (time.GetUtcNow() >= mail.Until)
        {
            await GiveUpAsync(
                mail,
                writer,
                mail.LastError.Length > 0 ? mail.LastError : "Its time was over before it was sent."
            );
            return true;
        }

        if (writer is null)
        {
            // A later version's, which runs beside this one.
            await store.PutOffAsync(mail, WaitAfter(mail), $"No kind {mail.Kind} here.", token);
            return true;
        }

        if (await writer.HeldUntilAsync(mail, token) is { } until)
        {
            await store.PutOffAsync(mail, until - time.GetUtcNow(), "", token);
            return true;
        }

        if (await writer.WriteAsync(mail, token) is not { } written || await IsUnwantedAsync())
        {
            await writer.SettleAsync(mail, MailState.Dropped, token);
            await store.EndAsync(mail, MailState.Dropped, "", token);
            telemetry.MailEnded(mail.Kind, "dropped");
            return true;
        }

        var outcome = await sender.SendAsync(
            await OutgoingAsync(mail, written, token),
            CancellationToken.None
        );
        await SettleAsync(mail, writer, outcome);
        return outcome.Fate != MailFate.Unreachable;

        async ValueTask<bool> IsUnwantedAsync() =>
            written.MayBeUnwanted
            && (await store.ChoicesAsync(mail.Account, token))?.Unwanted.Contains(mail.Kind)
                == true;
    }

    /// <summary>Of what the mail is, and of nothing that changes: whoever sends it again sends the same one.</summary>
    internal static string MessageIdOf(DueMail mail, string domain)
    {
        var name = Encoding.UTF8.GetBytes($"{mail.QueuedAt.ToUnixTimeMilliseconds()} {mail.Key}");
        return $"{Convert.ToHexStringLower(SHA256.HashData(name).AsSpan(0, 16))}@{domain}";
    }

    private async Task<OutgoingMail> OutgoingAsync(
        DueMail mail,
        WrittenMail written,
        CancellationToken token
    )
    {
        var leave = written.MayBeUnwanted
            ? await unsubscribe.PathAsync(mail.Account, mail.Kind, token)
            : null;
        var layout = new MailLayout(written, site.Of) { Unsubscribe = leave };
        return new OutgoingMail(
            MessageIdOf(mail, options.Value.Sender.Host),
            written.Address,
            written.Name,
            written.Subject,
            layout.Text(),
            layout.Html(),
            written.Words.Code,
            mail.QueuedAt,
            leave is null ? null : site.Of(leave)
        );
    }

    private async Task SettleAsync(DueMail mail, IMailWriter writer, MailOutcome outcome)
    {
        switch (outcome.Fate)
        {
            case MailFate.Sent:
                await TellAsync(mail, writer, MailState.Sent);
                await store.EndAsync(mail, MailState.Sent, "", CancellationToken.None);
                telemetry.MailEnded(mail.Kind, "sent");
                Sent(logger, mail.Kind, mail.Account);
                break;
            case MailFate.Refused:
                await GiveUpAsync(mail, writer, outcome.Reason);
                break;
            default:
                if (!outcome.MayHaveArrived)
                {
                    await TellAsync(mail, writer, MailState.Waiting);
                }

                telemetry.MailEnded(mail.Kind, "put-off");
                await store.PutOffAsync(
                    mail,
                    WaitAfter(mail),
                    Cut(outcome.Reason),
                    CancellationToken.None
                );
                PutOff(logger, mail.Kind, mail.Account, mail.Attempt, outcome.Reason);
                break;
        }
    }

    /// <summary>Its writer's store may be away; that it was sent must be noted all the same.</summary>
    private async Task TellAsync(DueMail mail, IMailWriter writer, MailState state)
    {
        try
        {
            await writer.SettleAsync(mail, state, CancellationToken.None);
        }
        catch (StoreUnavailableException)
        {
            NotTold(logger, mail.Kind, mail.Account);
        }
    }

    private async Task GiveUpAsync(DueMail mail, IMailWriter? writer, string reason)
    {
        if (writer is not null)
        {
            await TellAsync(mail, writer, MailState.GivenUp);
        }

        telemetry.MailEnded(mail.Kind, "given-up");
        await store.EndAsync(mail, MailState.GivenUp, Cut(reason), CancellationToken.None);
        GaveUp(logger, mail.Kind, mail.Account, reason);
    }

    private static string Cut(string reason) =>
        reason.Length > MaxReason ? reason[..MaxReason] : reason;

    /// <summary>Within a fifth of it, so that what failed together is not tried together.</summary>
    private TimeSpan WaitAfter(DueMail mail)
    {
        var wait =
            TimeSpan.FromSeconds(options.Value.FirstRetrySeconds)
            * Math.Pow(2, Math.Min(mail.Attempt - 1, 16));
        return (wait < LongestWait ? wait : LongestWait)
            * (RandomNumberGenerator.GetInt32(80, 121) / 100.0);
    }

    [LoggerMessage(1, LogLevel.Debug, "Sent mail {Kind} of account {Account}")]
    private static partial void Sent(ILogger logger, string kind, AccountId account);

    [LoggerMessage(
        2,
        LogLevel.Warning,
        "Mail {Kind} of account {Account} was not taken, time {Attempt}; it is sent again later: {Reason}"
    )]
    private static partial void PutOff(
        ILogger logger,
        string kind,
        AccountId account,
        int attempt,
        string reason
    );

    [LoggerMessage(
        3,
        LogLevel.Error,
        "Mail {Kind} of account {Account} is given up; nobody gets it: {Reason}"
    )]
    private static partial void GaveUp(
        ILogger logger,
        string kind,
        AccountId account,
        string reason
    );

    [LoggerMessage(
        4,
        LogLevel.Warning,
        "What became of mail {Kind} of account {Account} could not be told to who ordered it, who finds out later"
    )]
    private static partial void NotTold(ILogger logger, string kind, AccountId account);
}
