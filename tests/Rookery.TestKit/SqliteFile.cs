using Rookery.Adapters.Sql;

namespace Rookery.TestKit;

/// <summary>A file in a folder of its own that is gone with it.</summary>
internal sealed class SqliteFile(TimeProvider? time = null) : TestDatabase(time)
{
    private readonly TemporaryFolder _folder = new();

    public string Folder => _folder.Path;

    public override void Dispose()
    {
        base.Dispose();
        _folder.Dispose();
    }

    protected override (string Path, SqlOptions Options) Where() =>
        (Path.Combine(_folder.Path, "rookery.db"), new SqlOptions());
}
