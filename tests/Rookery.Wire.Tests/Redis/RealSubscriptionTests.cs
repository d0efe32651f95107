using Rookery.TestKit;
using Rookery.TestKit.Servers;
using Rookery.Wire.Redis;
using Xunit;

namespace Rookery.Wire.Tests.Redis;

public sealed class RealSubscriptionTests
{
    private static CancellationToken Stop => Clients.Stop;

    [Fact]
    public async Task What_is_published_is_heard_and_a_killed_server_is_a_gap()
    {
        await using var server = await RedisServer.StartAsync(Stop);
        await using var client = await server.ConnectAsync();
        var ears = new Ears();
        await using var subscription = await client.SubscribeAsync("news", ears.Told, Stop);
        var batch = new RedisBatch();
        for (var i = 0; i < 500; i++)
        {
            batch.Add("PUBLISH", "news", $"{i}");
        }

        await client.SendAsync(batch, Stop);
        await ears.HearsAsync(["<Listening>", .. Enumerable.Range(0, 500).Select(i => $"{i}")]);
        await server.RestartAsync(Stop);
        await ears.HearsAsync("<Interrupted>", "<Listening>");
        await client.AnsweredAsync("k");
        var published = await client.SendAsync(RedisCommand.Of("PUBLISH", "news", "again"), Stop);
        Assert.Equal(1, published.OrThrow().AsInteger());
        await ears.HearsAsync("again");
        await subscription.DisposeAsync();
        await Wait.UntilAsync(
            async () =>
                (await client.SendAsync(RedisCommand.Of("PUBLISH", "news", "to nobody"), Stop))
                    .OrThrow()
                    .AsInteger() == 0,
            () => "nobody listens",
            Stop
        );
    }

    [Fact]
    public async Task In_a_cluster_a_channel_is_heard_from_everywhere_and_a_sharded_one_after_a_change_of_masters()
    {
        await using var cluster = await RedisCluster.StartAsync(Stop);
        await using var client = await RedisClient.ConnectAsync(
            Clients.Options(nodes: [cluster.Nodes[0].Endpoint()]),
            Stop
        );
        var (everywhere, sharded) = (new Ears(), new Ears());
        await using var first = await client.SubscribeAsync("news", everywhere.Told, Stop);
        await using var second = await client.SubscribeShardedAsync("here", sharded.Told, Stop);
        await everywhere.HearsAsync("<Listening>");
        await sharded.HearsAsync("<Listening>");
        foreach (var node in cluster.Nodes)
        {
            await node.AskAsync(Stop, "publish", "news", $"{node.Port}");
            await everywhere.HearsAsync($"{node.Port}");
        }

        (await client.SendAsync(RedisCommand.Of("SPUBLISH", "here", "before"), Stop)).OrThrow();
        await sharded.HearsAsync("before");

        var master = await cluster.MasterOfAsync("here", Stop);
        await master.KillAsync();
        await sharded.HearsAsync("<Interrupted>", "<Listening>");
        (await client.SendAsync(RedisCommand.Of("SPUBLISH", "here", "after"), Stop)).OrThrow();
        await sharded.HearsAsync("after");
    }
}
