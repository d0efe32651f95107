using System.Data.Common;
using Rookery.Accounts;
using Rookery.Notifications.Push;

namespace Rookery.Adapters.Sql;

/// <summary>Subscriptions to pushes, and what waits for them, on a SQL database.</summary>
internal sealed class SqlPushStore(SqlDatabase database) : IPushStore
{
    private const string Columns = """
        id, account, session, endpoint, p256dh, auth, is_standard, alerts, policy, token, language, device, made_at,
            failures, sent_at, failed_at, failure, claims
        """;

    private const string Counted =
        "(SELECT count(*) FROM pushes w WHERE w.subscription = push_subscriptions.id)";

    private const string SelectOfSession =
        $"SELECT {Columns}, {Counted} FROM push_subscriptions WHERE session = @session";

    private const string SelectOfAccount =
        $"SELECT {Columns}, {Counted} FROM push_subscriptions WHERE account = @account ORDER BY id DESC";

    // Whoever sends to the last one settles nothing of this one.
    private const string Upsert = """
        INSERT INTO push_subscriptions (account, session, endpoint, p256dh, auth, is_standard, alerts, policy, token, language, device, made_at,
            due_at, claims, failures, sent_at, failed_at, failure)
        VALUES (@account, @session, @endpoint, @p256dh, @auth, @is_standard, @alerts, @policy, @token, @language, @device, @now,
            0, 0, 0, 0, 0, '')
        ON CONFLICT (session) DO UPDATE SET
            account = excluded.account, endpoint = excluded.endpoint, p256dh = excluded.p256dh, auth = excluded.auth,
            is_standard = excluded.is_standard, alerts = excluded.alerts, policy = excluded.policy, token = excluded.token,
            language = excluded.language, device = excluded.device, made_at = excluded.made_at,
            due_at = CASE WHEN push_subscriptions.due_at = 0 THEN 0 ELSE excluded.made_at END,
            claims = push_subscriptions.claims + 1, failures = 0, sent_at = 0, failed_at = 0, failure = ''
        """;

    private const string SelectOthersThere =
        "SELECT id FROM push_subscriptions WHERE account = @account AND endpoint = @endpoint AND session <> @session";

    private const string UpdateWishes =
        "UPDATE push_subscriptions SET alerts = @alerts, policy = @policy WHERE session = @session";

    private const string Delete =
        "DELETE FROM push_subscriptions WHERE id IN (SELECT value FROM json_each(@ids)) AND account = @account RETURNING id";

    private const string DeleteWaiting =
        "DELETE FROM pushes WHERE subscription IN (SELECT value FROM json_each(@ids))";

    private const string InsertTest = """
        INSERT INTO pushes (subscription, notification, queued_at) SELECT id, 0, @now FROM push_subscriptions WHERE session = @session
        ON CONFLICT (subscription, notification) DO UPDATE SET queued_at = excluded.queued_at RETURNING subscription
        """;

    // Whoever asks for a test waits for it, whatever failed before.
    private const string Hurry =
        "UPDATE push_subscriptions SET due_at = @now, failures = 0 WHERE session = @session";

    private const string SelectDue =
        "SELECT 1 FROM push_subscriptions WHERE due_at <> 0 AND due_at <= @now LIMIT 1";

    private const string Claim = $"""
        UPDATE push_subscriptions SET due_at = @until, claims = claims + 1
        WHERE id IN (SELECT id FROM push_subscriptions WHERE due_at <> 0 AND due_at <= @now AND failures <= @failures ORDER BY due_at, id LIMIT @limit)
        RETURNING {Columns}, 0
        """;

    private const string SelectWaiting =
        "SELECT notification, queued_at FROM pushes WHERE subscription = @id ORDER BY notification DESC LIMIT @limit";

    private const string DeleteOver =
        "DELETE FROM pushes WHERE subscription = @id AND notification IN (SELECT value FROM json_each(@over))";

    private const string DeleteBeyond = """
        DELETE FROM pushes WHERE subscription = @id AND notification <= (
            SELECT notification FROM pushes WHERE subscription = @id ORDER BY notification DESC LIMIT 1 OFFSET @most)
        """;

    private const string UpdateSent = """
        UPDATE push_subscriptions SET failures = 0, sent_at = @now, failure = '' WHERE id = @id
        """;

    private const string UpdateFailed = """
        UPDATE push_subscriptions SET failures = failures + 1, failed_at = @now, failure = @failure WHERE id = @id AND claims = @claim
        """;

