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

    public SqliteFile(TimeProvider? time = null)
    {
        Database = new SqlDatabase(
            Path.Combine(_folder.Path, "rookery.db"),
            new SqlOptions(),
            new EventTypes([.. AccountEvents.Types, .. GraphEvents.Types, .. PostEvents.Types]),
            time ?? TimeProvider.System,
            NullLoggerFactory.Instance
        );
    }

    public SqlDatabase Database { get; }

    public void Dispose()
    {
        Database.Dispose();
        _folder.Dispose();
    }
}
