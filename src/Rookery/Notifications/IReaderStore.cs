namespace Rookery.Notifications;

/// <summary>What is read in order, as clients name it. The numbers stand in the database: they only grow.</summary>
public enum MarkedTimeline
{
    Home = 0,
    Notifications = 1,
}

/// <summary>How far an account has read.</summary>
/// <param name="LastRead">An id of a post, or of a notification.</param>
/// <param name="Version">Grows by one with each change; 0: nothing was ever said.</param>
public sealed record Marker(
    MarkedTimeline Timeline,
    long LastRead,
    int Version,
    DateTimeOffset UpdatedAt
);

/// <summary>Where somebody is told of something. The numbers stand in the database: they only grow.</summary>
public enum NotificationChannel
{
    /// <summary>On the site and in apps.</summary>
    App = 0,

    /// <summary>By mail, at once.</summary>
    Mail = 2,

    /// <summary>By mail, with what else there is, at the reader's hour.</summary>
    Digest = 3,
}

/// <summary>What an account has chosen.</summary>
public readonly record struct NotificationChoice(
    NotificationKind Kind,
    NotificationChannel Channel,
    bool IsOn
);

/// <summary>
/// What readers say themselves: how far they have read, of what they want to be told, and when.
/// <para>Durability: what a write answered is on the disk.</para>
/// <para>Loss: <see cref="StoreUnavailableException"/> when the store cannot be written or read.</para>
/// </summary>
public interface IReaderStore
{
    /// <summary>Those that the account has set.</summary>
    ValueTask<IReadOnlyList<Marker>> MarkersAsync(AccountId account, CancellationToken token);

    /// <summary>
    /// Sets all of them or none, each one version on; null where one has another <see cref="Marker.Version"/> than is said here: somebody else has set it.
    /// </summary>
    Task<IReadOnlyList<Marker>?> MarkAsync(
        AccountId account,
        IReadOnlyList<Marker> known,
        CancellationToken token
    );

    /// <summary>What the account has chosen; where it has not, what holds for all does.</summary>
    ValueTask<IReadOnlyList<NotificationChoice>> ChoicesAsync(
        AccountId account,
        CancellationToken token
    );

    Task ChooseAsync(
        AccountId account,
        IReadOnlyList<NotificationChoice> choices,
        CancellationToken token
    );

    /// <summary>When these readers want to hear of something; without those who have not said it.</summary>
    ValueTask<IReadOnlyDictionary<AccountId, ReaderHours>> HoursAsync(
        ReadOnlyMemory<AccountId> readers,
        CancellationToken token
    );

    Task KeepHoursAsync(AccountId account, ReaderHours hours, CancellationToken token);

    /// <summary>Removes what the account said.</summary>
    Task RemoveAsync(AccountId account, CancellationToken token);
}
