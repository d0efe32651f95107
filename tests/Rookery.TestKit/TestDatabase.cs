using Microsoft.Extensions.Logging.Abstractions;
using Rookery.Accounts;
using Rookery.Adapters.Sql;
using Rookery.Delivery;
using Rookery.Graph;
using Rookery.Moderation;
using Rookery.Notifications;
using Rookery.Posts;

namespace Rookery.TestKit;

/// <summary>An empty database that a test has for itself.</summary>
internal abstract class TestDatabase(TimeProvider? time) : IDisposable
{
    private SqlDatabase? _database;

    protected TimeProvider Time { get; } = time ?? TimeProvider.System;

    public static EventTypes Events { get; } =
        new([
            .. AccountEvents.Types,
            .. GraphEvents.Types,
            .. PostEvents.Types,
            .. NotificationEvents.Types,
            .. ReportEvents.Types,
        ]);

    public SqlDatabase Database => _database ??= Open();

    /// <summary>As a process does that was stopped and started: what is only in memory is gone.</summary>
    public void Reopen()
    {
        Database.Dispose();
        _database = Open();
    }

    /// <summary>Everything in the outbox, in order.</summary>
    public IReadOnlyList<DomainEvent> Outbox() =>
        Database.Read(session =>
            session.Many(
                "SELECT name, version, payload FROM outbox ORDER BY sequence",
                row => Events.Read(row.GetString(0), (int)row.GetInt64(1), (byte[])row[2])!
            )
        );

    public virtual void Dispose() => _database?.Dispose();

    protected abstract (string Path, SqlOptions Options) Where();

    private SqlDatabase Open()
    {
        var (path, options) = Where();
        return SqlDatabase.Open(path, options, Events, Time, NullLoggerFactory.Instance);
    }
}
