namespace Rookery.Notifications;

internal sealed class NotificationsDoor(INotificationStore store) : INotifications
{
    private static readonly NotificationId BeforeAll = new(1);

    public async ValueTask<NotificationId> NewestAsync(CancellationToken token) =>
        await store.NewestIdAsync(token) is var newest && newest > BeforeAll ? newest : BeforeAll;
}
