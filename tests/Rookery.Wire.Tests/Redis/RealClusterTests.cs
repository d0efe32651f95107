using System.Diagnostics;
using System.Text;
using Rookery.TestKit;
using Rookery.TestKit.Servers;
using Rookery.Wire.Redis;
using Xunit;

namespace Rookery.Wire.Tests.Redis;

/// <summary>A real cluster of three masters and three replicas, while its parts are killed, change places and hand over slots.</summary>
public sealed class RealClusterTests
{
    private static readonly string[] Keys = [.. Enumerable.Range(0, 30).Select(i => $"counter{i}")];

    private static CancellationToken Stop => Clients.Stop;

    [Fact]
    public async Task When_a_master_is_killed_its_replica_is_found_and_the_other_shards_do_not_notice()
    {
        await using var cluster = await RedisCluster.StartAsync(Stop);
        await using var client = await ConnectAsync(cluster);
        var victim = await cluster.MasterOfAsync(Keys[0], Stop);
        var replica = await cluster.ReplicaOfAsync(victim, Stop);
        var affected = client.Sources.Single(one => one.Source.Endpoint == victim.Endpoint()).Slots;
        bool IsAffected(string key) =>
            affected.Any(range => Slot(key) >= range.First && Slot(key) <= range.Last);

        await using var workload = new CountingWorkload(client, Keys);
        await Wait.UntilAsync(
            () => Task.FromResult(workload.Acknowledged > 3000),
            () => "the workload runs",
            Stop
        );
        await victim.KillAsync();
        var killed = Stopwatch.GetTimestamp();
        await Wait.UntilAsync(
            () => Task.FromResult(workload[Keys[0]].LastAnsweredBy == replica.Endpoint()),
            () => $"the replica answers; {workload[Keys[0]].FirstTrouble}",
            Stop
        );
        var recovered = Stopwatch.GetElapsedTime(killed);
        await workload.EndAsync();

        TestContext.Current.TestOutputHelper!.WriteLine(
            $"killed {victim.ProcessId}; {workload.Acknowledged} acknowledged; back after {recovered.TotalSeconds:0.0} s"
        );
        Assert.InRange(recovered, TimeSpan.Zero, TimeSpan.FromSeconds(15));
        Assert.Contains(Keys, key => !IsAffected(key));
        foreach (var key in Keys)
        {
            var account = workload[key];
            var value = await ValueAsync(client, key);
            if (IsAffected(key))
            {
                // What was acknowledged just before may be lost: it is replicated after the answer.
                Assert.InRange(value, 1, account.Acknowledged + account.Unknown);
                continue;
            }

            Assert.Null(account.FirstTrouble);
            Assert.Equal(account.Acknowledged, value);
        }
    }

