using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Rookery.TestKit;
using Rookery.TestKit.Servers;

namespace Rookery.SystemTests.OnMemcached;

/// <summary>Two memcacheds of a test's own, and two servers that share them and a PostgreSQL, with so little memory of their own that they need them.</summary>
internal sealed class MemcachedPair : IAsyncDisposable
{
    private readonly TemporaryFolder _oneFolder = new();
    private readonly TemporaryFolder _otherFolder = new();

    public MemcachedServer[] Nodes { get; private set; } = [];

    public ServerProcess One { get; private set; } = null!;

    public ServerProcess Other { get; private set; } = null!;

    public static async Task<MemcachedPair> StartAsync(
        PostgresServer postgres,
        CancellationToken stop
    )
    {
        var pair = new MemcachedPair
        {
            Nodes =
            [
                await MemcachedServer.StartAsync(stop),
                await MemcachedServer.StartAsync(stop),
            ],
        };
        var environment = World.FastSettings.ToDictionary(
            setting => setting.Key.Replace(":", "__", StringComparison.Ordinal),
            setting => setting.Value!
        );
        environment["Databases__Default"] = await postgres.CreateDatabaseAsync(stop);
        environment["Databases__Readers"] = "2";
        environment["Memcached__Nodes"] = string.Join(
            ',',
            pair.Nodes.Select(node => $"127.0.0.1:{node.Port}")
        );
        environment["Reading__PostCacheBytes"] = "32768";
        environment["Accounts__CachedCards"] = "8";
        pair.One = await ServerProcess.StartAsync(pair._oneFolder.Path, stop, environment);
        pair.Other = await ServerProcess.StartAsync(pair._otherFolder.Path, stop, environment);
        return pair;
    }

    /// <summary>How many gets found something, on all nodes together.</summary>
    public async Task<long> HitsAsync(CancellationToken stop)
    {
        var hits = 0L;
        foreach (var node in Nodes)
        {
            hits += await StatAsync(node.Port, "get_hits", stop);
        }

        return hits;
    }

    public async ValueTask DisposeAsync()
    {
        await One.DisposeAsync();
        await Other.DisposeAsync();
        foreach (var node in Nodes)
        {
            await node.DisposeAsync();
        }

        _oneFolder.Dispose();
        _otherFolder.Dispose();
    }

    private static async Task<long> StatAsync(int port, string name, CancellationToken stop)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", port, stop);
        await client.GetStream().WriteAsync("stats\r\nquit\r\n"u8.ToArray(), stop);
        using var reader = new StreamReader(client.GetStream(), Encoding.ASCII);
        var lines = await reader.ReadToEndAsync(stop);
        var line = lines
            .Split("\r\n")
            .Single(line => line.StartsWith($"STAT {name} ", StringComparison.Ordinal));
        return long.Parse(line.Split(' ')[2], CultureInfo.InvariantCulture);
    }
}
