using Microsoft.Extensions.Options;

namespace Rookery.Notifications;

/// <summary>What an account was told. Whether it may still see whom and what that is about is asked by who shows it.</summary>
internal sealed class ListNotifications(
    INotificationStore store,
    IOptions<NotificationsOptions> options
)
{
    public ValueTask<IReadOnlyList<Notification>> HandleAsync(
        AccountId recipient,
        NotificationFilter filter,
        Page page,
        CancellationToken token
    ) => store.ListAsync(recipient, filter, page, token);

    /// <summary>All that are kept: so many that they are read in one go.</summary>
    public ValueTask<IReadOnlyList<Notification>> AllAsync(
        AccountId recipient,
        NotificationFilter filter,
        CancellationToken token
    )
    {
        var most = options.Value.MostKept;
        return store.ListAsync(recipient, filter, new Page(2 * most), token);
    }

    public async ValueTask<Result<Notification>> FindAsync(
        AccountId recipient,
        NotificationId id,
        CancellationToken token
    ) => await store.FindAsync(recipient, id, token) is { } found ? found : NotFound(id);

    public static Problem NotFound(NotificationId id) =>
        Problem.NotFound($"There is no notification {id}.", "id");
}
