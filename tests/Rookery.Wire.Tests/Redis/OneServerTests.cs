using System.Net.Sockets;
using Rookery.TestKit;
using Rookery.Wire.Redis;
using Rookery.Wire.Resp;
using Xunit;

namespace Rookery.Wire.Tests.Redis;

/// <summary>What a client makes of a server that behaves in every way a server can.</summary>
public sealed class OneServerTests
{
    private static CancellationToken Stop => Clients.Stop;

    private static RedisCommand Get { get; } = RedisCommand.Of("GET", "k");

    [Fact]
    public async Task The_greeting_asks_for_RESP3_with_user_and_password()
    {
        var greeting = new TaskCompletionSource<string[]>();
        await using var server = new FakeServer(async peer =>
        {
            greeting.SetResult(await peer.GreetAsync());
            await peer.BeSilentAsync();
        });
        await using var client = await RedisClient.ConnectAsync(
            new RedisOptions
            {
                Nodes = [server.Endpoint],
                User = "alice",
                Password = "pa ss\r\n",
                ClientName = "tests",
            },
            Stop
        );
        Assert.Equal(
            ["HELLO", "3", "AUTH", "alice", "pa ss\r\n", "SETNAME", "tests"],
            await greeting.Task
        );
        Assert.False(client.IsCluster);
    }

    [Theory]
    [InlineData("-NOAUTH HELLO must be called with the client already authenticated\r\n", "NOAUTH")]
    [InlineData("-WRONGPASS invalid username-password pair or user is disabled.\r\n", "WRONGPASS")]
    [InlineData("-NOPROTO unsupported protocol version\r\n", "NOPROTO")]
    [InlineData("-ERR unknown command `HELLO`\r\n", "unknown command")]
    [InlineData("+OK\r\n", "does not take the greeting HELLO 3")]
    [InlineData("%1\r\n$5\r\nproto\r\n:2\r\n", "does not take the greeting HELLO 3")]
    [InlineData("HTTP/1.1 400 Bad Request\r\n", "no value begins with 'H'")]
    [InlineData("", "The server closed the connection")]
    public async Task A_server_that_does_not_greet_is_named(string answer, string why)
    {
        await using var server = new FakeServer(async peer =>
        {
            await peer.CommandAsync();
            await peer.SendAsync(answer);
        });
        var thrown = await Assert.ThrowsAsync<WireUnavailableException>(() =>
            Clients.ConnectAsync(server)
        );
        Assert.Contains(why, thrown.Message, StringComparison.Ordinal);
        Assert.Contains($"{server.Endpoint}", thrown.Message, StringComparison.Ordinal);
        // Of those that answer in the protocol, who says that a password is wrong is new enough.
        Assert.Equal(
            answer.Length > 0 && answer[0] is '+' or '%' || why is "NOPROTO" or "unknown command",
            thrown.Message.Contains("Redis 6 or later", StringComparison.Ordinal)
        );
        Assert.True(thrown.NeverSent);
    }

