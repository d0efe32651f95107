using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Rookery.Adapters.Redis;
using Rookery.Contract.Tests.Timelines;
using Rookery.TestKit.Servers;
using Xunit;

[assembly: AssemblyFixture(typeof(RedisClients))]

namespace Rookery.Contract.Tests.Timelines;

/// <summary>One client for each of the shared servers.</summary>
public sealed class RedisClients : IAsyncDisposable
{
    private readonly Lazy<Task<RedisConnection>> _single = new(async () =>
        await ConnectAsync($"127.0.0.1:{(await (await ServersAsync()).RedisAsync()).Port}")
    );

    private readonly Lazy<Task<RedisConnection>> _cluster = new(async () =>
        await ConnectAsync(NodesOf(await (await ServersAsync()).RedisClusterAsync()))
    );

    /// <summary>A contract opens its rigs without waiting; what is awaited here was mostly awaited before.</summary>
    internal static RedisConnection Single() => Waited(Current()._single.Value);

    internal static RedisConnection Cluster() => Waited(Current()._cluster.Value);

    internal static string NodesOf(RedisCluster cluster) =>
        string.Join(',', cluster.Ports.Select(port => $"127.0.0.1:{port}"));

    internal static async Task<RedisConnection> ConnectAsync(string nodes)
    {
        var connection = new RedisConnection(
            Options.Create(new RedisOptions { Nodes = nodes }),
            NullLogger<RedisConnection>.Instance
        );
        await connection.StartAsync(CancellationToken.None);
        return connection;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var connection in new[] { _single, _cluster })
        {
            if (connection is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
            {
                await (await connection.Value).DisposeAsync();
            }
        }
    }

    private static RedisClients Current() =>
        TestContext.Current.GetFixture<RedisClients>().AsTask().GetAwaiter().GetResult()!;

    private static async Task<SharedServers> ServersAsync() =>
        (await TestContext.Current.GetFixture<SharedServers>())!;

    private static RedisConnection Waited(Task<RedisConnection> connecting) =>
        connecting.GetAwaiter().GetResult();
}
