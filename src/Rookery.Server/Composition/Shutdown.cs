using Rookery.Adapters.Sql;

namespace Rookery.Server.Composition;

/// <summary>How a host with a data folder ends, whoever started it.</summary>
internal static class Shutdown
{
    /// <summary>
    /// Ends the loops and requests, then the writer, whose commits tell of themselves to what lives in native memory, then the readers. That
    /// memory stays: a read that the drain did not wait for may still be looking at it.
    /// </summary>
    public static async Task StopAsync(IHost host)
    {
        await host.StopAsync(CancellationToken.None);
        host.Services.GetRequiredService<SqlDatabases>().Dispose();
    }

    /// <summary>Ends a host in a process that goes on, also one that did not start: then with what it has opened of the database, if anything.</summary>
    public static async Task DisposeAsync(IHost host, SqlDatabases? databases)
    {
        await host.StopAsync(CancellationToken.None);
        databases?.Dispose();
        host.Dispose();
    }
}
