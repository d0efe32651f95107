using Rookery.TestKit;
using Rookery.Wire.Redis;
using Rookery.Wire.Resp;
using Xunit;

namespace Rookery.Wire.Tests.Redis;

/// <summary>What a subscriber is told when servers do what servers do.</summary>
public sealed class SubscriptionTests
{
    private static CancellationToken Stop => Clients.Stop;

    [Fact]
    public async Task Messages_are_told_in_order_between_whatever_else_comes()
    {
        var commands = new List<string>();
        await using var server = Serve(async peer =>
        {
            commands.AddRange((await peer.CommandAsync())!);
            await peer.SendAsync(
                ">3\r\n$9\r\nsubscribe\r\n$4\r\nnews\r\n:1\r\n"
                    + Message("news", "one")
                    + Message("other", "not mine")
                    + ">2\r\n+invalidate\r\n_\r\n"
                    + Message("news", "two\r\n\0")
            );
            await peer.BeSilentAsync();
        });
        await using var client = await Clients.ConnectAsync(server);
        var ears = new Ears();
        await using var subscription = await client.SubscribeAsync("news", ears.Told, Stop);
        await ears.HearsAsync("<Listening>", "one", "two\r\n\0");
        Assert.Equal(["SUBSCRIBE", "news"], commands);
    }

    [Fact]
    public async Task A_connection_that_breaks_is_a_gap_that_is_told_before_and_after()
    {
        await using var server = Serve(async peer =>
        {
            await peer.CommandAsync();
            await peer.SendAsync(Confirmation("news") + Message("news", $"from {peer.Number}"));
            if (peer.Number == 2)
            {
                peer.Reset();
            }
            else
            {
                await peer.BeSilentAsync();
            }
        });
        await using var client = await Clients.ConnectAsync(server);
        var ears = new Ears();
        await using var subscription = await client.SubscribeAsync("news", ears.Told, Stop);
        await ears.HearsAsync("<Listening>", "from 2", "<Interrupted>", "<Listening>", "from 3");
    }

    [Fact]
    public async Task All_subscriptions_share_a_connection_and_the_last_to_leave_a_channel_ends_it()
    {
        var commands = new System.Collections.Concurrent.ConcurrentQueue<string>();
        var publish = new TaskCompletionSource();
        await using var server = Serve(async peer =>
        {
            while (await peer.CommandAsync() is { } command)
            {
                commands.Enqueue(string.Join(' ', command));
                await peer.SendAsync(Confirmation(command[1], command[0].ToLowerInvariant()));
                if (commands.Count == 3)
                {
                    await publish.Task;
                    await peer.SendAsync(Message("a", "1") + Message("b", "2"));
                }
            }
        });
        await using var client = await Clients.ConnectAsync(server);
        var ears = new[] { new Ears(), new Ears(), new Ears() };
        var first = await client.SubscribeAsync("a", ears[0].Told, Stop);
        var second = await client.SubscribeAsync("a", ears[1].Told, Stop);
        await using var third = await client.SubscribeAsync("b", ears[2].Told, Stop);
        publish.SetResult();
        await ears[0].HearsAsync("<Listening>", "1");
        await ears[1].HearsAsync("<Listening>", "1");
        await ears[2].HearsAsync("<Listening>", "2");
        Assert.Equal(2, server.Connections);
        await first.DisposeAsync();
        await second.DisposeAsync();
        await Wait.UntilAsync(
            () => Task.FromResult(commands.Count == 4),
            () => string.Join(", ", commands),
            Stop
        );
        Assert.Equal(["SUBSCRIBE a", "SUBSCRIBE a", "SUBSCRIBE b", "UNSUBSCRIBE a"], commands);
        Assert.False(ears[0].HasMore || ears[1].HasMore || ears[2].HasMore);
    }

    [Fact]
    public async Task Nothing_is_told_before_listening_has_begun_or_after_it_has_ended()
    {
        var more = new TaskCompletionSource();
        await using var server = Serve(async peer =>
        {
            await peer.CommandAsync();
            await peer.SendAsync(Confirmation("news"));
            await peer.CommandAsync();
            await peer.SendAsync(
                Message("news", "1") + Confirmation("news") + Message("news", "2")
            );
            await more.Task;
            await peer.SendAsync(Message("news", "3"));
            await peer.BeSilentAsync();
        });
        await using var client = await Clients.ConnectAsync(server);
        var (early, late) = (new Ears(), new Ears());
        await using var first = await client.SubscribeAsync("news", early.Told, Stop);
        var second = await client.SubscribeAsync("news", late.Told, Stop);
        await late.HearsAsync("<Listening>", "2");
        await second.DisposeAsync();
        more.SetResult();
        await early.HearsAsync("<Listening>", "1", "2", "3");
        Assert.False(late.HasMore);
    }

