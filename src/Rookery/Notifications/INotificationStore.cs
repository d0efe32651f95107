namespace Rookery.Notifications;

/// <summary>
/// Whether what a notification tells of stands, as one event says. One that takes back what is told of a post need not name the recipient (0): it is whoever was
/// told of that by the actor.
/// </summary>
public readonly record struct NotificationChange(NotificationKey Key, bool Stands);

/// <summary>What one event changes.</summary>
/// <param name="Outbox">Whose sequence it is; null: the outbox beside the notifications.</param>
public sealed record NotifyingEvent(
    long Sequence,
    string? Outbox,
    IReadOnlyList<NotificationChange> Changes
);

/// <summary>
/// The notifications of all accounts.
/// <para>Idempotence: an event is applied once, however often it comes: its mark and its effect are one transaction. One thing is told once: what was taken back and comes again stands in its old place, and what was dismissed stays so.</para>
/// <para>Order: any; of what is told of one thing the event with the larger sequence counts.</para>
/// <para>The local no: nothing is raised for or of an account that was closed, nor of a post that was said to be gone in the last day.</para>
/// <para>Bound: of each recipient the newest stand, as many as <see cref="NotificationsOptions.MostKept"/> and an eighth more.</para>
/// <para>Loss: <see cref="StoreUnavailableException"/> when the store cannot be written or read. Derived, but for what was dismissed: what is lost is not raised again.</para>
/// What is raised is announced as <see cref="NotificationsRaised"/>, and queued for those subscriptions to pushes that want it, in the same transaction.
/// </summary>
public interface INotificationStore
{
    /// <summary>Those events that were not applied before.</summary>
    ValueTask<IReadOnlyList<Committed>> NewAmongAsync(
        string consumer,
        IReadOnlyList<Committed> events,
        CancellationToken token
    );

    /// <summary>Applies those of the events that were not applied before, but for kinds that a recipient has switched off; answers how many notifications were raised.</summary>
    Task<int> ApplyAsync(
        string consumer,
        IReadOnlyList<NotifyingEvent> events,
        CancellationToken token
    );

    /// <summary>As <see cref="ApplyAsync"/> for a part of an event, which is not marked as applied yet.</summary>
    Task<int> ApplyPartAsync(NotifyingEvent part, CancellationToken token);

    /// <summary>Up to <see cref="Page.Count"/> of the recipient's that stand, newest first, cut as <see cref="Page"/> says, its ids being notification ids.</summary>
    ValueTask<IReadOnlyList<Notification>> ListAsync(
        AccountId recipient,
        NotificationFilter filter,
        Page page,
        CancellationToken token
    );

    /// <summary>Null where there is none, or it is another's.</summary>
    ValueTask<Notification?> FindAsync(
        AccountId recipient,
        NotificationId id,
        CancellationToken token
    );

    /// <summary>The largest id that there is, whatever became of it; 0 where there is none. Ids grow with the commits.</summary>
    ValueTask<NotificationId> NewestIdAsync(CancellationToken token);

    /// <summary>Those of the recipient's that stand, in no particular order.</summary>
    ValueTask<IReadOnlyList<Notification>> FindManyAsync(
        AccountId recipient,
        IReadOnlyList<NotificationId> ids,
        CancellationToken token
    );

    /// <summary>They are never shown again; answers how many of them there are, dismissed before or not.</summary>
    Task<int> DismissAsync(
        AccountId recipient,
        IReadOnlyList<NotificationId> ids,
        CancellationToken token
    );

    /// <summary>Takes all that stand off the list.</summary>
    Task ClearAsync(AccountId recipient, CancellationToken token);

    /// <summary>Nothing is raised of these posts any more.</summary>
    Task CloseAsync(IReadOnlyList<PostId> posts, CancellationToken token);

    /// <summary>Nothing is raised for this account or of what it does any more, for ever.</summary>
    Task CloseAsync(AccountId account, CancellationToken token);

    /// <summary>Removes up to <paramref name="limit"/> of what tells of these posts; answers how many.</summary>
    Task<int> RemoveSomeOnAsync(IReadOnlyList<PostId> posts, int limit, CancellationToken token);

    /// <summary>Removes up to <paramref name="limit"/> of what the account was told and of what tells of it; answers how many.</summary>
    Task<int> RemoveSomeOfAsync(AccountId account, int limit, CancellationToken token);

    /// <summary>Removes what the recipient was told of the actor.</summary>
    Task RemoveBetweenAsync(AccountId recipient, AccountId actor, CancellationToken token);

    /// <summary>Of all that stand, whosever they are, up to <paramref name="limit"/> with the smallest ids above <paramref name="above"/>, in their order.</summary>
    ValueTask<IReadOnlyList<Notification>> AllAboveAsync(
        NotificationId above,
        int limit,
        CancellationToken token
    );

    /// <summary>Removes these rows, whatever is told of them.</summary>
    Task<int> RemoveAsync(IReadOnlyList<NotificationId> ids, CancellationToken token);
}
