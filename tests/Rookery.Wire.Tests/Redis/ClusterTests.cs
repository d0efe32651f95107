using System.Collections.Concurrent;
using System.Text;
using Rookery.TestKit;
using Rookery.Wire.Redis;
using Xunit;

namespace Rookery.Wire.Tests.Redis;

/// <summary>Slots that are where they should be, that move, and that nobody seems to have.</summary>
public sealed class ClusterTests
{
    private static CancellationToken Stop => Clients.Stop;

    [Fact]
    public async Task A_batch_is_one_pipeline_for_each_node_and_its_replies_are_in_its_order()
    {
        await using var cluster = new FakeCluster(
            3,
            (node, command) => $"+{node}:{command[1]}\r\n"
        );
        await using var client = await cluster.ConnectAsync();
        Assert.True(client.IsCluster);
        var batch = new RedisBatch();
        for (var i = 0; i < 1000; i++)
        {
            batch.Add("GET", $"key{i}");
        }

        await client.SendAsync(batch, Stop);
        for (var i = 0; i < 1000; i++)
        {
            var owner = cluster.Owners[KeySlot.Of(Encoding.UTF8.GetBytes($"key{i}"))];
            Assert.Equal($"{owner}:key{i}", batch[i].OrThrow().AsText());
            Assert.Equal(cluster[owner], batch[i].Source!.Endpoint);
        }
    }

    [Fact]
    public async Task The_client_tells_who_has_what()
    {
        await using var cluster = new FakeCluster(3, (_, _) => "+OK\r\n");
        var opened = new ConcurrentBag<RedisSource>();
        await using var client = await cluster.ConnectAsync(opened.Add);
        var sources = client.Sources.OrderBy(one => one.Slots[0].First).ToList();
        Assert.Equal(
            [new SlotRange(0, 5461), new SlotRange(5462, 10922), new SlotRange(10923, 16383)],
            sources.Select(one => Assert.Single(one.Slots))
        );
        Assert.Equal(
            [cluster[0], cluster[1], cluster[2]],
            sources.Select(one => one.Source.Endpoint)
        );
        Assert.Equal(sources.Select(one => one.Source).ToHashSet(), opened.ToHashSet());
    }

    [Fact]
    public async Task A_command_runs_at_the_source_that_is_asked_for_while_it_is_current()
    {
        await using var cluster = new FakeCluster(
            2,
            (node, command) => $"+{node}:{command[0]}\r\n"
        );
        await using var client = await cluster.ConnectAsync();
        foreach (var (source, _) in client.Sources)
        {
            var reply = await client.SendAsync(source, RedisCommand.Keyless("INFO"), Stop);
            var node = source.Endpoint == cluster[0] ? 0 : 1;
            Assert.Equal($"{node}:INFO", reply.OrThrow().AsText());
            Assert.Equal(source, reply.Source);
        }

        var other = new RedisSource(cluster[0], 99);
        var none = await client.SendAsync(other, RedisCommand.Keyless("INFO"), Stop);
        Assert.True(none.Failure!.NeverSent);
    }

    [Fact]
    public async Task A_cluster_is_found_through_any_node_that_is_there()
    {
        await using var gone = new FakeServer(peer => peer.BeSilentAsync());
        await gone.DisposeAsync();
        await using var cluster = new FakeCluster(3, (node, _) => $":{node}\r\n");
        await using var client = await RedisClient.ConnectAsync(
            Clients.Options(nodes: [gone.Endpoint, cluster[1]]),
            Stop
        );
        var reply = await client.SendAsync(RedisCommand.Of("GET", cluster.KeyOf(2)), Stop);
        Assert.Equal(2, reply.OrThrow().AsInteger());
    }