    [Fact]
    public async Task A_server_that_accepts_and_says_nothing_is_given_up()
    {
        await using var server = new FakeServer(peer => peer.BeSilentAsync());
        var time = new FakeTime();
        var connecting = Clients.ConnectAsync(server, time);
        await Wait.UntilAsync(
            () =>
            {
                time.Advance(TimeSpan.FromMilliseconds(100));
                return Task.FromResult(connecting.IsCompleted);
            },
            () => "the client gives up",
            Stop
        );
        var thrown = await Assert.ThrowsAsync<WireUnavailableException>(() => connecting);
        Assert.Contains("did not answer within", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_listens_at_the_address()
    {
        WireEndpoint endpoint;
        await using (var server = new FakeServer(peer => peer.BeSilentAsync()))
        {
            endpoint = server.Endpoint;
        }

        var thrown = await Assert.ThrowsAsync<WireUnavailableException>(() =>
            RedisClient.ConnectAsync(Clients.Options(nodes: endpoint), Stop)
        );
        Assert.Contains(
            $"{endpoint} cannot be connected to",
            thrown.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task The_first_server_that_answers_and_is_no_replica_is_used()
    {
        await using var replica = new FakeServer(async peer =>
        {
            await peer.GreetAsync(role: "replica");
            await peer.BeSilentAsync();
        });
        await using var master = new FakeServer(async peer =>
        {
            await peer.GreetAsync();
            await peer.CommandAsync();
            await peer.SendAsync("$1\r\nv\r\n");
            await peer.BeSilentAsync();
        });
        await using var client = await RedisClient.ConnectAsync(
            Clients.Options(nodes: [replica.Endpoint, master.Endpoint]),
            Stop
        );
        var reply = await client.SendAsync(Get, Stop);
        Assert.Equal("v", reply.OrThrow().AsText());
        Assert.Equal(master.Endpoint, reply.Source!.Endpoint);
        var thrown = await Assert.ThrowsAsync<WireUnavailableException>(() =>
            Clients.ConnectAsync(replica)
        );
        Assert.Contains("is a replica", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Commands_of_many_callers_share_a_connection_and_each_gets_its_own_reply()
    {
        await using var server = new FakeServer(EchoAsync);
        await using var client = await Clients.ConnectAsync(server);
        await Parallel.ForAsync(
            0,
            2000,
            Stop,
            async (number, stop) =>
            {
                var reply = await client.SendAsync(RedisCommand.Of("ECHO", $"k{number}"), stop);
                Assert.Equal($"k{number}", reply.OrThrow().AsText());
            }
        );
        Assert.Equal(1, server.Connections);
    }

    [Fact]
    public async Task A_batch_has_its_replies_in_order_and_is_used_again()
    {
        await using var server = new FakeServer(EchoAsync);
        await using var client = await Clients.ConnectAsync(server);
        var batch = new RedisBatch();
        for (var round = 1; round <= 3; round++)
        {
            for (var i = 0; i < round * 500; i++)
            {
                batch.Add("ECHO", $"{round}.{i}");
            }

            await client.SendAsync(batch, Stop);
            Assert.Equal(round * 500, batch.Count);
            for (var i = 0; i < batch.Count; i++)
            {
                Assert.Equal($"{round}.{i}", batch[i].OrThrow().AsText());
            }

            batch.Clear();
            Assert.Equal(0, batch.Count);
        }

        await client.SendAsync(batch, Stop);
    }

    [Fact]
    public async Task Replies_are_read_after_the_batch_was_sent_and_not_before()
    {
        await using var server = new FakeServer(EchoAsync);
        await using var client = await Clients.ConnectAsync(server);
        var batch = new RedisBatch();
        batch.Add("ECHO", "1");
        Assert.Throws<InvalidOperationException>(() => batch[0]);
        await client.SendAsync(batch, Stop);
        batch.Add("ECHO", "2");
        Assert.Throws<InvalidOperationException>(() => batch[0]);
        await client.SendAsync(batch, Stop);
        Assert.Equal("2", batch[1].OrThrow().AsText());
        Assert.Throws<ArgumentOutOfRangeException>(() => batch[2]);
    }

    [Fact]
    public async Task An_error_is_the_reply_of_its_own_command_alone()
    {
        await using var server = new FakeServer(async peer =>
        {
            await peer.GreetAsync();
            await peer.CommandAsync();
            await peer.SendAsync(":1\r\n-WRONGTYPE Operation against a key\r\n:3\r\n");
            await peer.BeSilentAsync();
        });
        await using var client = await Clients.ConnectAsync(server);
        var batch = new RedisBatch();
        batch.Add("LPUSHX", "a"u8, "1"u8);
        batch.Add("LPUSHX", "b"u8, "2"u8);
        batch.Add("LPUSHX", "c"u8, "3"u8);
        await client.SendAsync(batch, Stop);
        Assert.Equal(1, batch[0].OrThrow().AsInteger());
        Assert.True(batch[1].Value.IsError);
        var thrown = Assert.Throws<RespErrorException>(() => batch[1].OrThrow());
        Assert.Equal("WRONGTYPE", thrown.Code);
        Assert.Equal(3, batch[2].OrThrow().AsInteger());
    }

    [Fact]
    public async Task What_was_answered_before_the_connection_broke_stands_and_the_rest_is_unknown()
    {
        await using var server = new FakeServer(async peer =>
        {
            await peer.GreetAsync();
            if (peer.Number == 1)
            {
                await peer.CommandAsync();
                await peer.SendAsync(":1\r\n:2\r\n$5\r\nhal");
            }
            else
            {
                await peer.CommandAsync();
                await peer.SendAsync("$1\r\nv\r\n");
                await peer.BeSilentAsync();
            }
        });
        await using var client = await Clients.ConnectAsync(server);
        var batch = new RedisBatch();
        for (var i = 0; i < 4; i++)
        {
            batch.Add("GET", "k");
        }

        await client.SendAsync(batch, Stop);
        Assert.Equal(1, batch[0].OrThrow().AsInteger());
        Assert.Equal(2, batch[1].OrThrow().AsInteger());
        Assert.False(batch[2].Failure!.NeverSent);
        Assert.False(batch[3].Failure!.NeverSent);
        Assert.Throws<WireUnavailableException>(() => batch[3].Value);
        Assert.Null(batch[3].Source);

        var again = await client.AnsweredAsync("k");
        Assert.Equal("v", again.OrThrow().AsText());
        Assert.NotEqual(batch[0].Source, again.Source);
        Assert.True(again.Source!.Generation > batch[0].Source!.Generation);
        Assert.False(batch[0].Source!.IsCurrent);
        Assert.True(again.Source.IsCurrent);
    }

    [Fact]
    public async Task While_there_is_no_connection_commands_fail_at_once_and_were_never_sent()
    {
        var refused = new TaskCompletionSource();
        await using var server = new FakeServer(async peer =>
        {
            if (peer.Number == 1)
            {
                await peer.GreetAsync();
                await peer.CommandAsync();
                peer.Reset();
            }
            else
            {
                await peer.CommandAsync();
                refused.TrySetResult();
                await peer.BeSilentAsync();
            }
        });
        await using var client = await Clients.ConnectAsync(server);
        var broken = await client.SendAsync(Get, Stop);
        Assert.False(broken.Failure!.NeverSent);
        await refused.Task.WaitAsync(Stop);
        var missing = await client.SendAsync(Get, Stop);
        Assert.True(missing.Failure!.NeverSent);
        Assert.Contains($"{server.Endpoint}", missing.Failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bytes_that_are_no_reply_close_the_connection_and_say_what_they_were()
    {
        await using var server = new FakeServer(async peer =>
        {
            await peer.GreetAsync();
            await peer.CommandAsync();
            await peer.SendAsync("?what\r\n");
            await peer.BeSilentAsync();
        });
        await using var client = await Clients.ConnectAsync(server);
        var failure = (await client.SendAsync(Get, Stop)).Failure!;
        Assert.IsType<WireProtocolException>(failure.InnerException);
        Assert.Contains("no value begins with '?'", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reply_to_nothing_closes_the_connection()
    {
        await using var server = new FakeServer(async peer =>
        {
            await peer.GreetAsync();
            await peer.CommandAsync();
            await peer.SendAsync("+OK\r\n+OK\r\n");
            await peer.BeSilentAsync();
        });
        await using var client = await Clients.ConnectAsync(server);
        var reply = await client.SendAsync(Get, Stop);
        Assert.True(reply.OrThrow().IsOk);
        await Wait.UntilAsync(
            () => Task.FromResult(!reply.Source!.IsCurrent),
            () => "the connection is closed",
            Stop
        );
    }

    [Fact]
    public async Task A_message_between_replies_is_none_of_them()
    {
        await using var server = new FakeServer(async peer =>
        {
            await peer.GreetAsync();
            await peer.CommandAsync();
            await peer.SendAsync(">2\r\n+invalidate\r\n*0\r\n$1\r\nv\r\n");
            await peer.BeSilentAsync();
        });
        await using var client = await Clients.ConnectAsync(server);
        Assert.Equal("v", (await client.SendAsync(Get, Stop)).OrThrow().AsText());
    }

    [Fact]
    public async Task A_server_that_no_longer_answers_is_reset_and_everything_in_flight_fails()
    {
        var reset = new TaskCompletionSource<bool>();
        await using var server = new FakeServer(async peer =>
        {
            await peer.GreetAsync();
            await peer.CommandAsync();
            var end = await Assert.ThrowsAsync<IOException>(peer.LineAsync);
            reset.SetResult(
                end.InnerException
                    is SocketException { SocketErrorCode: SocketError.ConnectionReset }
            );
        });
        var time = new FakeTime();
        await using var client = await Clients.ConnectAsync(server, time);
        var waiting = client.SendAsync(Get, Stop).AsTask();
        time.Advance(TimeSpan.FromSeconds(9));
        Assert.False(waiting.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(2));
        var failure = (await waiting.WaitAsync(Stop)).Failure!;
        Assert.False(failure.NeverSent);
        Assert.Contains(
            "did not answer a command within 00:00:10",
            failure.Message,
            StringComparison.Ordinal
        );
        Assert.True(await reset.Task.WaitAsync(Stop));
    }

    [Fact]
    public async Task A_server_that_answers_others_and_not_this_one_in_time_is_reset_too()
    {
        await using var server = new FakeServer(async peer =>
        {
            await peer.GreetAsync();
            while (await peer.CommandAsync() is { } command)
            {
                if (command[1] == "slow")
                {
                    await peer.BeSilentAsync();
                }

                await peer.SendAsync(":1\r\n");
            }
        });
        var time = new FakeTime();
        await using var client = await Clients.ConnectAsync(server, time);
        for (var i = 0; i < 5; i++)
        {
            Assert.Null((await client.SendAsync(Get, Stop)).Failure);
            time.Advance(TimeSpan.FromSeconds(3));
        }

        var slow = client.SendAsync(RedisCommand.Of("GET", "slow"), Stop).AsTask();
        for (var i = 0; i < 4; i++)
        {
            time.Advance(TimeSpan.FromSeconds(3));
        }

        Assert.NotNull((await slow.WaitAsync(Stop)).Failure);
    }

    [Fact]
    public async Task An_idle_connection_asks_whether_the_server_is_there()
    {
        var asked = new TaskCompletionSource<string>();
        await using var server = new FakeServer(async peer =>
        {
            await peer.GreetAsync();
            asked.TrySetResult((await peer.CommandAsync())![0]);
            await peer.BeSilentAsync();
        });
        var time = new FakeTime();
        var source = new TaskCompletionSource<RedisSource>();
        await using var client = await Clients.ConnectAsync(server, time, source.SetResult);
        time.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal("PING", await asked.Task.WaitAsync(Stop));
        time.Advance(TimeSpan.FromSeconds(11));
        Assert.False((await source.Task).IsCurrent);
    }

    [Fact]
    public async Task A_server_that_takes_nothing_is_not_waited_for_with_more_and_more_memory()
    {
        await using var server = new FakeServer(async peer =>
        {
            await peer.GreetAsync();
            await new TaskCompletionSource().Task.WaitAsync(peer.Stop);
        });
        var time = new FakeTime();
        await using var client = await RedisClient.ConnectAsync(
            new RedisOptions
            {
                Nodes = [server.Endpoint],
                Time = time,
                MaxUnsentBytes = 1 << 20,
            },
            Stop
        );
        var set = RedisCommand.Of("SET", "k", new byte[1 << 20]);
        var waiting = new List<Task<RedisReply>>();
        Task<RedisReply> last;
        do
        {
            last = client.SendAsync(set, Stop).AsTask();
            waiting.Add(last);
            Assert.InRange(waiting.Count, 1, 50);
        } while (!last.IsCompleted);
        Assert.True((await last).Failure!.NeverSent);
        Assert.Contains("takes no more", (await last).Failure!.Message, StringComparison.Ordinal);

        time.Advance(TimeSpan.FromSeconds(12));
        var failures = (await Task.WhenAll(waiting)).Select(reply => reply.Failure!).ToList();
        Assert.False(failures[0].NeverSent);
        Assert.True(failures[^2].NeverSent);
    }

    [Fact]
    public async Task A_caller_that_no_longer_waits_leaves_the_others_their_replies()
    {
        var go = new TaskCompletionSource();
        await using var server = new FakeServer(async peer =>
        {
            await peer.GreetAsync();
            await peer.CommandAsync();
            await peer.CommandAsync();
            await go.Task;
            await peer.SendAsync(":1\r\n:2\r\n");
            await peer.BeSilentAsync();
        });
        await using var client = await Clients.ConnectAsync(server);
        using var impatient = new CancellationTokenSource();
        var batch = new RedisBatch();
        batch.Add("GET", "a");
        var given = client.SendAsync(batch, impatient.Token).AsTask();
        Assert.Throws<InvalidOperationException>(() => batch.Add("GET", "b"));
        var other = client.SendAsync(Get, Stop).AsTask();
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => given);
        Assert.Throws<InvalidOperationException>(() => batch[0]);
        go.SetResult();
        Assert.Equal(2, (await other).OrThrow().AsInteger());
        batch.Clear();
        batch.Add("GET", "c");
    }

    [Fact]
    public async Task Closing_the_client_fails_what_is_in_flight_and_what_comes_after()
    {
        await using var server = new FakeServer(async peer =>
        {
            await peer.GreetAsync();
            await peer.BeSilentAsync();
        });
        var client = await Clients.ConnectAsync(server);
        var waiting = client.SendAsync(Get, Stop).AsTask();
        await client.DisposeAsync();
        Assert.NotNull((await waiting.WaitAsync(Stop)).Failure);
        Assert.True((await client.SendAsync(Get, Stop)).Failure!.NeverSent);
        await client.DisposeAsync();
    }

    [Fact]
    public async Task A_new_source_can_be_asked_as_soon_as_it_is_told_of()
    {
        await using var server = new FakeServer(EchoAsync);
        var told = System.Threading.Channels.Channel.CreateUnbounded<RedisSource>();
        await using var client = await Clients.ConnectAsync(
            server,
            opened: source => told.Writer.TryWrite(source)
        );
        var source = await told.Reader.ReadAsync(Stop);
        var reply = await client.SendAsync(source, RedisCommand.Keyless("ECHO", "you"), Stop);
        Assert.Equal("you", reply.OrThrow().AsText());
        Assert.Equal(source, reply.Source);
    }

    [Fact]
    public async Task Who_throws_when_told_of_a_source_does_not_end_the_reconnecting()
    {
        await using var server = new FakeServer(async peer =>
        {
            await peer.GreetAsync();
            await peer.CommandAsync();
            await peer.SendAsync("+OK\r\n");
            await (peer.Number == 1 ? Task.CompletedTask : peer.BeSilentAsync());
        });
        var told = 0;
        await using var client = await Clients.ConnectAsync(
            server,
            opened: _ =>
            {
                if (Interlocked.Increment(ref told) == 2)
                {
                    throw new InvalidOperationException("on purpose");
                }
            }
        );
        Assert.True((await client.SendAsync(Get, Stop)).OrThrow().IsOk);
        await Wait.UntilAsync(() => Task.FromResult(told >= 3), () => $"told {told} times", Stop);
        Assert.True((await client.AnsweredAsync("k")).OrThrow().IsOk);
    }

    [Fact]
    public async Task A_server_that_loads_is_asked_again_a_few_times()
    {
        var asked = 0;
        await using var server = new FakeServer(async peer =>
        {
            await peer.GreetAsync();
            while (await peer.CommandAsync() is not null)
            {
                var loading = Interlocked.Increment(ref asked) % 4 != 0;
                await peer.SendAsync(loading ? "-LOADING Redis is loading\r\n" : "+OK\r\n");
            }
        });
        await using var client = await Clients.ConnectAsync(server);
        Assert.True((await client.SendAsync(Get, Stop)).OrThrow().IsOk);
        Assert.Equal(4, asked);
    }

    private static async Task EchoAsync(FakePeer peer)
    {
        await peer.GreetAsync();
        while (await peer.CommandAsync() is { } command)
        {
            await peer.SendAsync($"${command[1].Length}\r\n{command[1]}\r\n");
        }
    }
}
