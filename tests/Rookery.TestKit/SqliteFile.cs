using Microsoft.Extensions.Logging.Abstractions;
using Rookery.Accounts;
using Rookery.Adapters.Sql;
using Rookery.Delivery;
using Rookery.Graph;
using Rookery.Posts;

namespace Rookery.TestKit;

/// <summary>A database in a folder of its own that is gone with it.</summary>
internal sealed class SqliteFile : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TimeProvider _time;

    public SqliteFile(TimeProvider? time = null)
    {
        _time = time ?? TimeProvider.System;
        Database = Open();
    }

    public static EventTypes Events { get; } =
        new([.. AccountEvents.Types, .. GraphEvents.Types, .. PostEvents.Types]);

    public SqlDatabase Database { get; private set; }

    /// <summary>As a process does that was stopped and started: what is only in memory is gone.</summary>
    public void Reopen()
    {
        Database.Dispose();
        Database = Open();
    }

    /// <summary>Everything in the outbox, in order.</summary>
    public IReadOnlyList<DomainEvent> Outbox() =>
        Database.Read(session =>
            session.Many(
                "SELECT name, version, payload FROM outbox ORDER BY sequence",
                row => Events.Read(row.GetString(0), (int)row.GetInt64(1), (byte[])row[2])!
            )
        );

    public void Dispose()
    {
        Database.Dispose();
        _folder.Dispose();
    }

    private SqlDatabase Open() =>
        new(
            Path.Combine(_folder.Path, "rookery.db"),
            new SqlOptions(),
            Events,
            _time,
            NullLoggerFactory.Instance
        );
}
