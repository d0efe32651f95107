using Rookery.Accounts;

namespace Rookery.Notifications.Push;

/// <summary>A subscription that somebody has claimed to send to it.</summary>
/// <param name="Claim">Which of all claims of the subscription.</param>
public sealed record PushLane(PushSubscription Subscription, long Claim);

/// <summary>A push that is not sent yet.</summary>
/// <param name="Notification">What it tells of; 0: it is a test.</param>
public readonly record struct WaitingPush(NotificationId Notification, DateTimeOffset QueuedAt)
{
    public bool IsTest => Notification.Value == 0;
}

/// <summary>What came of an attempt to send.</summary>
/// <param name="Over">Pushes that wait no longer: they were sent, or nobody wants them any more.</param>
/// <param name="IsSent">One arrived.</param>
/// <param name="Failure">Why none did; empty where there was none to send.</param>
/// <param name="Wait">Until the next attempt, if something waits.</param>
public sealed record PushSettlement(
    IReadOnlyList<NotificationId> Over,
    bool IsSent = false,
    string Failure = "",
    TimeSpan Wait = default
);

/// <summary>How the pushes of all are.</summary>
/// <param name="OldestFrom">When the oldest that waits was queued; null where none does.</param>
/// <param name="Failing">Subscriptions whose last push did not arrive.</param>
/// <param name="LastFailure">Why the last one that failed did.</param>
public sealed record PushBacklog(
    long Subscriptions,
    long Waiting,
    DateTimeOffset? OldestFrom,
    long Failing,
    string LastFailure
);

/// <summary>
/// Who wants pushes, and what waits to be sent to whom. What a notification is raised with is queued in the transaction that raises it: see <see cref="INotificationStore"/>.
/// <para>Durability: what a write answered is on the disk. A write that fails leaves nothing behind.</para>
/// <para>Uniqueness: one subscription for each session, and of one account one for each endpoint: the last. Of each subscription and notification one push.</para>
/// <para>Claims: of processes that claim at the same time each gets other subscriptions. A claim that nobody settles lapses.</para>
/// <para>Loss: <see cref="StoreUnavailableException"/> when the store cannot be written or read.</para>
/// </summary>
public interface IPushStore
{
    /// <summary>Makes it, in the place of the session's last one: what waits there waits here.</summary>
    Task<PushSubscription> SubscribeAsync(
        NewPushSubscription subscription,
        CancellationToken token
    );

    ValueTask<PushSubscription?> OfSessionAsync(TokenHash session, CancellationToken token);

    /// <summary>The account's, the newest first.</summary>
    ValueTask<IReadOnlyList<PushSubscription>> OfAsync(AccountId account, CancellationToken token);

    /// <summary>Null where the session has none.</summary>
    Task<PushSubscription?> WishAsync(
        TokenHash session,
        PushWishes wishes,
        CancellationToken token
    );

    /// <summary>Removes these of the account's, with what waits for them; answers how many they were.</summary>
    Task<int> RemoveAsync(
        AccountId account,
        IReadOnlyList<PushSubscriptionId> ids,
        CancellationToken token
    );

    /// <summary>Queues a test; false where the session has no subscription.</summary>
    Task<bool> TestAsync(TokenHash session, CancellationToken token);

    /// <summary>Whether a claim would get any; may be wrong for a moment.</summary>
    ValueTask<bool> AreDueAsync(DateTimeOffset now, CancellationToken token);

    /// <summary>Those that are due the longest, which nobody else gets within <paramref name="lease"/>.</summary>
    /// <param name="failingToo">Also those whose last push did not arrive.</param>
    Task<IReadOnlyList<PushLane>> ClaimAsync(
        int limit,
        TimeSpan lease,
        bool failingToo,
        CancellationToken token
    );

    /// <summary>Up to <paramref name="limit"/> of what waits, the newest, in the order in which it was queued.</summary>
    ValueTask<IReadOnlyList<WaitingPush>> WaitingAsync(
        PushSubscriptionId subscription,
        int limit,
        CancellationToken token
    );

    /// <summary>
    /// Removes what is over, and beyond the newest <paramref name="most"/> the oldest that wait. When the next is sent is changed where nobody else has claimed the subscription meanwhile.
    /// </summary>
    Task SettleAsync(PushLane lane, PushSettlement settlement, int most, CancellationToken token);

    ValueTask<PushBacklog> BacklogAsync(CancellationToken token);

    /// <summary>The server's pair of keys, as PKCS#8; null before there is one.</summary>
    ValueTask<byte[]?> KeysAsync(CancellationToken token);

    /// <summary>Keeps this pair where there is none; answers the one that is kept, for ever.</summary>
    Task<byte[]> KeepKeysAsync(byte[] drawn, CancellationToken token);
}
