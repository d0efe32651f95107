using Rookery.Notifications;

namespace Rookery.Adapters.Sql;

/// <summary>What happens to notifications inside of a commit.</summary>
internal static class SqlNotificationWrites
{
    private const long Stands = 0;

    /// <summary>Of a row that is there it becomes that it was taken back; a new row says that nobody was told.</summary>
    private const long NeverTold = 3;

    private static readonly NotificationMailForm[] _mailForms =
        Enum.GetValues<NotificationMailForm>();

    /// <summary>Days for which a post that is gone is remembered: longer than anything that was read before it is on its way.</summary>
    private const int DaysGone = 1;

    /// <summary>Old ones that are forgotten with each: more than are added.</summary>
    private const long MostForgotten = 500;

    // From the table of one row, so that there is a WHERE.
    private const string Upsert = """
        INSERT INTO notifications (id, recipient, kind, actor, post, state, as_of)
        SELECT @id, @recipient, @kind, @actor, @post, @state, @as_of FROM relay_position WHERE NOT EXISTS (SELECT 1 FROM closed_notified c WHERE c.account IN (@recipient, @actor))
            AND NOT EXISTS (SELECT 1 FROM gone_notified g WHERE g.post = @post)
            AND (@state <> 0 OR NOT EXISTS (
                SELECT 1 FROM notification_choices h WHERE h.account = @recipient AND h.kind = @kind AND h.channel = 0 AND h.is_on = 0))
        ON CONFLICT (recipient, kind, actor, post) DO UPDATE SET
            id = CASE WHEN notifications.state = 3 AND excluded.state = 0 THEN excluded.id ELSE notifications.id END,
            state = CASE
                WHEN notifications.state = 2 THEN 2
                WHEN notifications.state <> 3 AND excluded.state = 3 THEN 1
                ELSE excluded.state
            END,
            as_of = excluded.as_of
        WHERE notifications.as_of < excluded.as_of
        RETURNING id, recipient, state, kind
        """;

    // As above of a row that is there; whose it is the post says.
    private const string UpdateTakenBack = """
        UPDATE notifications SET state = CASE WHEN state = 0 THEN 1 ELSE state END, as_of = @as_of
        WHERE post = @post AND post <> 0 AND actor = @actor AND kind = @kind AND as_of < @as_of
        """;

    // By the choice of the recipient, or what holds for all.
    private const string RaiseMail = """
        INSERT INTO notification_mails (account, form, first, through, period, stage, due_at)
        SELECT @account, @form, @first, 0, '', 0, @now FROM relay_position WHERE 1 = coalesce(
            (SELECT h.is_on FROM notification_choices h WHERE h.account = @account AND h.kind = @kind AND h.channel = @channel), @otherwise)
        ON CONFLICT DO NOTHING
        """;

    private const string Count = """
        INSERT INTO notified (account, held) VALUES (@account, @held)
        ON CONFLICT (account) DO UPDATE SET held = notified.held + excluded.held
        RETURNING account, held
        """;

    private const string Prune = """
        DELETE FROM notifications WHERE recipient = @recipient AND id <= (
            SELECT id FROM notifications WHERE recipient = @recipient ORDER BY id DESC LIMIT 1 OFFSET @most)
        """;

    private const string SetCount = "UPDATE notified SET held = @held WHERE account = @account";

    private const string UpdateDismissed = """
        UPDATE notifications SET state = 2 WHERE recipient = @recipient AND id IN (SELECT value FROM json_each(@ids))
        """;

    private const string UpdateCleared =
        "UPDATE notifications SET state = 2 WHERE recipient = @recipient AND state = 0";

    private const string InsertGone = """
        INSERT INTO gone_notified (post, at) SELECT value, @now FROM json_each(@posts) WHERE true
        ON CONFLICT DO NOTHING
        """;

    private const string DeleteGone =
        "DELETE FROM gone_notified WHERE post IN (SELECT post FROM gone_notified WHERE at < @before LIMIT @limit)";

    private const string InsertClosed =
        "INSERT INTO closed_notified (account) VALUES (@account) ON CONFLICT DO NOTHING";

    private const string DeleteOn = """
        DELETE FROM notifications WHERE id IN (
            SELECT id FROM notifications WHERE post IN (SELECT value FROM json_each(@posts)) AND post <> 0 LIMIT @limit)
        """;

    private const string DeleteTold =
        "DELETE FROM notifications WHERE id IN (SELECT id FROM notifications WHERE recipient = @account LIMIT @limit)";

    private const string DeleteTelling =
        "DELETE FROM notifications WHERE id IN (SELECT id FROM notifications WHERE actor = @account LIMIT @limit)";

