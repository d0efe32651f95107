namespace Rookery.TestKit.Servers;

/// <summary>Three RabbitMQ nodes, of which two are a majority.</summary>
internal sealed class RabbitMqCluster : IAsyncDisposable
{
    private const int Count = 3;

    private readonly ErlangNames _names;

    private RabbitMqCluster(ErlangNames names, IReadOnlyList<RabbitMqServer> nodes) =>
        (_names, Nodes) = (names, nodes);

    public IReadOnlyList<RabbitMqServer> Nodes { get; }

    /// <summary>All nodes, as the setting takes them.</summary>
    public string Uri => string.Join(',', Nodes.Select(node => node.Uri.OriginalString));

    public static async Task<RabbitMqCluster> StartAsync(CancellationToken stop)
    {
        var names = await RabbitMqServer.NewNamesAsync(stop);
        var cluster = new RabbitMqCluster(
            names,
            await RabbitMqServer.PrepareAsync(Count, names, stop)
        );
        try
        {
            // The first begins it, the others join.
            await cluster.Nodes[0].BeginAsync(stop);
            await cluster.StartAllAsync(stop);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Those that do not run; together, since a node that was among the last waits for the others.</summary>
    public Task StartAllAsync(CancellationToken stop) =>
        Task.WhenAll(Nodes.Select(node => node.BeginAsync(stop)));

    public async ValueTask DisposeAsync()
    {
        foreach (var node in Nodes)
        {
            await node.DisposeAsync();
        }

        await _names.DisposeAsync();
    }
}
