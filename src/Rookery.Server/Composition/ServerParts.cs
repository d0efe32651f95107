using Rookery.Adapters.Sql;

namespace Rookery.Server.Composition;

/// <summary>What a server has open, in the order in which it came to be; also of one that did not come to be whole.</summary>
internal sealed class ServerParts(DataFolder folder) : IAsyncDisposable
{
    public DataFolder Folder => folder;

    public WebApplication? App { get; set; }

    public SqlDatabases? Databases { get; set; }

    public async ValueTask DisposeAsync()
    {
        if (App is not null)
        {
            await Shutdown.DisposeAsync(App, Databases);
        }

        folder.Dispose();
    }
}
