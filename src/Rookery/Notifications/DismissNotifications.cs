namespace Rookery.Notifications;

/// <summary>Takes notifications off the recipient's list, for good. Once more is fine.</summary>
internal sealed class DismissNotifications(INotificationStore store)
{
    /// <summary>False where there is none of them, and there never was.</summary>
    public async Task<bool> HandleAsync(
        AccountId recipient,
        IReadOnlyList<NotificationId> ids,
        CancellationToken token
    ) => ids.Count > 0 && await store.DismissAsync(recipient, ids, token) > 0;

    public Task ClearAsync(AccountId recipient, CancellationToken token) =>
        store.ClearAsync(recipient, token);
}
