using Microsoft.Extensions.Logging;
using Rookery.Delivery;

namespace Rookery.Adapters.Sql;

/// <summary>
/// The databases of an installation: one for everything, or one for each capability that has one of its own. Each has its own writer, outbox and lease; no
/// transaction touches two.
/// </summary>
internal sealed class SqlDatabases : IDisposable
{
    private readonly IReadOnlyList<(SqlPlace Place, SqlDatabase Database)> _all;

    private SqlDatabases(IReadOnlyList<(SqlPlace Place, SqlDatabase Database)> all) => _all = all;

    /// <summary>Each once.</summary>
    public IReadOnlyList<SqlDatabase> All => [.. _all.Select(one => one.Database)];

    /// <summary>For the start's lines: which they are, and where there are several, of what.</summary>
    public IReadOnlyList<string> Descriptions =>
        [
            .. _all.Select(one =>
                _all.Count == 1
                    ? one.Database.Description
                    : $"{one.Database.Description} ({string.Join(", ", one.Place.Capabilities.Order())})"
            ),
        ];

    public SqlDatabase Accounts => Of("accounts");

    public SqlDatabase Graph => Of("graph");

    public SqlDatabase Posts => Of("posts");

    public SqlDatabase Notifications => Of("notifications");

    /// <summary>One that has everything.</summary>
    public static SqlDatabases Only(SqlDatabase database) =>
        new([(new SqlPlace("", "", "", Migrations.Capabilities), database)]);

    /// <param name="path">Of the SQLite file, where the settings name no other database. Its folder remembers where they do.</param>
    /// <exception cref="StoreUnavailableException">One cannot be opened, or the settings contradict each other or what the databases hold; the message says what to do.</exception>
    public static SqlDatabases Open(
        string path,
        SqlOptions options,
        EventTypes events,
        TimeProvider time,
        ILoggerFactory logs
    )
    {
        var turn = new Lock();
        var all = new List<(SqlPlace, SqlDatabase)>();
        var served = new ServedPostgres(path);
        if (!options.IsShared)
        {
            served.RefuseFile();
        }

        try
        {
            foreach (var place in SqlPlace.Plan(path, options))
            {
                all.Add((place, SqlDatabase.Open(place, options, events, time, logs, turn)));
            }

            if (options.IsShared)
            {
                SqlCapabilityHomes.Settle(all);
                served.Remember(all);
            }

            return new SqlDatabases(all);
        }
        catch
        {
            all.ForEach(one => one.Item2.Dispose());
            throw;
        }
    }

    /// <summary>Where this capability's tables stand.</summary>
    public SqlDatabase Of(string capability) =>
        _all.First(one => one.Place.Capabilities.Contains(capability)).Database;

    /// <summary>Whose tables stand in it.</summary>
    public IReadOnlySet<string> CapabilitiesOf(SqlDatabase database) =>
        _all.First(one => one.Database == database).Place.Capabilities;

    public void Dispose()
    {
        foreach (var (_, database) in _all)
        {
            database.Dispose();
        }
    }
}
