namespace Rookery.TestKit.Servers;

/// <summary>Starting so that what could not be started leaves nothing behind.</summary>
internal static class Started
{
    public static async Task Async(RealServer server, CancellationToken stop)
    {
        try
        {
            await server.BeginAsync(stop);
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }
}