    [Fact]
    public async Task When_a_master_is_frozen_its_replica_is_found_and_what_it_was_asked_is_unknown()
    {
        await using var cluster = await RedisCluster.StartAsync(Stop);
        await using var client = await ConnectAsync(cluster);
        var victim = await cluster.MasterOfAsync(Keys[0], Stop);
        var replica = await cluster.ReplicaOfAsync(victim, Stop);
        var get = RedisCommand.Of("GET", Keys[0]);
        await victim.StopAsync();
        var frozen = Stopwatch.GetTimestamp();
        var asked = new List<Task<RedisReply>>();
        await Wait.UntilAsync(
            async () =>
            {
                asked.Add(client.SendAsync(get, Stop).AsTask());
                var done = await Task.WhenAll(asked.Where(one => one.IsCompleted));
                return done.Any(reply => reply.Source?.Endpoint == replica.Endpoint());
            },
            () => "the replica answers",
            Stop,
            every: TimeSpan.FromMilliseconds(50)
        );
        var recovered = Stopwatch.GetElapsedTime(frozen);
        Assert.InRange(recovered, TimeSpan.Zero, TimeSpan.FromSeconds(15));
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"back after {recovered.TotalSeconds:0.0} s"
        );
        foreach (var one in asked)
        {
            var reply = await one;
            Assert.True(
                reply.Failure is { NeverSent: false }
                    || reply.Source!.Endpoint == replica.Endpoint()
            );
        }
    }

    [Fact]
    public async Task When_a_replica_takes_over_in_good_order_nothing_is_lost_and_the_source_is_another()
    {
        await using var cluster = await RedisCluster.StartAsync(Stop);
        await using var client = await ConnectAsync(cluster);
        var master = await cluster.MasterOfAsync(Keys[0], Stop);
        var replica = await cluster.ReplicaOfAsync(master, Stop);
        var get = RedisCommand.Of("GET", Keys[0]);
        var before = await client.SendAsync(get, Stop);
        await using var workload = new CountingWorkload(client, Keys);
        await RedisCluster.FailoverAsync(replica, Stop);
        await Wait.UntilAsync(
            () => Task.FromResult(workload[Keys[0]].LastAnsweredBy == replica.Endpoint()),
            () => "the new master answers",
            Stop
        );

        await cluster.SettledAsync(Stop);
        await RedisCluster.FailoverAsync(master, Stop);
        await Wait.UntilAsync(
            () => Task.FromResult(workload[Keys[0]].LastAnsweredBy == master.Endpoint()),
            () => "the old master answers again",
            Stop
        );
        await workload.EndAsync();
        // The old master's connection stayed open all the time.
        var after = await client.SendAsync(get, Stop);
        Assert.Equal(before.Source!.Endpoint, after.Source!.Endpoint);
        Assert.NotEqual(before.Source, after.Source);
        Assert.False(before.Source.IsCurrent);
        foreach (var key in Keys)
        {
            Assert.Null(workload[key].FirstTrouble);
            Assert.Equal(workload[key].Acknowledged, await ValueAsync(client, key));
        }
    }

    [Fact]
    public async Task While_a_slot_is_handed_over_its_keys_are_found_and_counted_exactly()
    {
        await using var cluster = await RedisCluster.StartAsync(Stop);
        await using var client = await ConnectAsync(cluster);
        string[] keys = [.. Enumerable.Range(0, 40).Select(i => $"{{moved}}{i}")];
        var source = await cluster.MasterOfAsync(keys[0], Stop);
        var target = await OtherMasterAsync(cluster, source);
        await using var workload = new CountingWorkload(client, keys);
        await Wait.UntilAsync(
            () => Task.FromResult(workload.Acknowledged > 1000),
            () => "the workload runs",
            Stop
        );
        await HandOverAsync(cluster, source, target, keys);
        await Wait.UntilAsync(
            () =>
                Task.FromResult(keys.All(key => workload[key].LastAnsweredBy == target.Endpoint())),
            () => "all keys are answered by their new node",
            Stop
        );
        await workload.EndAsync();
        foreach (var key in keys)
        {
            Assert.Null(workload[key].FirstTrouble);
            Assert.Equal(workload[key].Acknowledged, await ValueAsync(client, key));
        }
    }

    [Fact]
    public async Task Transactions_run_on_every_shard()
    {
        var servers = await TestContext.Current.GetFixture<SharedServers>();
        await using var client = await ConnectAsync(await servers!.RedisClusterAsync());
        var used = new HashSet<WireEndpoint>();
        for (var i = 0; i < 30; i++)
        {
            await using var transaction = await client.WatchAsync([$"tx{i}"], null, Stop);
            var writes = new RedisBatch();
            writes.Add("SET", $"tx{i}", i);
            Assert.True(await transaction.ExecuteAsync(writes, Stop));
            used.Add(transaction.Source.Endpoint);
        }

        Assert.Equal(3, used.Count);
    }

    /// <summary>The steps of the cluster's manual, with time between them for the workload to meet each.</summary>
    private static async Task HandOverAsync(
        RedisCluster cluster,
        RedisServer source,
        RedisServer target,
        string[] keys
    )
    {
        var slot = $"{Slot(keys[0])}";
        var from = await source.AskAsync(Stop, "cluster", "myid");
        var to = await target.AskAsync(Stop, "cluster", "myid");
        await target.AskAsync(Stop, "cluster", "setslot", slot, "importing", from);
        await source.AskAsync(Stop, "cluster", "setslot", slot, "migrating", to);
        foreach (var key in keys)
        {
            await source.AskAsync(Stop, "migrate", "127.0.0.1", $"{target.Port}", key, "0", "5000");
        }

        await target.AskAsync(Stop, "cluster", "setslot", slot, "node", to);
        await source.AskAsync(Stop, "cluster", "setslot", slot, "node", to);
        Assert.Equal(target, await cluster.MasterOfAsync(keys[0], Stop));
    }

    private static async Task<RedisServer> OtherMasterAsync(
        RedisCluster cluster,
        RedisServer master
    )
    {
        foreach (var node in cluster.Nodes)
        {
            if (node != master && await RedisCluster.IsMasterAsync(node, Stop))
            {
                return node;
            }
        }

        throw new InvalidOperationException("There is one master.");
    }

    private static async Task<long> ValueAsync(RedisClient client, string key) =>
        (await client.SendAsync(RedisCommand.Of("GET", key), Stop)).OrThrow().AsInteger();

    private static Task<RedisClient> ConnectAsync(RedisCluster cluster) =>
        RedisClient.ConnectAsync(
            Clients.Options(nodes: [.. cluster.Nodes.Take(2).Select(node => node.Endpoint())]),
            Stop
        );

    private static int Slot(string key) => KeySlot.Of(Encoding.UTF8.GetBytes(key));
}
