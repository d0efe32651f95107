using Rookery.Wire.Redis;
using Rookery.Wire.Resp;
using Xunit;

namespace Rookery.Wire.Tests.Redis;

/// <summary>The bytes of a transaction, and what can come back at each of its steps.</summary>
public sealed class TransactionTests
{
    private static CancellationToken Stop => Clients.Stop;

    [Fact]
    public async Task Watching_and_reading_is_one_round_trip_and_executing_another()
    {
        var heard = new List<string>();
        await using var server = Serve(async peer =>
        {
            await HearAsync(peer, heard, 3);
            await peer.SendAsync("+OK\r\n$1\r\nT\r\n*1\r\n$1\r\ne\r\n");
            await HearAsync(peer, heard, 4);
            await peer.SendAsync(
                "+OK\r\n+QUEUED\r\n+QUEUED\r\n*2\r\n+OK\r\n-WRONGTYPE no list\r\n"
            );
        });
        await using var client = await Clients.ConnectAsync(server);
        var reads = new RedisBatch();
        reads.Add("GET", "{a}token");
        reads.Add("LRANGE", "{a}list", 0, -1);
        await using var transaction = await client.WatchAsync(["{a}token", "{a}list"], reads, Stop);
        Assert.Equal("T", reads[0].OrThrow().AsText());
        Assert.Equal("e", reads[1].OrThrow()[0].AsText());
        Assert.Equal(transaction.Source, reads[1].Source);

        var writes = new RedisBatch();
        writes.Add("SET", "{a}token", "U");
        writes.Add("LLEN", "{a}token");
        Assert.True(await transaction.ExecuteAsync(writes, Stop));
        Assert.True(writes[0].OrThrow().IsOk);
        Assert.Equal(
            "WRONGTYPE",
            Assert.Throws<RespErrorException>(() => writes[1].OrThrow()).Code
        );
        Assert.Equal(transaction.Source, writes[0].Source);
        Assert.Equal(
            [
                "WATCH {a}token {a}list",
                "GET {a}token",
                "LRANGE {a}list 0 -1",
                "MULTI",
                "SET {a}token U",
                "LLEN {a}token",
                "EXEC",
            ],
            heard
        );
    }

    [Theory]
    [InlineData("*-1\r\n")]
    [InlineData("_\r\n")]
    public async Task A_watched_key_that_was_changed_is_a_conflict(string executed)
    {
        await using var server = Serve(async peer =>
        {
            await HearAsync(peer, [], 1);
            await peer.SendAsync("+OK\r\n");
            await HearAsync(peer, [], 3);
            await peer.SendAsync("+OK\r\n+QUEUED\r\n" + executed);
        });
        await using var client = await Clients.ConnectAsync(server);
        await using var transaction = await client.WatchAsync(["k"], null, Stop);
        var writes = new RedisBatch();
        writes.Add("DEL", "k");
        Assert.False(await transaction.ExecuteAsync(writes, Stop));
        Assert.Throws<InvalidOperationException>(() => writes[0]);
    }

    [Fact]
    public async Task A_command_that_is_not_taken_stops_the_whole_and_is_named()
    {
        await using var server = Serve(async peer =>
        {
            await HearAsync(peer, [], 1);
            await peer.SendAsync("+OK\r\n");
            await HearAsync(peer, [], 3);
            await peer.SendAsync(
                "+OK\r\n-NOREPLICAS Not enough good replicas to write.\r\n-EXECABORT Transaction discarded\r\n"
            );
        });
        await using var client = await Clients.ConnectAsync(server);
        await using var transaction = await client.WatchAsync(["k"], null, Stop);
        var writes = new RedisBatch();
        writes.Add("DEL", "k");
        var thrown = await Assert.ThrowsAsync<RespErrorException>(() =>
            transaction.ExecuteAsync(writes, Stop)
        );
        Assert.Equal("NOREPLICAS", thrown.Code);
    }

    [Fact]
    public async Task Executing_without_an_answer_is_unknown()
    {
        await using var server = Serve(async peer =>
        {
            await HearAsync(peer, [], 1);
            await peer.SendAsync("+OK\r\n");
            await HearAsync(peer, [], 3);
            await peer.SendAsync("+OK\r\n+QUEUED\r\n*1\r\n");
            peer.Reset();
        });
        await using var client = await Clients.ConnectAsync(server);
        await using var transaction = await client.WatchAsync(["k"], null, Stop);
        var writes = new RedisBatch();
        writes.Add("DEL", "k");
        var thrown = await Assert.ThrowsAsync<WireUnavailableException>(() =>
            transaction.ExecuteAsync(writes, Stop)
        );
        Assert.False(thrown.NeverSent);
    }