    /// <summary>The events as they come for the first time; answers how many notifications were raised.</summary>
    public static int Apply(CommitContext commit, IEnumerable<NotifyingEvent> events, int most)
    {
        var newest = NewestOf(events).ToLookup(one => one.Key.Recipient != default);
        var drawn = new HashSet<NotificationId>();
        var rows = new List<object[]>();
        foreach (var (key, (stands, asOf)) in newest[true])
        {
            var id = commit.NextNotificationId();
            drawn.Add(id);
            rows.Add([
                id.Value,
                key.Recipient.Value,
                (long)key.Kind,
                key.Actor.Value,
                key.Post.Value,
                stands ? Stands : NeverTold,
                asOf,
            ]);
        }

        var added = commit
            .Session.ManyOfEach(
                Upsert,
                row =>
                    (
                        Id: new NotificationId(row.GetInt64(0)),
                        Recipient: new AccountId(row.GetInt64(1)),
                        Stands: row.GetInt64(2) == Stands,
                        Kind: (NotificationKind)row.GetInt64(3)
                    ),
                rows
            )
            .FindAll(one => drawn.Contains(one.Id));
        foreach (var (key, (_, asOf)) in newest[false])
        {
            commit.Session.Later(
                UpdateTakenBack,
                asOf,
                key.Post.Value,
                key.Actor.Value,
                (long)key.Kind
            );
        }

        KeepNewest(commit.Session, added.Select(one => one.Recipient), most);
        var standing = added.FindAll(one => one.Stands);
        SqlPushWrites.Queue(commit, standing.Select(one => (one.Recipient, one.Kind, one.Id)));
        foreach (var one in standing.OrderBy(one => one.Id))
        {
            RaiseMails(commit, one.Recipient, one.Kind, one.Id);
        }

        var raised = standing.ConvertAll(one => new RaisedNotification(one.Recipient, one.Id));
        foreach (var some in raised.Chunk(NotificationsRaised.MaxRaised))
        {
            commit.Announce(new NotificationsRaised(some));
        }

        return raised.Count;
    }

    public static int Dismiss(
        CommitContext commit,
        AccountId recipient,
        IReadOnlyList<NotificationId> ids
    ) => commit.Session.Execute(UpdateDismissed, recipient.Value, ListOf(ids));

    public static int Clear(CommitContext commit, AccountId recipient) =>
        commit.Session.Execute(UpdateCleared, recipient.Value);

    public static int Close(CommitContext commit, IReadOnlyList<PostId> posts)
    {
        var before = commit.Now - (long)TimeSpan.FromDays(DaysGone).TotalMilliseconds;
        commit.Session.Execute(DeleteGone, before, MostForgotten);
        return commit.Session.Execute(InsertGone, commit.Now, SqlList.Of([.. posts]));
    }

    public static int Close(CommitContext commit, AccountId account)
    {
        commit.Session.Execute("DELETE FROM notified WHERE account = @account", account.Value);
        return commit.Session.Execute(InsertClosed, account.Value);
    }

    public static int RemoveSomeOn(CommitContext commit, IReadOnlyList<PostId> posts, int limit) =>
        commit.Session.Execute(DeleteOn, SqlList.Of([.. posts]), (long)limit);

    public static int RemoveSomeOf(CommitContext commit, AccountId account, int limit)
    {
        var told = commit.Session.Execute(DeleteTold, account.Value, (long)limit);
        return told < limit
            ? told + commit.Session.Execute(DeleteTelling, account.Value, (long)(limit - told))
            : told;
    }

    /// <summary>Of one recipient there are never more than are kept.</summary>
    public static int RemoveBetween(CommitContext commit, AccountId recipient, AccountId actor) =>
        commit.Session.Execute(
            "DELETE FROM notifications WHERE actor = @actor AND recipient = @recipient",
            actor.Value,
            recipient.Value
        );

    public static int Remove(CommitContext commit, IReadOnlyList<NotificationId> ids) =>
        commit.Session.Execute(
            "DELETE FROM notifications WHERE id IN (SELECT value FROM json_each(@ids))",
            ListOf(ids)
        );

    /// <summary>Where the recipient wants to be told by mail, and no mail waits that tells of what comes before it is sent.</summary>
    private static void RaiseMails(
        CommitContext commit,
        AccountId recipient,
        NotificationKind kind,
        NotificationId id
    )
    {
        foreach (var form in _mailForms)
        {
            var channel = NotificationMails.ChannelOf(form);
            commit.Session.LaterInAnyOrder(
                RaiseMail,
                recipient.Value,
                (long)form,
                id.Value,
                commit.Now,
                (long)kind,
                (long)channel,
                NotificationDefaults.IsOn(kind, channel) ? 1L : 0L
            );
        }
    }

    /// <summary>Of several events about one thing the one that came last counts.</summary>
    private static Dictionary<NotificationKey, (bool Stands, long AsOf)> NewestOf(
        IEnumerable<NotifyingEvent> events
    )
    {
        var newest = new Dictionary<NotificationKey, (bool Stands, long AsOf)>();
        foreach (var happened in events)
        {
            foreach (var (key, stands) in happened.Changes)
            {
                if (!newest.TryGetValue(key, out var known) || known.AsOf < happened.Sequence)
                {
                    newest[key] = (stands, happened.Sequence);
                }
            }
        }

        return newest;
    }

    /// <summary>To count what a recipient has takes as long as all else, so it is done when there may be an eighth too much.</summary>
    private static void KeepNewest(SqlSession session, IEnumerable<AccountId> added, int most)
    {
        var counted = session.ManyOfEach(
            Count,
            row => (Account: row.GetInt64(0), Held: row.GetInt64(1)),
            [
                .. added
                    .GroupBy(account => account)
                    .Select(one => new object[] { one.Key.Value, one.LongCount() }),
            ]
        );
        foreach (var (account, _) in counted.Where(one => one.Held > most + (most / 8)))
        {
            session.Execute(Prune, account, (long)most);
            session.Execute(SetCount, (long)most, account);
        }
    }

    private static SqlList ListOf(IReadOnlyList<NotificationId> ids) =>
        SqlList.Of(ids.Select(id => id.Value));
}