    private const string UpdateDue = """
        UPDATE push_subscriptions SET due_at = CASE WHEN EXISTS (SELECT 1 FROM pushes w WHERE w.subscription = push_subscriptions.id) THEN @due ELSE 0 END
        WHERE id = @id AND claims = @claim
        """;

    private const string SelectBacklog = "SELECT count(*), coalesce(min(queued_at), 0) FROM pushes";

    private const string SelectFailing =
        "SELECT failure FROM push_subscriptions WHERE failures > 0 ORDER BY failed_at DESC, id LIMIT 1";

    private const string SelectKeys = "SELECT pair FROM push_keys WHERE id = 1";

    private const string InsertKeys =
        "INSERT INTO push_keys (id, pair, made_at) VALUES (1, @pair, @now) ON CONFLICT DO NOTHING";

    public Task<PushSubscription> SubscribeAsync(
        NewPushSubscription subscription,
        CancellationToken token
    ) => database.Writes.RunAsync(commit => Subscribe(commit, subscription), token);

    public ValueTask<PushSubscription?> OfSessionAsync(
        TokenHash session,
        CancellationToken token
    ) => database.ReadAsync(read => read.One(SelectOfSession, Read, $"{session}"));

    public ValueTask<IReadOnlyList<PushSubscription>> OfAsync(
        AccountId account,
        CancellationToken token
    ) =>
        database.ReadAsync<IReadOnlyList<PushSubscription>>(session =>
            session.Many(SelectOfAccount, Read, account.Value)
        );

    public Task<PushSubscription?> WishAsync(
        TokenHash session,
        PushWishes wishes,
        CancellationToken token
    ) =>
        database.Writes.RunAsync(
            commit =>
            {
                commit.Session.Execute(
                    UpdateWishes,
                    Write(wishes.Alerts),
                    (long)wishes.Policy,
                    $"{session}"
                );
                return commit.Session.One(SelectOfSession, Read, $"{session}");
            },
            token
        );

    public Task<int> RemoveAsync(
        AccountId account,
        IReadOnlyList<PushSubscriptionId> ids,
        CancellationToken token
    ) =>
        database.Writes.RunAsync(
            commit => Remove(commit, account, ids.Select(id => id.Value)),
            token
        );

    public Task<bool> TestAsync(TokenHash session, CancellationToken token) =>
        database.Writes.RunAsync(
            commit =>
            {
                var queued = commit.Session.Many(
                    InsertTest,
                    row => row.GetInt64(0),
                    commit.Now,
                    $"{session}"
                );
                return queued.Count > 0
                    && commit.Session.Execute(Hurry, commit.Now, $"{session}") > 0;
            },
            token
        );

    public ValueTask<bool> AreDueAsync(DateTimeOffset now, CancellationToken token) =>
        database.ReadAsync(session =>
            session.Number(SelectDue, 0, now.ToUnixTimeMilliseconds()) == 1
        );

    public Task<IReadOnlyList<PushLane>> ClaimAsync(
        int limit,
        TimeSpan lease,
        bool failingToo,
        CancellationToken token
    ) =>
        database.Writes.RunAsync<IReadOnlyList<PushLane>>(
            commit =>
                commit.Session.Many(
                    Claim,
                    row => new PushLane(Read(row), row.GetInt64(17)),
                    commit.Now + (long)lease.TotalMilliseconds,
                    commit.Now,
                    failingToo ? long.MaxValue : 0,
                    (long)limit
                ),
            token
        );

    public ValueTask<IReadOnlyList<WaitingPush>> WaitingAsync(
        PushSubscriptionId subscription,
        int limit,
        CancellationToken token
    ) =>
        database.ReadAsync<IReadOnlyList<WaitingPush>>(session =>
        {
            var newest = session.Many(
                SelectWaiting,
                row => new WaitingPush(
                    new NotificationId(row.GetInt64(0)),
                    TimeOf(row.GetInt64(1))
                ),
                subscription.Value,
                (long)limit
            );
            newest.Reverse();
            return newest;
        });

    public Task SettleAsync(
        PushLane lane,
        PushSettlement settlement,
        int most,
        CancellationToken token
    ) => database.Writes.RunAsync(commit => Settle(commit, lane, settlement, most), token);

