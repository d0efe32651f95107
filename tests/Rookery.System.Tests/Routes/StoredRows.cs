using Rookery.TestKit;

namespace Rookery.SystemTests.Routes;

/// <summary>Sees whether anything was stored since the last look.</summary>
internal sealed class StoredRows : IDisposable
{
    private readonly DatabaseProbe _database;
    private readonly List<string> _tables;
    private Dictionary<string, long> _counts;
    private long _version;

    public StoredRows(string folder)
    {
        _database = new DatabaseProbe(folder);
        _tables = _database.Rows(
            "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name",
            row => row.GetString(0)
        );
        _counts = Count();
        _version = Version;
    }

    /// <summary>Grows with every commit of another connection that wrote anything, also where it only changed a row.</summary>
    private long Version => _database.Number("PRAGMA data_version");

    /// <summary>Null when nothing was stored, otherwise which tables have other rows.</summary>
    public string? Changes()
    {
        if (Version == _version)
        {
            return null;
        }

        var (before, after) = (_counts, Count());
        (_counts, _version) = (after, Version);
        var differences = _tables
            .Where(table => before[table] != after[table])
            .Select(table => $"{table} {before[table]} → {after[table]}");
        return $"something was stored: [{string.Join(", ", differences)}]";
    }

    public void Dispose() => _database.Dispose();

    private Dictionary<string, long> Count() =>
        _tables.ToDictionary(
            table => table,
            table => _database.Number($"SELECT count(*) FROM \"{table}\"")
        );
}
