namespace Rookery.Notifications;

/// <summary>Of what an account wants to be told, and where. What it has not chosen it is told.</summary>
internal sealed class ChooseNotifications(IReaderStore store)
{
    /// <summary>The kinds that are told on a channel.</summary>
    public async ValueTask<IReadOnlySet<NotificationKind>> ReadAsync(
        AccountId account,
        NotificationChannel channel,
        CancellationToken token
    )
    {
        var chosen = await store.ChoicesAsync(account, token);
        var off = chosen.Where(one => one.Channel == channel && !one.IsOn).Select(one => one.Kind);
        return Enum.GetValues<NotificationKind>().Except(off).ToHashSet();
    }

    /// <summary>From now on: what was told stays.</summary>
    public Task HandleAsync(
        AccountId account,
        NotificationChannel channel,
        IReadOnlySet<NotificationKind> wanted,
        CancellationToken token
    ) =>
        store.ChooseAsync(
            account,
            [
                .. Enum.GetValues<NotificationKind>()
                    .Select(kind => new NotificationChoice(kind, channel, wanted.Contains(kind))),
            ],
            token
        );
}
