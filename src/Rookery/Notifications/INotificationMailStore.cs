namespace Rookery.Notifications;

/// <summary>How a reader is told of notifications by mail. The numbers stand in the database: they only grow.</summary>
public enum NotificationMailForm
{
    /// <summary>Moments after something was raised.</summary>
    AtOnce = 0,

    /// <summary>At the reader's hour.</summary>
    Digest = 1,
}

/// <summary>How far a mail of notifications is. The numbers stand in the database: they only grow.</summary>
public enum NotificationMailStage
{
    /// <summary>There is something to tell, and nobody has said when.</summary>
    Raised = 0,

    /// <summary>It waits for its time.</summary>
    Planned = 1,

    /// <summary>It is among the mails that are sent.</summary>
    Ordered = 2,
}

/// <summary>A mail that a reader is to get, of which there is one of each form at a time: what is raised before it is sent is told in it.</summary>
/// <param name="First">The first notification that it tells of.</param>
/// <param name="Through">The last one, while it is being sent; 0: whatever there is.</param>
/// <param name="Period">Of a digest that is planned; else empty.</param>
public sealed record NotificationMail(
    AccountId Account,
    NotificationMailForm Form,
    NotificationId First,
    NotificationId Through,
    string Period,
    NotificationMailStage Stage
);

/// <summary>
/// Who is to be told of notifications by mail. The transaction that raises a notification adds its reader here, where that is wanted and no mail waits already; so what is raised once is told once,
/// however often its event comes.
/// <para>Durability: what a write answered is on the disk.</para>
/// <para>Concurrency: a write about a mail that is no longer as the caller knows it changes nothing.</para>
/// <para>Loss: <see cref="StoreUnavailableException"/> when the store cannot be written or read.</para>
/// </summary>
public interface INotificationMailStore
{
    /// <summary>Those about which something is to be done now, the longest due first.</summary>
    ValueTask<IReadOnlyList<NotificationMail>> DueAsync(
        DateTimeOffset now,
        int limit,
        CancellationToken token
    );

    /// <summary>Of the periods of the last weeks those in which the reader had a digest ordered.</summary>
    ValueTask<IReadOnlySet<string>> PeriodsAsync(AccountId reader, CancellationToken token);

    /// <summary>It waits until then.</summary>
    /// <param name="period">Of a digest; else empty.</param>
    Task PlanAsync(
        NotificationMail mail,
        DateTimeOffset at,
        string period,
        CancellationToken token
    );

    /// <summary>It is looked at again then; nothing else changes.</summary>
    Task PutOffAsync(NotificationMail mail, DateTimeOffset until, CancellationToken token);

    /// <summary>It counts as ordered from now on, and so does the period of a digest; it is looked at again then. False where the period had its digest: it is raised anew.</summary>
    Task<bool> OpenAsync(NotificationMail mail, DateTimeOffset until, CancellationToken token);

    /// <summary>Nothing is told of it.</summary>
    Task DropAsync(NotificationMail mail, CancellationToken token);

    /// <summary>
    /// Answers the last notification that this mail tells of: where it is not sealed, the newest that there is, and it is sealed with it. So a mail that is sent again because nobody knows whether it arrived is the
    /// same one. Null where there is no such mail.
    /// </summary>
    Task<NotificationId?> SealAsync(
        AccountId reader,
        NotificationMailForm form,
        NotificationId first,
        CancellationToken token
    );

    /// <summary>It did not arrive: when it is written again, it tells of what came meanwhile too.</summary>
    Task UnsealAsync(
        AccountId reader,
        NotificationMailForm form,
        NotificationId first,
        CancellationToken token
    );

    /// <summary>It is over. Where something was raised behind what it told of, the next one is raised with that.</summary>
    Task EndAsync(
        AccountId reader,
        NotificationMailForm form,
        NotificationId first,
        CancellationToken token
    );

    /// <summary>What is planned for the reader is planned anew.</summary>
    Task ReplanAsync(AccountId reader, CancellationToken token);

    /// <summary>Removes all of the reader's.</summary>
    Task RemoveAsync(AccountId reader, CancellationToken token);
}
