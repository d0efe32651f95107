namespace Rookery.Load;

/// <summary>Bytes of a folder, and of a server on it: when it is ready, and what accounts shown and home pages read add to that.</summary>
internal sealed record Footprint(double OnDisk, double Ready, double Cards, double Homes)
{
    private const int Connections = 8;

    public static Footprint Of(ImportedFolder folder, IReadOnlyCollection<long> accounts)
    {
        var ids = accounts.Order().ToArray();
        // Before a server adds its log.
        var onDisk = folder.BytesOnDisk;
        using var server = ServerProcess.Start(null, folder.Data, tight: true);
        var key = server.ServiceKey;
        using var client = new LoadClient(server.Port, Connections);
        var ready = server.ResidentMegabytes * 1024 * 1024;
        ReadAll(client, ids, id => Requests.Get($"/users/{id}", key));
        var shown = server.ResidentMegabytes * 1024 * 1024;
        ReadAll(client, ids, id => Requests.Get($"/timeline?user_id={id}", key));
        var read = server.ResidentMegabytes * 1024 * 1024;
        return new Footprint(onDisk, ready, shown - ready, read - shown);
    }

    private static void ReadAll(LoadClient client, long[] ids, Func<long, byte[]> request)
    {
        var next = 0;
        var run = client.RunClosed(
            new Workload(_ => next == ids.Length ? default : request(ids[next++])),
            TimeSpan.FromHours(1)
        );
        if (run.Errors > 0)
        {
            throw new InvalidOperationException($"{run.Errors} reads failed.");
        }
    }
}