    [Fact]
    public async Task A_slot_that_moved_is_followed_and_remembered()
    {
        var asked = new int[2];
        FakeCluster cluster = null!;
        await using var made = cluster = new FakeCluster(
            2,
            (node, command) =>
            {
                Interlocked.Increment(ref asked[node]);
                return node == 0 && Slot(command[1]) < 200
                    ? $"-MOVED {Slot(command[1])} {cluster[1]}\r\n"
                    : $":{node}\r\n";
            }
        );
        await using var client = await cluster.ConnectAsync();
        var before = client.Sources.Single(one => one.Source.Endpoint == cluster[1]).Source;
        cluster.Owners.AsSpan(0, 200).Fill(1);
        var batch = new RedisBatch();
        var moved = Enumerable
            .Range(0, 100_000)
            .Select(i => $"m{i}")
            .Where(key => Slot(key) < 200)
            .Take(50);
        foreach (var key in moved)
        {
            batch.Add("GET", key);
        }

        batch.Add("GET", cluster.KeyOf(0));
        await client.SendAsync(batch, Stop);
        for (var i = 0; i < 50; i++)
        {
            Assert.Equal(1, batch[i].OrThrow().AsInteger());
            Assert.NotEqual(before, batch[i].Source);
            Assert.Equal(cluster[1], batch[i].Source!.Endpoint);
        }

        Assert.Equal(0, batch[50].OrThrow().AsInteger());
        Assert.False(before.IsCurrent);
        Assert.Equal([51, 50], asked);
        await client.SendAsync(batch, Stop);
        Assert.Equal([52, 100], asked);
    }

    [Fact]
    public async Task All_slots_that_a_node_gains_at_once_make_one_new_source()
    {
        var takenOver = false;
        FakeCluster cluster = null!;
        await using var made = cluster = new FakeCluster(
            3,
            (node, command) =>
                takenOver && node == 0 ? $"-MOVED {Slot(command[1])} {cluster[2]}\r\n" : ":1\r\n"
        );
        var opened = new ConcurrentQueue<RedisSource>();
        await using var client = await cluster.ConnectAsync(opened.Enqueue);
        opened.Clear();
        var batch = new RedisBatch();
        for (var i = 0; i < 500; i++)
        {
            batch.Add("GET", $"key{i}");
        }

        takenOver = true;
        cluster.Owners.AsSpan(0, 5462).Fill(2);
        await client.SendAsync(batch, Stop);
        var source = Assert.Single(opened);
        Assert.Equal(cluster[2], source.Endpoint);
        for (var i = 0; i < 500; i++)
        {
            Assert.Equal(1, batch[i].OrThrow().AsInteger());
        }
    }

    [Fact]
    public async Task A_node_that_says_moved_is_believed_before_the_others_know()
    {
        FakeCluster cluster = null!;
        await using var made = cluster = new FakeCluster(
            2,
            (node, command) => node == 0 ? $"-MOVED {Slot(command[1])} {cluster[1]}\r\n" : ":1\r\n"
        );
        await using var client = await cluster.ConnectAsync();
        var reply = await client.SendAsync(RedisCommand.Of("GET", cluster.KeyOf(0)), Stop);
        Assert.Equal(1, reply.OrThrow().AsInteger());
    }

    [Fact]
    public async Task Nodes_that_send_each_other_a_command_end_with_the_redirect()
    {
        var asked = 0;
        FakeCluster cluster = null!;
        await using var made = cluster = new FakeCluster(
            2,
            (node, command) =>
            {
                Interlocked.Increment(ref asked);
                return $"-MOVED {Slot(command[1])} {cluster[1 - node]}\r\n";
            }
        );
        await using var client = await cluster.ConnectAsync();
        var reply = await client.SendAsync(RedisCommand.Of("GET", cluster.KeyOf(0)), Stop);
        Assert.StartsWith("MOVED", reply.Value.AsText(), StringComparison.Ordinal);
        Assert.Equal(6, asked);
    }

    [Fact]
    public async Task A_key_that_is_being_moved_is_asked_for_at_its_new_node_and_the_slot_stays()
    {
        var heard = new ConcurrentQueue<string>();
        FakeCluster cluster = null!;
        await using var made = cluster = new FakeCluster(
            2,
            (node, command) =>
            {
                heard.Enqueue($"{node} {command[0]}");
                return node == 0 ? $"-ASK {Slot(command[1])} {cluster[1]}\r\n"
                    : command[0] == "ASKING" ? "+OK\r\n"
                    : ":7\r\n";
            }
        );
        await using var client = await cluster.ConnectAsync();
        var get = RedisCommand.Of("GET", cluster.KeyOf(0));
        Assert.Equal(7, (await client.SendAsync(get, Stop)).OrThrow().AsInteger());
        Assert.Equal(7, (await client.SendAsync(get, Stop)).OrThrow().AsInteger());
        Assert.Equal(["0 GET", "1 ASKING", "1 GET", "0 GET", "1 ASKING", "1 GET"], heard);
    }

