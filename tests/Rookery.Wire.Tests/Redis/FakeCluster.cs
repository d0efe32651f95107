using System.Text;
using Rookery.Wire.Redis;

namespace Rookery.Wire.Tests.Redis;

/// <summary>Nodes that greet, tell who has which slots, and answer everything else as the test says.</summary>
internal sealed class FakeCluster : IAsyncDisposable
{
    private readonly List<FakeServer> _nodes = [];

    /// <param name="answer">what a node, by its number from 0, answers to a command; null: it closes the connection</param>
    public FakeCluster(int nodes, Func<int, string[], string?> answer)
    {
        for (var i = 0; i < nodes; i++)
        {
            var number = i;
            _nodes.Add(new FakeServer(peer => ServeAsync(peer, number, answer)));
        }

        Owners = Enumerable
            .Range(0, KeySlot.Count)
            .Select(slot => slot * nodes / KeySlot.Count)
            .ToArray();
    }

    /// <summary>By slot, as the nodes tell it.</summary>
    public int[] Owners { get; }

    /// <summary>Nodes that say that they are cut off.</summary>
    public HashSet<int> CutOff { get; } = [];

    /// <summary>What a node tells of the owners, where it is not what all tell.</summary>
    public Dictionary<int, int[]> Views { get; } = [];

    public WireEndpoint this[int node] => _nodes[node].Endpoint;

    public int ConnectionsOf(int node) => _nodes[node].Connections;

    /// <summary>A key of one of the node's slots, as they are told now.</summary>
    public string KeyOf(int node, int number = 0) =>
        Enumerable
            .Range(0, 100_000)
            .Select(i => $"key{i}")
            .Where(key => Owners[KeySlot.Of(Encoding.UTF8.GetBytes(key))] == node)
            .ElementAt(number);

    public Task<RedisClient> ConnectAsync(Action<RedisSource>? opened = null, params int[] seeds) =>
        RedisClient.ConnectAsync(
            Clients.Options(
                opened: opened,
                nodes: [.. (seeds.Length > 0 ? seeds : [0]).Select(seed => this[seed])]
            ),
            Clients.Stop
        );

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
        {
            await node.DisposeAsync();
        }
    }

    private async Task ServeAsync(FakePeer peer, int number, Func<int, string[], string?> answer)
    {
        await peer.GreetAsync(mode: "cluster");
        while (await peer.CommandAsync() is { } command)
        {
            var reply = command[0] switch
            {
                "CLUSTER" => command[1] == "SLOTS" ? SlotsSeenBy(number) : InfoOf(number),
                _ => answer(number, command),
            };
            if (reply is null)
            {
                peer.Reset();
                return;
            }

            await peer.SendAsync(reply);
        }
    }

    private string InfoOf(int node)
    {
        var info = CutOff.Contains(node) ? "cluster_state:fail\r\n" : "cluster_state:ok\r\n";
        return $"${info.Length}\r\n{info}\r\n";
    }

    private string SlotsSeenBy(int node)
    {
        var owners = Views.GetValueOrDefault(node, Owners);
        var ranges = new List<string>();
        for (var first = 0; first < owners.Length; )
        {
            var last = first;
            while (last + 1 < owners.Length && owners[last + 1] == owners[first])
            {
                last++;
            }

            var port = this[owners[first]].Port;
            ranges.Add(
                $"*3\r\n:{first}\r\n:{last}\r\n*4\r\n$9\r\n127.0.0.1\r\n:{port}\r\n$2\r\nid\r\n*0\r\n"
            );
            first = last + 1;
        }

        return $"*{ranges.Count}\r\n{string.Concat(ranges)}";
    }
}
