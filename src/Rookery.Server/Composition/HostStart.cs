using Rookery.Adapters.Sql;

namespace Rookery.Server.Composition;

/// <summary>How a host with a data folder begins where nobody is served: a command's.</summary>
internal static class HostStart
{
    /// <summary>What kept it from starting is thrown, and nothing stays open.</summary>
    public static async Task StartAsync(IHost host, CancellationToken token)
    {
        SqlDatabases? databases = null;
        try
        {
            // Before anything else asks for it: a database that cannot be opened leaves nothing to close.
            databases = host.Services.GetRequiredService<SqlDatabases>();
            host.Services.Prepare();
            await host.StartAsync(token);
        }
        catch
        {
            await Shutdown.DisposeAsync(host, databases);
            throw;
        }
    }
}
