using Rookery.Notifications;
using Rookery.Notifications.Push;

namespace Rookery.Adapters.Sql;

/// <summary>Pushes that are queued inside the commit that raises what they tell of.</summary>
internal static class SqlPushWrites
{
    private const string Insert = """
        INSERT INTO pushes (subscription, notification, queued_at)
        SELECT id, @notification, @now FROM push_subscriptions WHERE account = @recipient AND alerts LIKE @alert AND policy <> @nobody
        ON CONFLICT DO NOTHING RETURNING subscription
        """;

    private const string Wake = """
        UPDATE push_subscriptions SET due_at = @now WHERE id IN (SELECT value FROM json_each(@ids)) AND due_at = 0
        """;

    public static void Queue(
        CommitContext commit,
        IEnumerable<(AccountId Recipient, NotificationKind Kind, NotificationId Id)> raised
    )
    {
        var rows = raised
            .Select(one =>
                new object[]
                {
                    one.Id.Value,
                    commit.Now,
                    one.Recipient.Value,
                    $"%,{PushAlerts.Of(one.Kind)},%",
                    (long)PushPolicy.None,
                }
            )
            .ToList();
        if (rows.Count == 0)
        {
            return;
        }

        var queued = commit.Session.ManyOfEach(Insert, row => row.GetInt64(0), rows);
        WakeAll(commit, queued);
    }

    /// <summary>Something waits for these. Who sends to one of them now looks again when it has settled.</summary>
    public static void WakeAll(CommitContext commit, IReadOnlyCollection<long> ids)
    {
        if (ids.Count > 0)
        {
            commit.Session.Execute(Wake, commit.Now, SqlList.Of(ids.Distinct()));
        }
    }
}