    [Fact]
    public async Task A_node_that_has_no_slots_yet_stays_connected_while_keys_are_moved_to_it()
    {
        FakeCluster cluster = null!;
        await using var made = cluster = new FakeCluster(
            2,
            (node, command) =>
                node == 0 ? $"-ASK {Slot(command[1])} {cluster[1]}\r\n"
                : command[0] == "ASKING" ? "+OK\r\n"
                : ":7\r\n"
        );
        cluster.Owners.AsSpan().Clear();
        await using var client = await cluster.ConnectAsync();
        var sources = new HashSet<RedisSource>();
        for (var i = 0; i < 5; i++)
        {
            var reply = await client.SendAsync(RedisCommand.Of("GET", "k"), Stop);
            Assert.Equal(7, reply.OrThrow().AsInteger());
            sources.Add(reply.Source!);
            await client.RefreshAsync(Stop);
        }

        Assert.Single(sources);
        Assert.Equal(1, cluster.ConnectionsOf(1));
    }

    [Fact]
    public async Task A_node_whose_slots_are_gone_is_forgotten_after_a_while()
    {
        await using var cluster = new FakeCluster(3, (_, _) => "+PONG\r\n");
        var time = new FakeTime();
        await using var topology = new RedisTopology(Clients.Options(time, nodes: cluster[0]));
        await topology.StartAsync(Stop);
        Assert.Equal(3, topology.Nodes.Count());
        cluster.Owners.AsSpan().Replace(2, 1);
        var before = time.GetTimestamp();
        await Wait.UntilAsync(
            () =>
            {
                time.Advance(TimeSpan.FromMilliseconds(500));
                return Task.FromResult(topology.Nodes.Count() == 2);
            },
            () => "the node is forgotten",
            Stop,
            // The nodes are asked over real sockets with a patience in this time: between two steps of it they must be able to answer.
            TimeSpan.FromMilliseconds(50)
        );
        Assert.DoesNotContain(topology.Nodes, node => node.Endpoint == cluster[2]);
        Assert.True(time.GetElapsedTime(before) > TimeSpan.FromMinutes(1));
    }

    [Theory]
    [InlineData("-TRYAGAIN Multiple keys request during rehashing of slot\r\n")]
    [InlineData("-CLUSTERDOWN The cluster is down\r\n")]
    [InlineData("-LOADING Redis is loading the dataset in memory\r\n")]
    public async Task What_passes_is_tried_again_and_what_does_not_pass_is_the_reply(string error)
    {
        var asked = 0;
        var passes = true;
        await using var cluster = new FakeCluster(
            2,
            (_, _) => passes && Interlocked.Increment(ref asked) == 3 ? ":1\r\n" : error
        );
        await using var client = await cluster.ConnectAsync();
        var get = RedisCommand.Of("GET", cluster.KeyOf(0));
        Assert.Equal(1, (await client.SendAsync(get, Stop)).OrThrow().AsInteger());
        passes = false;
        Assert.Equal(error[1..^2], (await client.SendAsync(get, Stop)).Value.AsText());
    }

    [Fact]
    public async Task A_node_that_breaks_fails_its_own_commands_alone()
    {
        await using var cluster = new FakeCluster(
            3,
            (node, _) => node == 1 ? null : $":{node}\r\n"
        );
        await using var client = await cluster.ConnectAsync();
        var batch = new RedisBatch();
        for (var i = 0; i < 3; i++)
        {
            batch.Add("GET", cluster.KeyOf(i));
        }

        await client.SendAsync(batch, Stop);
        Assert.Equal(0, batch[0].OrThrow().AsInteger());
        Assert.False(batch[1].Failure!.NeverSent);
        Assert.Equal(2, batch[2].OrThrow().AsInteger());
    }

