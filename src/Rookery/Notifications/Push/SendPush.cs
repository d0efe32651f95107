using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Rookery.Accounts;
using Rookery.Telemetry;

namespace Rookery.Notifications.Push;

/// <summary>Sends what waits for one subscription that was claimed: one push, and settles what became of it.</summary>
internal sealed partial class SendPush(
    IPushStore store,
    IPushSender sender,
    IAccounts accounts,
    ChoosePushes choose,
    WritePush write,
    MakePush make,
    IOptions<PushOptions> options,
    TelemetryEvents telemetry,
    ILogger<SendPush> logger
)
{
    /// <summary>As many as there are notifications, about: more waiting ones are told of by none of them.</summary>
    public const int MostWaiting = 1_000;

    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(30);

    /// <summary>A service that wants more is asked again all the same.</summary>
    private static readonly TimeSpan LongestAskedFor = TimeSpan.FromHours(6);

    /// <summary>It is not broken off once it is being sent, so that it is noted when it was: it has its own time.</summary>
    public async Task HandleAsync(PushLane lane, CancellationToken token)
    {
        var to = lane.Subscription;
        if (!await accounts.IsSessionOpenAsync(to.Session, token))
        {
            await RemoveAsync(to, "ended");
            return;
        }

        var waiting = await store.WaitingAsync(to.Id, MostWaiting, token);
        var told = await choose.HandleAsync(to, waiting, token);
        var unwanted = waiting
            .Select(one => one.Notification)
            .Except(told.Select(one => one.What.Id))
            .ToList();
        telemetry.PushesDropped(unwanted.Count(id => id.Value != 0));
        if (NextOf(to, waiting, told) is not { } next)
        {
            await SettleAsync(lane, new PushSettlement(unwanted));
            return;
        }

        var push = await make.HandleAsync(to, next.Name, next.Text, token);
        var outcome = await sender.SendAsync(push, CancellationToken.None);
        await SettleAsync(lane, outcome, unwanted, next.Tells);
    }

    /// <summary>What is sent now, and which notifications it tells of; null for nothing.</summary>
    private (string Name, byte[] Text, IReadOnlyList<NotificationId> Tells)? NextOf(
        PushSubscription to,
        IReadOnlyList<WaitingPush> waiting,
        IReadOnlyList<ToldPush> told
    )
    {
        // Whoever has pressed the button looks at the screen.
        if (waiting.Any(one => one.IsTest && choose.IsFresh(one)))
        {
            return (WritePush.Test, write.OfTest(to), [default]);
        }

        return told.Count == 0 ? null
            : told.Count > options.Value.DigestAbove
                ? ("digest", write.Digest(to, told), [.. told.Select(one => one.What.Id)])
            : ($"{told[0].What.Id}", write.One(to, told[0]), [told[0].What.Id]);
    }

    private async Task SettleAsync(
        PushLane lane,
        PushOutcome outcome,
        List<NotificationId> unwanted,
        IReadOnlyList<NotificationId> tells
    )
    {
        var to = lane.Subscription;
        switch (outcome.Fate)
        {
            case PushFate.Sent:
                telemetry.PushSent();
                Sent(logger, to.Id, to.Account, tells.Count);
                await SettleAsync(lane, new PushSettlement([.. unwanted, .. tells], IsSent: true));
                break;
            case PushFate.Gone:
                telemetry.PushRefused();
                await RemoveAsync(to, outcome.Reason);
                break;
            case PushFate.Refused:
                telemetry.PushRefused();
                Refused(logger, to.Id, to.Account, outcome.Reason);
                await SettleAsync(
                    lane,
                    new PushSettlement(
                        [.. unwanted, .. tells],
                        Failure: outcome.Reason,
                        Wait: WaitAfter(lane, null)
                    )
                );
                break;
            default:
                telemetry.PushPutOff();
                PutOff(logger, to.Id, to.Account, to.Delivery.Failures + 1, outcome.Reason);
                await SettleAsync(
                    lane,
                    new PushSettlement(
                        [.. unwanted.Except(tells)],
                        Failure: outcome.Reason,
                        Wait: WaitAfter(lane, outcome.RetryAfter)
                    )
                );
                break;
        }
    }

    private Task SettleAsync(PushLane lane, PushSettlement settlement) =>
        store.SettleAsync(lane, settlement, MostWaiting, CancellationToken.None);

    private async Task RemoveAsync(PushSubscription to, string why)
    {
        await store.RemoveAsync(to.Account, [to.Id], CancellationToken.None);
        Removed(logger, to.Id, to.Account, why);
    }

    /// <summary>Within a fifth of it, so that what failed together is not tried together.</summary>
    private TimeSpan WaitAfter(PushLane lane, TimeSpan? askedFor)
    {
        var wait =
            TimeSpan.FromSeconds(options.Value.FirstRetrySeconds)
            * Math.Pow(2, Math.Min(lane.Subscription.Delivery.Failures, 16));
        wait =
            (wait < LongestWait ? wait : LongestWait)
            * (RandomNumberGenerator.GetInt32(80, 121) / 100.0);
        return askedFor is not { } asked || asked < wait ? wait
            : asked < LongestAskedFor ? asked
            : LongestAskedFor;
    }

    [LoggerMessage(
        1,
        LogLevel.Debug,
        "Sent a push of {Count} notifications to subscription {Subscription} of account {Account}"
    )]
    private static partial void Sent(
        ILogger logger,
        PushSubscriptionId subscription,
        AccountId account,
        int count
    );

    [LoggerMessage(
        2,
        LogLevel.Information,
        "A push to subscription {Subscription} of account {Account} was not taken, time {Failures}; it is sent again later: {Reason}"
    )]
    private static partial void PutOff(
        ILogger logger,
        PushSubscriptionId subscription,
        AccountId account,
        int failures,
        string reason
    );

    [LoggerMessage(
        3,
        LogLevel.Warning,
        "A push to subscription {Subscription} of account {Account} was refused; nobody gets it: {Reason}"
    )]
    private static partial void Refused(
        ILogger logger,
        PushSubscriptionId subscription,
        AccountId account,
        string reason
    );

    [LoggerMessage(
        4,
        LogLevel.Information,
        "Subscription {Subscription} of account {Account} is removed: {Reason}"
    )]
    private static partial void Removed(
        ILogger logger,
        PushSubscriptionId subscription,
        AccountId account,
        string reason
    );
}
