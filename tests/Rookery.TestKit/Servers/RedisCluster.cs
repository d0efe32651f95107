using System.Diagnostics;

namespace Rookery.TestKit.Servers;

/// <summary>A Redis Cluster of three masters and three replicas.</summary>
internal sealed class RedisCluster : IAsyncDisposable
{
    private const int Masters = 3;

    private readonly List<RedisServer> _nodes = [];

    private RedisCluster() { }

    public IReadOnlyList<RedisServer> Nodes => _nodes;

    public IReadOnlyList<int> Ports => [.. _nodes.Select(node => node.Port)];

    public static async Task<RedisCluster> StartAsync(
        CancellationToken stop,
        string? password = null
    )
    {
        var cluster = new RedisCluster();
        try
        {
            for (var number = 0; number < 2 * Masters; number++)
            {
                cluster._nodes.Add(await RedisServer.StartAsync(stop, Node(password)));
            }

            await cluster.JoinAsync(stop);
            await cluster.SettledAsync(stop);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Makes a replica the master of its shard, in good order.</summary>
    public static async Task FailoverAsync(RedisServer replica, CancellationToken stop)
    {
        var answer = await replica.AskAsync(stop, "cluster", "failover");
        var asked = Stopwatch.GetTimestamp();
        await Wait.UntilAsync(
            async () =>
            {
                // It gives up after five seconds where the replica cannot catch up, or is not linked yet.
                if (Stopwatch.GetElapsedTime(asked) > TimeSpan.FromSeconds(6))
                {
                    answer = await replica.AskAsync(stop, "cluster", "failover");
                    asked = Stopwatch.GetTimestamp();
                }

                return await IsMasterAsync(replica, stop);
            },
            () => $"the node on port {replica.Port} is a master; it said {answer}",
            stop,
            every: TimeSpan.FromMilliseconds(50)
        );
    }

    /// <summary>The node that holds the key's slot, as a node that lives tells it.</summary>
    public async Task<RedisServer> MasterOfAsync(string key, CancellationToken stop)
    {
        var living = _nodes.First(node => node.IsRunning);
        var slot = int.Parse(
            await living.AskAsync(stop, "cluster", "keyslot", key),
            System.Globalization.CultureInfo.InvariantCulture
        );
        var owner = (await NodeLinesAsync(living, stop)).Single(line => line.Has(slot));
        return _nodes.Single(node => node.Port == owner.Port);
    }

    public async Task<RedisServer> ReplicaOfAsync(RedisServer master, CancellationToken stop)
    {
        NodeLine? replica = null;
        await Wait.UntilAsync(
            async () =>
            {
                var lines = await NodeLinesAsync(master, stop);
                var id = lines.Single(line => line.Port == master.Port).Id;
                replica = lines.Find(line => line.Master == id);
                return replica is not null;
            },
            () => $"the node on port {master.Port} knows its replica",
            stop
        );
        return _nodes.Single(node => node.Port == replica!.Port);
    }

    public static async Task<bool> IsMasterAsync(RedisServer node, CancellationToken stop) =>
        (await node.AskAsync(stop, "role")).StartsWith("master", StringComparison.Ordinal);

    /// <summary>Completes when every node that runs finds the cluster whole and every replica among them is linked.</summary>
    public Task SettledAsync(CancellationToken stop) =>
        Wait.UntilAsync(
            async () =>
            {
                foreach (var node in _nodes.Where(node => node.IsRunning))
                {
                    if (!await IsSettledAsync(node, stop))
                    {
                        return false;
                    }
                }

                return true;
            },
            () => $"the cluster is whole\n{_nodes[0].Output}",
            stop
        );

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
        {
            await node.DisposeAsync();
        }
    }

    // By default a shard without a master stops the others too.
    // The bus's port is 10,000 above the other unless it is named, and that may be taken.
    private static RedisSetup Node(string? password) =>
        new(password)
        {
            Arguments =
            [
                .. "--cluster-enabled yes --cluster-config-file nodes.conf --cluster-node-timeout 2000 --cluster-require-full-coverage no --cluster-port".Split(
                    ' '
                ),
                $"{FreePort.Take()}",
            ],
        };

    private async Task JoinAsync(CancellationToken stop) =>
        await _nodes[0]
            .AskAsync(
                stop,
                [
                    "--cluster",
                    "create",
                    .. Ports.Select(port => $"127.0.0.1:{port}"),
                    "--cluster-replicas",
                    "1",
                    "--cluster-yes",
                ]
            );

    private async Task<bool> IsSettledAsync(RedisServer node, CancellationToken stop)
    {
        var state = await node.AskAsync(stop, "cluster", "info");
        var replication = await node.AskAsync(stop, "info", "replication");
        return state.Contains("cluster_state:ok", StringComparison.Ordinal)
            && !replication.Contains("master_link_status:down", StringComparison.Ordinal)
            && (
                !replication.Contains("role:master", StringComparison.Ordinal)
                || _nodes.Exists(one => !one.IsRunning)
                || replication.Contains("state=online", StringComparison.Ordinal)
            );
    }

    private static async Task<List<NodeLine>> NodeLinesAsync(
        RedisServer node,
        CancellationToken stop
    ) => [.. (await node.AskAsync(stop, "cluster", "nodes")).Split('\n').Select(NodeLine.Parse)];

    /// <summary>A line of CLUSTER NODES: id, address, flags, master, three numbers, state, slots.</summary>
    private sealed record NodeLine(string Id, int Port, string Master, string[] Slots)
    {
        public static NodeLine Parse(string line)
        {
            var fields = line.TrimEnd('\r').Split(' ');
            return new NodeLine(
                fields[0],
                Number(fields[1].Split(':')[1].Split('@')[0]),
                fields[3],
                fields[8..]
            );
        }

        public bool Has(int slot) =>
            Slots
                .Where(range => !range.StartsWith('['))
                .Select(range => range.Split('-'))
                .Any(range => slot >= Number(range[0]) && slot <= Number(range[^1]));

        private static int Number(string text) =>
            int.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
    }
}
