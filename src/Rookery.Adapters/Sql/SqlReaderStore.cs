using System.Data.Common;
using Rookery.Notifications;

namespace Rookery.Adapters.Sql;

/// <summary>What readers say themselves, on a SQL database.</summary>
internal sealed class SqlReaderStore(SqlDatabase database) : IReaderStore
{
    private const string SelectMarkers =
        "SELECT timeline, last_read, version, at FROM markers WHERE account = @account";

    private const string UpsertMarker = """
        INSERT INTO markers (account, timeline, last_read, version, at) VALUES (@account, @timeline, @last_read, @version, @now)
        ON CONFLICT (account, timeline) DO UPDATE SET last_read = excluded.last_read, version = excluded.version, at = excluded.at
        """;

    private const string SelectChoices =
        "SELECT kind, channel, is_on FROM notification_choices WHERE account = @account";

    private const string UpsertChoice = """
        INSERT INTO notification_choices (account, kind, channel, is_on) VALUES (@account, @kind, @channel, @is_on)
        ON CONFLICT (account, kind, channel) DO UPDATE SET is_on = excluded.is_on
        """;

    public ValueTask<IReadOnlyList<Marker>> MarkersAsync(
        AccountId account,
        CancellationToken token
    ) =>
        database.ReadAsync<IReadOnlyList<Marker>>(session =>
            session.Many(SelectMarkers, ReadMarker, account.Value)
        );

    public Task<IReadOnlyList<Marker>?> MarkAsync(
        AccountId account,
        IReadOnlyList<Marker> known,
        CancellationToken token
    ) => database.Writes.RunAsync(commit => Mark(commit, account, known), token);

    public ValueTask<IReadOnlyList<NotificationChoice>> ChoicesAsync(
        AccountId account,
        CancellationToken token
    ) =>
        database.ReadAsync<IReadOnlyList<NotificationChoice>>(session =>
            session.Many(
                SelectChoices,
                row => new NotificationChoice(
                    (NotificationKind)row.GetInt64(0),
                    (NotificationChannel)row.GetInt64(1),
                    row.GetInt64(2) != 0
                ),
                account.Value
            )
        );

    public Task ChooseAsync(
        AccountId account,
        IReadOnlyList<NotificationChoice> choices,
        CancellationToken token
    ) =>
        database.Writes.RunAsync(
            commit =>
                choices.Sum(one =>
                    commit.Session.Execute(
                        UpsertChoice,
                        account.Value,
                        (long)one.Kind,
                        (long)one.Channel,
                        one.IsOn ? 1L : 0L
                    )
                ),
            token
        );

    public Task RemoveAsync(AccountId account, CancellationToken token) =>
        database.Writes.RunAsync(
            commit =>
                commit.Session.Execute(
                    "DELETE FROM markers WHERE account = @account",
                    account.Value
                )
                + commit.Session.Execute(
                    "DELETE FROM notification_choices WHERE account = @account",
                    account.Value
                ),
            token
        );

    private static IReadOnlyList<Marker>? Mark(
        CommitContext commit,
        AccountId account,
        IReadOnlyList<Marker> known
    )
    {
        var stand = commit
            .Session.Many(SelectMarkers, ReadMarker, account.Value)
            .ToDictionary(marker => marker.Timeline);
        if (
            known.Any(marker =>
                (stand.GetValueOrDefault(marker.Timeline)?.Version ?? 0) != marker.Version
            )
        )
        {
            return null;
        }

        foreach (var marker in known)
        {
            commit.Session.Execute(
                UpsertMarker,
                account.Value,
                (long)marker.Timeline,
                marker.LastRead,
                marker.Version + 1L,
                commit.Now
            );
        }

        var at = DateTimeOffset.FromUnixTimeMilliseconds(commit.Now);
        return
        [
            .. known.Select(marker => marker with { Version = marker.Version + 1, UpdatedAt = at }),
        ];
    }

    private static Marker ReadMarker(DbDataReader row) =>
        new(
            (MarkedTimeline)row.GetInt64(0),
            row.GetInt64(1),
            (int)row.GetInt64(2),
            DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(3))
        );
}
