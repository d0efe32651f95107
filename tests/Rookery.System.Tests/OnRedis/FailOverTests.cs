using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Rookery.TestKit;
using Rookery.TestKit.Servers;
using Rookery.Verification;
using Xunit;

namespace Rookery.SystemTests.OnRedis;

/// <summary>A replica takes over that has not got everything which its master had acknowledged.</summary>
public sealed class FailOverTests(ITestOutputHelper output) : IAsyncLifetime
{
    private RedisCluster _cluster = null!;
    private World _world = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string List => $"rookery:1:{{{_world.Bob.Id}}}l";

    public async ValueTask InitializeAsync()
    {
        _cluster = await RedisCluster.StartAsync(Stop);
        var settings = new Dictionary<string, string?>
        {
            ["Redis:Nodes"] = string.Join(',', _cluster.Ports.Select(port => $"127.0.0.1:{port}")),
            ["Timelines:MergeAtReadAbove"] = "5",
        };
        _world = await World.CreateAsync(Stop, settings);
    }

    public async ValueTask DisposeAsync()
    {
        await _world.DisposeAsync();
        await _cluster.DisposeAsync();
    }

    [Fact]
    public async Task What_a_replica_lost_is_delivered_again_and_no_page_ever_lacks_it()
    {
        var kept = await PostAsync();
        await UntilLengthAsync(await _cluster.MasterOfAsync(List, Stop), atLeast: 3);
        var master = await _cluster.MasterOfAsync(List, Stop);
        var replica = await _cluster.ReplicaOfAsync(master, Stop);
        await UntilLengthAsync(replica, atLeast: 3);

        var lost = await PostUnreplicatedAsync(master, replica);
        var whole = await LengthAsync(master);
        await master.KillAsync();
        await replica.ContinueAsync();
        var (pages, shortest) = await ReadUntilTakenOverAsync(replica, whole, [lost, kept]);
        output.WriteLine(
            $"killed pid {master.ProcessId}; {pages} pages read meanwhile, none short; the list had {shortest} of {whole} elements on the new master"
        );

        Assert.True(shortest < whole, "Nothing was lost, so nothing was shown.");
        Assert.Equal([lost, kept], await HomeAsync());
        await foreach (var report in Verify().HandleAsync(repair: false, Stop))
        {
            Assert.True(report.Different == 0, string.Join("; ", report.Differences));
        }
    }

    /// <summary>The replica stands still and its connection is cut: what is pushed now is acknowledged, and with the master gone.</summary>
    private async Task<PostId> PostUnreplicatedAsync(RedisServer master, RedisServer replica)
    {
        var before = await LengthAsync(master);
        await replica.StopAsync();
        await master.AskAsync(Stop, "client", "kill", "type", "replica");
        var post = await PostAsync();
        await UntilLengthAsync(master, before + 1);
        return post;
    }

    /// <summary>Reads pages until the replica is the master and its list is whole again. Answers how many, and how short that list was.</summary>
    private async Task<(int Pages, long Shortest)> ReadUntilTakenOverAsync(
        RedisServer replica,
        long whole,
        PostId[] right
    )
    {
        var (pages, shortest) = (0, long.MaxValue);
        await Wait.UntilAsync(
            async () =>
            {
                Assert.Equal(right, await HomeAsync());
                pages++;
                var length = await LengthAsync(replica);
                shortest = Math.Min(shortest, length);
                return length >= whole && await RedisCluster.IsMasterAsync(replica, Stop);
            },
            () => $"the list is whole on the new master\n{replica.Output}",
            Stop
        );
        return (pages, shortest);
    }

    private VerifyAll Verify() => _world.Server.Services.GetRequiredService<VerifyAll>();

    private async Task<PostId> PostAsync() =>
        new((await _world.Alice.PostAsync("text", Stop)).Require(201).Id("tweet_id"));

    private async Task<List<PostId>> HomeAsync() =>
        [.. (await _world.Bob.HomeAsync(new Page(20), Stop)).Select(entry => entry.Id)];

    /// <summary>As the server has it, be it a master or a replica; 0 where it does not say.</summary>
    private async Task<long> LengthAsync(RedisServer server)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, server.Port, Stop);
        var stream = client.GetStream();
        await stream.WriteAsync(
            Encoding.ASCII.GetBytes($"READONLY\r\nLLEN {List}\r\nQUIT\r\n"),
            Stop
        );
        using var answers = new StreamReader(stream);
        var lines = (await answers.ReadToEndAsync(Stop)).Split("\r\n");
        return long.TryParse(lines[1].TrimStart(':'), CultureInfo.InvariantCulture, out var length)
            ? length
            : 0;
    }

    private Task UntilLengthAsync(RedisServer server, long atLeast) =>
        Wait.UntilAsync(
            async () =>
            {
                await HomeAsync();
                return await LengthAsync(server) >= atLeast;
            },
            () => $"bob's list has {atLeast} elements on port {server.Port}",
            Stop
        );
}
