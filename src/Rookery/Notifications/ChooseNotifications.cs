namespace Rookery.Notifications;

/// <summary>Of what an account wants to be told, and where. What it has not chosen is as <see cref="NotificationDefaults"/> say.</summary>
internal sealed class ChooseNotifications(IReaderStore store)
{
    /// <summary>The kinds that are told on a channel.</summary>
    public async ValueTask<IReadOnlySet<NotificationKind>> ReadAsync(
        AccountId account,
        NotificationChannel channel,
        CancellationToken token
    ) => ToldOn(channel, await store.ChoicesAsync(account, token));

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

    /// <param name="choices">Of one account.</param>
    public static IReadOnlySet<NotificationKind> ToldOn(
        NotificationChannel channel,
        IReadOnlyList<NotificationChoice> choices
    )
    {
        var chosen = choices
            .Where(one => one.Channel == channel)
            .ToDictionary(one => one.Kind, one => one.IsOn);
        return Enum.GetValues<NotificationKind>()
            .Where(kind =>
                chosen.TryGetValue(kind, out var isOn)
                    ? isOn
                    : NotificationDefaults.IsOn(kind, channel)
            )
            .ToHashSet();
    }
}
