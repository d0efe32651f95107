namespace Rookery.Notifications;

/// <summary>The door of notifications.</summary>
public interface INotifications
{
    /// <summary>The newest of all, whosever it is; 1, which is before all, where there is none. What is raised from now on has a larger id.</summary>
    /// <exception cref="StoreUnavailableException">It cannot be read.</exception>
    ValueTask<NotificationId> NewestAsync(CancellationToken token);
}