    [Fact]
    public async Task Leaving_without_executing_gives_up_what_was_watched_before_the_next_comes()
    {
        var heard = new List<string>();
        await using var server = Serve(async peer =>
        {
            while (await HearAsync(peer, heard, 1))
            {
                await peer.SendAsync("+OK\r\n");
            }
        });
        await using var client = await Clients.ConnectAsync(server);
        RedisSource first;
        await using (var transaction = await client.WatchAsync(["a"], null, Stop))
        {
            first = transaction.Source;
        }

        await using (var transaction = await client.WatchAsync(["b"], null, Stop))
        {
            Assert.Equal(first, transaction.Source);
        }

        Assert.Equal(["WATCH a", "UNWATCH", "WATCH b"], heard.Take(3));
    }

    [Fact]
    public async Task More_transactions_than_there_are_connections_wait_for_one()
    {
        await using var server = Serve(async peer =>
        {
            while (await HearAsync(peer, [], 1))
            {
                await peer.SendAsync("+OK\r\n");
            }
        });
        await using var client = await RedisClient.ConnectAsync(
            new RedisOptions { Nodes = [server.Endpoint], SessionsPerNode = 2 },
            Stop
        );
        var first = await client.WatchAsync(["a"], null, Stop);
        await using var second = await client.WatchAsync(["b"], null, Stop);
        var third = client.WatchAsync(["c"], null, Stop).AsTask();
        Assert.False(third.IsCompleted);
        await first.DisposeAsync();
        await first.DisposeAsync();
        await using var got = await third.WaitAsync(Stop);
        Assert.Equal(3, server.Connections);
    }

    [Fact]
    public async Task A_connection_that_broke_is_not_lent_again()
    {
        await using var server = Serve(async peer =>
        {
            await HearAsync(peer, [], 1);
            await peer.SendAsync("+OK\r\n");
            await HearAsync(peer, [], 1);
        });
        await using var client = await Clients.ConnectAsync(server);
        RedisSource first;
        await using (var transaction = await client.WatchAsync(["a"], null, Stop))
        {
            first = transaction.Source;
            var reply = await transaction.SendAsync(RedisCommand.Of("GET", "a"), Stop);
            Assert.False(reply.Failure!.NeverSent);
            Assert.False(first.IsCurrent);
        }

        await using var next = await client.WatchAsync(["a"], null, Stop);
        Assert.NotEqual(first, next.Source);
    }

    [Fact]
    public async Task A_server_that_refuses_to_watch_is_heard()
    {
        await using var server = Serve(async peer =>
        {
            await HearAsync(peer, [], 1);
            await peer.SendAsync("-NOPERM this user has no permissions\r\n");
            await peer.BeSilentAsync();
        });
        await using var client = await Clients.ConnectAsync(server);
        var thrown = await Assert.ThrowsAsync<RespErrorException>(async () =>
            await client.WatchAsync(["a"], null, Stop)
        );
        Assert.Equal("NOPERM", thrown.Code);
    }

    [Fact]
    public async Task Keys_of_different_slots_cannot_be_watched_together()
    {
        await using var server = Serve(peer => peer.BeSilentAsync());
        await using var client = await Clients.ConnectAsync(server);
        await Assert.ThrowsAsync<ArgumentException>(async () =>
            await client.WatchAsync(["a", "b"], null, Stop)
        );
        await Assert.ThrowsAsync<ArgumentException>(async () =>
            await client.WatchAsync([], null, Stop)
        );
    }

    /// <summary>The first connection is the shared one and hears nothing; the script is for those of transactions.</summary>
    private static FakeServer Serve(Func<FakePeer, Task> script) =>
        new(async peer =>
        {
            await peer.GreetAsync();
            await (peer.Number == 1 ? peer.BeSilentAsync() : script(peer));
        });

    private static async Task<bool> HearAsync(FakePeer peer, List<string> heard, int commands)
    {
        for (var i = 0; i < commands; i++)
        {
            if (await peer.CommandAsync() is not { } command)
            {
                return false;
            }

            heard.Add(string.Join(' ', command));
        }

        return true;
    }
}