    [Fact]
    public async Task A_subscriber_that_throws_is_told_of_and_takes_nothing_from_the_others()
    {
        await using var server = Serve(async peer =>
        {
            for (var i = 0; i < 2; i++)
            {
                await peer.CommandAsync();
                await peer.SendAsync(Confirmation("news"));
            }

            await peer.SendAsync(Message("news", "1") + Message("news", "2"));
            await peer.BeSilentAsync();
        });
        var notices = new System.Collections.Concurrent.ConcurrentQueue<WireNotice>();
        await using var client = await RedisClient.ConnectAsync(
            new RedisOptions { Nodes = [server.Endpoint], Notice = notices.Enqueue },
            Stop
        );
        await using var bad = await client.SubscribeAsync(
            "news",
            message =>
            {
                if (message.Kind == RedisMessageKind.Message)
                {
                    throw new InvalidOperationException("on purpose");
                }
            },
            Stop
        );
        var ears = new Ears();
        await using var good = await client.SubscribeAsync("news", ears.Told, Stop);
        await ears.HearsAsync("<Listening>", "1", "2");
        Assert.Contains(notices, notice => notice.Fault?.Message == "on purpose");
    }

    [Fact]
    public async Task A_server_that_refuses_is_heard()
    {
        await using var server = Serve(async peer =>
        {
            await peer.CommandAsync();
            await peer.SendAsync("-NOPERM this user has no permissions to access the channel\r\n");
            await peer.BeSilentAsync();
        });
        await using var client = await Clients.ConnectAsync(server);
        var thrown = await Assert.ThrowsAsync<RespErrorException>(() =>
            client.SubscribeAsync("news", new Ears().Told, Stop)
        );
        Assert.Equal("NOPERM", thrown.Code);
    }

    [Fact]
    public async Task A_connection_on_which_nothing_comes_any_more_is_a_gap()
    {
        await using var server = Serve(async peer =>
        {
            await peer.CommandAsync();
            await peer.SendAsync(Confirmation("news"));
            await peer.BeSilentAsync();
        });
        var time = new FakeTime();
        await using var client = await Clients.ConnectAsync(server, time);
        var ears = new Ears();
        await using var subscription = await client.SubscribeAsync("news", ears.Told, Stop);
        await ears.HearsAsync("<Listening>");
        time.Advance(TimeSpan.FromSeconds(6));
        time.Advance(TimeSpan.FromSeconds(11));
        await ears.HearsAsync("<Interrupted>");
    }

    [Fact]
    public async Task A_channel_of_a_slot_follows_the_slot()
    {
        FakeCluster cluster = null!;
        var key = "";
        await using var made = cluster = new FakeCluster(
            2,
            (node, command) =>
                node == cluster.Owners[KeySlot.Of(System.Text.Encoding.UTF8.GetBytes(command[1]))]
                    ? Confirmation(key, "ssubscribe")
                        + Message(key, $"from {node}", "smessage")
                        + (node == 0 ? TakeAway() : "")
                    : $"-MOVED {KeySlot.Of(System.Text.Encoding.UTF8.GetBytes(key))} {cluster[1]}\r\n"
        );
        string TakeAway()
        {
            cluster.Owners.AsSpan().Fill(1);
            return $">3\r\n$12\r\nsunsubscribe\r\n${key.Length}\r\n{key}\r\n:0\r\n";
        }

        key = cluster.KeyOf(0);
        await using var client = await cluster.ConnectAsync();
        var ears = new Ears();
        await using var subscription = await client.SubscribeShardedAsync(key, ears.Told, Stop);
        await ears.HearsAsync("<Listening>", "from 0", "<Interrupted>", "<Listening>", "from 1");
    }

    private static string Confirmation(string channel, string kind = "subscribe") =>
        $">3\r\n${kind.Length}\r\n{kind}\r\n${channel.Length}\r\n{channel}\r\n:1\r\n";

    private static string Message(string channel, string payload, string kind = "message") =>
        $">3\r\n${kind.Length}\r\n{kind}\r\n${channel.Length}\r\n{channel}\r\n${payload.Length}\r\n{payload}\r\n";

    /// <summary>The first connection is the one for commands; the script is for the others.</summary>
    private static FakeServer Serve(Func<FakePeer, Task> script) =>
        new(async peer =>
        {
            await peer.GreetAsync();
            await (peer.Number == 1 ? peer.BeSilentAsync() : script(peer));
        });
}