    public ValueTask<PushBacklog> BacklogAsync(CancellationToken token) =>
        database.ReadAsync(session =>
        {
            var (waiting, oldest) = session.One(
                SelectBacklog,
                row => Tuple.Create(row.GetInt64(0), row.GetInt64(1))
            )!;
            return new PushBacklog(
                session.Number("SELECT count(*) FROM push_subscriptions", 0),
                waiting,
                waiting > 0 ? TimeOf(oldest) : null,
                session.Number("SELECT count(*) FROM push_subscriptions WHERE failures > 0", 0),
                session.One(SelectFailing, row => row.GetString(0)) ?? ""
            );
        });

    public ValueTask<byte[]?> KeysAsync(CancellationToken token) => database.ReadAsync(Keys);

    public Task<byte[]> KeepKeysAsync(byte[] drawn, CancellationToken token) =>
        database.Writes.RunAsync(
            commit =>
            {
                commit.Session.Execute(InsertKeys, drawn, commit.Now);
                return Keys(commit.Session)!;
            },
            token
        );

    private static PushSubscription Subscribe(CommitContext commit, NewPushSubscription wanted)
    {
        var (session, name, to) = (commit.Session, $"{wanted.Session}", wanted.Receiver);
        session.Execute(
            Upsert,
            wanted.Account.Value,
            name,
            to.Endpoint,
            to.P256dh.ToArray(),
            to.Auth.ToArray(),
            to.IsStandard ? 1L : 0L,
            Write(wanted.Wishes.Alerts),
            (long)wanted.Wishes.Policy,
            wanted.SealedToken.ToArray(),
            wanted.Language,
            wanted.Device,
            commit.Now
        );
        var others = session.Many(
            SelectOthersThere,
            row => row.GetInt64(0),
            wanted.Account.Value,
            to.Endpoint,
            name
        );
        Remove(commit, wanted.Account, others);
        return session.One(SelectOfSession, Read, name)!;
    }

    private static int Remove(CommitContext commit, AccountId account, IEnumerable<long> ids)
    {
        var removed = commit.Session.Many(
            Delete,
            row => row.GetInt64(0),
            SqlList.Of(ids),
            account.Value
        );
        if (removed.Count > 0)
        {
            commit.Session.Execute(DeleteWaiting, SqlList.Of(removed));
        }

        return removed.Count;
    }

    private static int Settle(
        CommitContext commit,
        PushLane lane,
        PushSettlement settlement,
        int most
    )
    {
        var (session, id) = (commit.Session, lane.Subscription.Id.Value);
        if (settlement.Over.Count > 0)
        {
            session.Execute(DeleteOver, id, SqlList.Of(settlement.Over.Select(one => one.Value)));
        }

        session.Execute(DeleteBeyond, id, (long)most);
        if (settlement.IsSent)
        {
            session.Execute(UpdateSent, commit.Now, id);
        }
        else if (settlement.Failure.Length > 0)
        {
            session.Execute(UpdateFailed, commit.Now, settlement.Failure, id, lane.Claim);
        }

        return session.Execute(
            UpdateDue,
            commit.Now + (long)settlement.Wait.TotalMilliseconds,
            id,
            lane.Claim
        );
    }

    private static byte[]? Keys(SqlSession session) =>
        session.One(SelectKeys, row => (byte[])row[0]);

    /// <summary>Between commas, so that one is found by its name and no other with it.</summary>
    private static string Write(IReadOnlySet<string> alerts) =>
        $",{string.Join(',', alerts.Order(StringComparer.Ordinal))},";

    private static PushSubscription Read(DbDataReader row) =>
        new(
            new PushSubscriptionId(row.GetInt64(0)),
            new AccountId(row.GetInt64(1)),
            TokenHash.TryRead(row.GetString(2), out var session)
                ? session
                : throw new InvalidOperationException("A subscription is of no session."),
            new PushReceiver(
                row.GetString(3),
                (byte[])row[4],
                (byte[])row[5],
                row.GetInt64(6) != 0
            ),
            new PushWishes(
                row.GetString(7)
                    .Split(',', StringSplitOptions.RemoveEmptyEntries)
                    .ToHashSet(StringComparer.Ordinal),
                (PushPolicy)row.GetInt64(8)
            ),
            (byte[])row[9],
            row.GetString(10),
            row.GetString(11),
            TimeOf(row.GetInt64(12)),
            new PushDelivery(
                (int)row.GetInt64(13),
                row.GetInt64(14) is var sent and not 0 ? TimeOf(sent) : null,
                row.GetInt64(15) is var failed and not 0 ? TimeOf(failed) : null,
                row.GetString(16),
                (int)row.GetInt64(18)
            )
        );

    private static DateTimeOffset TimeOf(long milliseconds) =>
        DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
}
