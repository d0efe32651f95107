using System.Data.Common;
using Microsoft.Extensions.Options;
using Rookery.Notifications;

namespace Rookery.Adapters.Sql;

/// <summary>Notifications on a SQL database. What happens to them inside of a commit: <c>SqlNotificationWrites</c>.</summary>
internal sealed class SqlNotificationStore(
    SqlDatabase database,
    IOptions<NotificationsOptions> options
) : INotificationStore
{
    private const string Columns = "id, recipient, kind, actor, post";

    // By the recipient's ids: by kinds it would read all there are and sort them.
    private const string SelectPage = $"""
        SELECT {Columns} FROM notifications INDEXED BY notifications_by_recipient
        WHERE recipient = @recipient AND id < @below AND id > @above AND state = 0
            AND kind IN (SELECT value FROM json_each(@kinds)) AND (@actor < 0 OR actor = @actor)
        ORDER BY id
        """;

    private const string SelectDown = $"{SelectPage} DESC LIMIT @count";

    private const string SelectUp = $"{SelectPage} LIMIT @count";

    private const string SelectOne =
        $"SELECT {Columns} FROM notifications WHERE id = @id AND recipient = @recipient AND state = 0";

    private const string SelectMany =
        $"SELECT {Columns} FROM notifications WHERE id IN (SELECT value FROM json_each(@ids)) AND recipient = @recipient AND state = 0";

    private const string SelectAll =
        $"SELECT {Columns} FROM notifications WHERE id > @above AND state = 0 ORDER BY id LIMIT @limit";

    private const string SelectApplied =
        "SELECT sequence FROM inbox WHERE consumer = @consumer AND sequence IN (SELECT value FROM json_each(@sequences))";

    private static readonly IReadOnlyList<NotificationKind> AllKinds =
        Enum.GetValues<NotificationKind>();

    public async ValueTask<IReadOnlyList<Committed>> NewAmongAsync(
        string consumer,
        IReadOnlyList<Committed> events,
        CancellationToken token
    )
    {
        var fresh = new List<Committed>(events.Count);
        foreach (var source in events.GroupBy(one => one.Outbox))
        {
            var marked = MarkedBy(consumer, source.Key, database.Outbox);
            var applied = await database.ReadAsync(session =>
                session.Many(
                    SelectApplied,
                    row => row.GetInt64(0),
                    marked,
                    SqlList.Of(source.Select(one => one.Sequence))
                )
            );
            fresh.AddRange(source.Where(one => !applied.Contains(one.Sequence)));
        }

        return fresh;
    }

    public Task<int> ApplyAsync(
        string consumer,
        IReadOnlyList<NotifyingEvent> events,
        CancellationToken token
    ) =>
        database.Writes.RunAsync(
            commit =>
                SqlNotificationWrites.Apply(
                    commit,
                    events
                        .GroupBy(one => MarkedBy(consumer, one.Outbox, database.Outbox))
                        .SelectMany(source =>
                            SqlInbox.TakeNew(commit, source.Key, source, one => one.Sequence)
                        ),
                    options.Value.MostKept
                ),
            token
        );

    public Task<int> ApplyPartAsync(NotifyingEvent part, CancellationToken token) =>
        database.Writes.RunAsync(
            commit => SqlNotificationWrites.Apply(commit, [part], options.Value.MostKept),
            token
        );

    public async ValueTask<IReadOnlyList<Notification>> ListAsync(
        AccountId recipient,
        NotificationFilter filter,
        Page page,
        CancellationToken token
    )
    {
        var found = await database.ReadAsync(session =>
            session.Many(
                page.FromBelow ? SelectUp : SelectDown,
                Read,
                recipient.Value,
                page.Below,
                page.Above,
                SqlList.Of((filter.Kinds ?? AllKinds.ToHashSet()).Select(kind => (long)kind)),
                filter.Actor?.Value ?? -1,
                (long)page.Count
            )
        );
        if (page.FromBelow)
        {
            found.Reverse();
        }

        return found;
    }

    public ValueTask<Notification?> FindAsync(
        AccountId recipient,
        NotificationId id,
        CancellationToken token
    ) => database.ReadAsync(session => session.One(SelectOne, Read, id.Value, recipient.Value));

    public async ValueTask<NotificationId> NewestIdAsync(CancellationToken token) =>
        new(
            await database.ReadAsync(session =>
                session.Number("SELECT max(id) FROM notifications", 0)
            )
        );

    public ValueTask<IReadOnlyList<Notification>> FindManyAsync(
        AccountId recipient,
        IReadOnlyList<NotificationId> ids,
        CancellationToken token
    ) =>
        database.ReadAsync<IReadOnlyList<Notification>>(session =>
            session.Many(SelectMany, Read, SqlList.Of(ids.Select(id => id.Value)), recipient.Value)
        );

    public Task<int> DismissAsync(
        AccountId recipient,
        IReadOnlyList<NotificationId> ids,
        CancellationToken token
    ) =>
        database.Writes.RunAsync(
            commit => SqlNotificationWrites.Dismiss(commit, recipient, ids),
            token
        );

    public Task ClearAsync(AccountId recipient, CancellationToken token) =>
        database.Writes.RunAsync(commit => SqlNotificationWrites.Clear(commit, recipient), token);

    public Task CloseAsync(IReadOnlyList<PostId> posts, CancellationToken token) =>
        database.Writes.RunAsync(commit => SqlNotificationWrites.Close(commit, posts), token);

    public Task CloseAsync(AccountId account, CancellationToken token) =>
        database.Writes.RunAsync(commit => SqlNotificationWrites.Close(commit, account), token);

    public Task<int> RemoveSomeOnAsync(
        IReadOnlyList<PostId> posts,
        int limit,
        CancellationToken token
    ) =>
        database.Writes.RunAsync(
            commit => SqlNotificationWrites.RemoveSomeOn(commit, posts, limit),
            token
        );

    public Task<int> RemoveSomeOfAsync(AccountId account, int limit, CancellationToken token) =>
        database.Writes.RunAsync(
            commit => SqlNotificationWrites.RemoveSomeOf(commit, account, limit),
            token
        );

    public Task RemoveBetweenAsync(AccountId recipient, AccountId actor, CancellationToken token) =>
        database.Writes.RunAsync(
            commit => SqlNotificationWrites.RemoveBetween(commit, recipient, actor),
            token
        );

    public ValueTask<IReadOnlyList<Notification>> AllAboveAsync(
        NotificationId above,
        int limit,
        CancellationToken token
    ) =>
        database.ReadAtLeisureAsync<IReadOnlyList<Notification>>(session =>
            session.Many(SelectAll, Read, above.Value, (long)limit)
        );

    public Task<int> RemoveAsync(IReadOnlyList<NotificationId> ids, CancellationToken token) =>
        database.Writes.RunAsync(commit => SqlNotificationWrites.Remove(commit, ids), token);

    private static string MarkedBy(string consumer, string? outbox, string own) =>
        outbox is null || outbox == own ? consumer : SqlInbox.Of(consumer, outbox);

    private static Notification Read(DbDataReader row) =>
        new(
            new NotificationId(row.GetInt64(0)),
            new NotificationKey(
                new AccountId(row.GetInt64(1)),
                (NotificationKind)row.GetInt64(2),
                new AccountId(row.GetInt64(3)),
                new PostId(row.GetInt64(4))
            )
        );
}