    [Fact]
    public async Task Who_takes_over_the_slots_of_a_node_that_is_gone_is_found()
    {
        FakeCluster cluster = null!;
        var gone = false;
        await using var made = cluster = new FakeCluster(
            3,
            (node, _) => node == 1 && gone ? null : $":{node}\r\n"
        );
        cluster.Owners.AsSpan(10923).Clear();
        await using var client = await cluster.ConnectAsync();
        var get = RedisCommand.Of("GET", cluster.KeyOf(1));
        Assert.Equal(1, (await client.SendAsync(get, Stop)).OrThrow().AsInteger());
        Assert.Equal(0, cluster.ConnectionsOf(2));
        gone = true;
        Assert.NotNull((await client.SendAsync(get, Stop)).Failure);
        cluster.Owners.AsSpan(5462, 5461).Fill(2);
        await Wait.UntilAsync(
            async () =>
                (await client.SendAsync(get, Stop)) is { Failure: null } reply
                && reply.OrThrow().AsInteger() == 2,
            () => "the command reaches the new owner",
            Stop
        );
    }

    [Fact]
    public async Task A_node_that_is_cut_off_from_the_others_is_not_believed()
    {
        await using var cluster = new FakeCluster(3, (node, _) => $":{node}\r\n");
        await using var client = await cluster.ConnectAsync(null, 0, 1, 2);
        var get = RedisCommand.Of("GET", cluster.KeyOf(0));
        cluster.CutOff.Add(0);
        cluster.Views[0] = [.. cluster.Owners];
        cluster.Owners.AsSpan(0, 5462).Fill(2);
        await Wait.UntilAsync(
            async () =>
            {
                await client.RefreshAsync(Stop);
                return (await client.SendAsync(get, Stop)).OrThrow().AsInteger() == 2;
            },
            () => "the others are believed",
            Stop
        );
        for (var i = 0; i < 10; i++)
        {
            await client.RefreshAsync(Stop);
            Assert.Equal(2, (await client.SendAsync(get, Stop)).OrThrow().AsInteger());
        }
    }

    [Fact]
    public async Task A_transaction_begins_where_its_slot_is_now()
    {
        FakeCluster cluster = null!;
        await using var made = cluster = new FakeCluster(
            2,
            (node, command) =>
                node == 0 && command.Length > 1 ? $"-MOVED {Slot(command[1])} {cluster[1]}\r\n"
                : command[0] == "GET" ? "$1\r\nv\r\n"
                : "+OK\r\n"
        );
        await using var client = await cluster.ConnectAsync();
        var key = cluster.KeyOf(0);
        var reads = new RedisBatch();
        reads.Add("GET", key);
        await using var transaction = await client.WatchAsync([key], reads, Stop);
        Assert.Equal(cluster[1], transaction.Source.Endpoint);
        Assert.Equal("v", reads[0].OrThrow().AsText());
    }

    [Fact]
    public async Task A_transaction_on_a_slot_that_is_being_moved_is_refused_and_nothing_was_run()
    {
        FakeCluster cluster = null!;
        await using var made = cluster = new FakeCluster(
            2,
            (_, command) =>
                command.Length > 1 ? $"-ASK {Slot(command[1])} {cluster[1]}\r\n" : "+OK\r\n"
        );
        await using var client = await cluster.ConnectAsync();
        var thrown = await Assert.ThrowsAsync<WireUnavailableException>(async () =>
            await client.WatchAsync([cluster.KeyOf(0)], null, Stop)
        );
        Assert.True(thrown.NeverSent);
        Assert.Contains("ASK", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_transaction_whose_slot_moved_meanwhile_is_a_conflict()
    {
        FakeCluster cluster = null!;
        await using var made = cluster = new FakeCluster(
            2,
            (_, command) =>
                command[0] switch
                {
                    "DEL" => $"-MOVED {Slot(command[1])} {cluster[1]}\r\n",
                    "EXEC" => "-EXECABORT Transaction discarded because of previous errors.\r\n",
                    _ => "+OK\r\n",
                }
        );
        await using var client = await cluster.ConnectAsync();
        var key = cluster.KeyOf(0);
        await using var transaction = await client.WatchAsync([key], null, Stop);
        var writes = new RedisBatch();
        writes.Add("DEL", key);
        Assert.False(await transaction.ExecuteAsync(writes, Stop));
    }

    private static int Slot(string key) => KeySlot.Of(Encoding.UTF8.GetBytes(key));
}
