namespace Rookery.Notifications;

/// <summary>How far an account has read, for all of its clients.</summary>
internal sealed class KeepMarkers(IReaderStore store)
{
    public ValueTask<IReadOnlyList<Marker>> ReadAsync(AccountId account, CancellationToken token) =>
        store.MarkersAsync(account, token);

    /// <summary>The last notification that was read; 0 before the first.</summary>
    public async ValueTask<NotificationId> ReadThroughAsync(
        AccountId account,
        CancellationToken token
    ) =>
        new(
            (await store.MarkersAsync(account, token))
                .FirstOrDefault(marker => marker.Timeline == MarkedTimeline.Notifications)
                ?.LastRead
                ?? 0
        );

    /// <summary>Sets what is named; a conflict where another client sets one of them at the same moment, for nobody knows then whose is right.</summary>
    public async Task<Result<Marker[]>> HandleAsync(
        AccountId account,
        IReadOnlyDictionary<MarkedTimeline, long> lastRead,
        CancellationToken token
    )
    {
        var known = (await store.MarkersAsync(account, token)).ToDictionary(one => one.Timeline);
        var wanted = lastRead
            .Select(one =>
                (known.GetValueOrDefault(one.Key) ?? new Marker(one.Key, 0, 0, default)) with
                {
                    LastRead = one.Value,
                }
            )
            .ToList();
        return await store.MarkAsync(account, wanted, token) is { } marked
            ? marked.ToArray()
            : Problem.Conflict(
                "last_read_id",
                "Another client has set the same marker at the same moment; read it and send yours again if it is newer."
            );
    }
}
