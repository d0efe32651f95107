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

    private const string SelectHours = """
        SELECT account, zone, quiet_from, quiet_to, digest_day, digest_hour FROM reader_hours
        WHERE account IN (SELECT value FROM json_each(@accounts))
        """;

    private const string UpsertHours = """
        INSERT INTO reader_hours (account, zone, quiet_from, quiet_to, digest_day, digest_hour)
        VALUES (@account, @zone, @quiet_from, @quiet_to, @digest_day, @digest_hour)
        ON CONFLICT (account) DO UPDATE SET zone = excluded.zone, quiet_from = excluded.quiet_from, quiet_to = excluded.quiet_to,
            digest_day = excluded.digest_day, digest_hour = excluded.digest_hour
        """;

    /// <summary>No day of the week.</summary>
    private const long EveryDay = -1;

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

    public ValueTask<IReadOnlyDictionary<AccountId, ReaderHours>> HoursAsync(
        ReadOnlyMemory<AccountId> readers,
        CancellationToken token
    ) =>
        database.ReadAsync<IReadOnlyDictionary<AccountId, ReaderHours>>(session =>
            session.Many(SelectHours, ReadHours, SqlList.Of(readers.Span)).ToDictionary()
        );

    public Task KeepHoursAsync(AccountId account, ReaderHours hours, CancellationToken token) =>
        database.Writes.RunAsync(
            commit =>
                commit.Session.Execute(
                    UpsertHours,
                    account.Value,
                    hours.Zone,
                    MinutesOf(hours.QuietFrom),
                    MinutesOf(hours.QuietTo),
                    hours.DigestDay is { } day ? (long)day : EveryDay,
                    (long)hours.DigestHour
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
                )
                + commit.Session.Execute(
                    "DELETE FROM reader_hours WHERE account = @account",
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

    private static KeyValuePair<AccountId, ReaderHours> ReadHours(DbDataReader row) =>
        KeyValuePair.Create(
            new AccountId(row.GetInt64(0)),
            new ReaderHours(
                row.GetString(1),
                TimeOf(row.GetInt64(2)),
                TimeOf(row.GetInt64(3)),
                row.GetInt64(4) is >= 0 and var day ? (DayOfWeek)day : null,
                (int)row.GetInt64(5)
            )
        );

    private static long MinutesOf(TimeOnly time) => time.Ticks / TimeSpan.TicksPerMinute;

    private static TimeOnly TimeOf(long minutes) => new(minutes * TimeSpan.TicksPerMinute);

    private static Marker ReadMarker(DbDataReader row) =>
        new(
            (MarkedTimeline)row.GetInt64(0),
            row.GetInt64(1),
            (int)row.GetInt64(2),
            DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(3))
        );
}
