namespace Rookery.Notifications;

/// <summary>
/// The door of when readers may be disturbed: whoever sends what comes at once asks before, and holds it until <see cref="QuietHours.EndsAfter"/>.
/// A fault of the store is a <see cref="StoreUnavailableException"/>.
/// </summary>
public interface IReaderHours
{
    /// <summary>Without readers who have none.</summary>
    ValueTask<IReadOnlyDictionary<AccountId, QuietHours>> QuietHoursAsync(
        ReadOnlyMemory<AccountId> readers,
        CancellationToken token
    );
}
