using System.Text;
using Rookery.TestKit;
using Rookery.Wire.Memcached;
using Xunit;

namespace Rookery.Wire.Tests.Memcached;

/// <summary>Servers that are away, slow or strange: misses, and never an exception.</summary>
public sealed class MemcachedClientTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_server_that_is_not_there_is_a_miss()
    {
        WireEndpoint gone;
        await using (var server = new FakeServer(peer => peer.BeSilentAsync()))
        {
            gone = server.Endpoint;
        }

        await using var client = new MemcachedClient(new MemcachedOptions { Nodes = [gone] });
        var batch = new MemcachedBatch();
        batch.Get("k"u8);
        batch.Set("k"u8, "v"u8, 0);
        batch.Delete("k"u8);
        await client.SendAsync(batch, Stop);
        Assert.All(
            Enumerable.Range(0, 3),
            i => Assert.Equal(MemcachedStatus.Unavailable, batch[i].Status)
        );
        Assert.False(batch[0].IsHit);
    }

    [Fact]
    public async Task A_slow_server_is_waited_for_so_long_and_then_is_a_miss()
    {
        var time = new FakeTime();
        var asked = new TaskCompletionSource();
        await using var server = new FakeServer(async peer =>
        {
            await peer.LineAsync();
            await peer.SendAsync("VA 1\r\n1\r\n");
            await peer.LineAsync();
            asked.SetResult();
            await peer.LineAsync();
        });
        await using var client = Client(server, time);
        var batch = new MemcachedBatch();
        batch.Get("a"u8);
        batch.Get("b"u8);
        var sending = client.SendAsync(batch, Stop);
        await asked.Task.WaitAsync(Stop);
        await Wait.UntilAsync(
            () => Task.FromResult(batch[0].IsHit),
            () => "the first answer is read",
            Stop
        );
        time.Advance(TimeSpan.FromMilliseconds(99));
        Assert.False(sending.IsCompleted);
        time.Advance(TimeSpan.FromMilliseconds(2));
        await sending.WaitAsync(Stop);
        Assert.Equal("1", Text(batch[0]));
        Assert.Equal(MemcachedStatus.Unavailable, batch[1].Status);
    }

    [Fact]
    public async Task An_answer_that_comes_too_late_is_not_taken_for_the_next()
    {
        var time = new FakeTime();
        var asked = new TaskCompletionSource();
        var go = new TaskCompletionSource();
        await using var server = new FakeServer(async peer =>
        {
            await peer.LineAsync();
            asked.SetResult();
            await go.Task;
            await peer.SendAsync("VA 4\r\nlate\r\n");
            await peer.LineAsync();
            await peer.SendAsync("VA 4\r\nnext\r\n");
            await peer.LineAsync();
        });
        await using var client = Client(server, time);
        var late = new MemcachedBatch();
        late.Get("late"u8);
        var sending = client.SendAsync(late, Stop);
        await asked.Task.WaitAsync(Stop);
        time.Advance(TimeSpan.FromMilliseconds(101));
        await sending;
        Assert.Equal(MemcachedStatus.Unavailable, late[0].Status);
        late.Clear();
        late.Get("next"u8);
        var next = client.SendAsync(late, Stop);
        go.SetResult();
        await next;
        Assert.Equal("next", Text(late[0]));
    }

    [Fact]
    public async Task A_server_that_was_late_is_left_alone_for_a_while_and_then_asked_by_one()
    {
        var time = new FakeTime();
        var asked = new System.Collections.Concurrent.ConcurrentQueue<string>();
        var well = new TaskCompletionSource();
        await using var server = new FakeServer(async peer =>
        {
            var late = 0;
            while (await peer.LineAsync() is { } line)
            {
                asked.Enqueue(line.Split(' ')[1]);
                late++;
                if (asked.Last() == "second")
                {
                    await well.Task;
                    for (; late > 0; late--)
                    {
                        await peer.SendAsync("VA 1\r\n1\r\n");
                    }
                }
                else if (well.Task.IsCompleted)
                {
                    await peer.SendAsync("VA 1\r\n1\r\n");
                }
            }
        });
        await using var client = new MemcachedClient(
            new MemcachedOptions
            {
                Nodes = [server.Endpoint],
                Time = time,
                RestAfterLate = TimeSpan.FromSeconds(1),
            }
        );
        var first = SendAsync(client, "first");
        await AskedAsync(asked, 1);
        time.Advance(TimeSpan.FromMilliseconds(101));
        Assert.Equal(MemcachedStatus.Unavailable, (await first).Status);

        // No time passes: they are not sent.
        Assert.Equal(MemcachedStatus.Unavailable, (await SendAsync(client, "resting")).Status);
        time.Advance(TimeSpan.FromMilliseconds(999));
        Assert.Equal(MemcachedStatus.Unavailable, (await SendAsync(client, "resting")).Status);
        time.Advance(TimeSpan.FromMilliseconds(2));
        var second = SendAsync(client, "second");
        Assert.Equal(MemcachedStatus.Unavailable, (await SendAsync(client, "resting")).Status);
        await AskedAsync(asked, 2);
        well.SetResult();
        Assert.True((await second).IsHit);

        Assert.True((await SendAsync(client, "third")).IsHit);
        Assert.Equal(["first", "second", "third"], asked);
    }

    private static async Task<MemcachedReply> SendAsync(MemcachedClient client, string key)
    {
        var batch = new MemcachedBatch();
        batch.Get(Encoding.ASCII.GetBytes(key));
        await client.SendAsync(batch, Stop);
        return batch[0];
    }

    private static Task AskedAsync(
        System.Collections.Concurrent.ConcurrentQueue<string> asked,
        int count
    ) =>
        Wait.UntilAsync(
            () => Task.FromResult(asked.Count == count),
            () => $"{count} are asked",
            Stop
        );

    [Fact]
    public async Task A_server_that_no_longer_answers_is_disconnected_and_found_again()
    {
        var time = new FakeTime();
        await using var server = new FakeServer(async peer =>
        {
            while (await peer.LineAsync() is not null)
            {
                if (peer.Number > 1)
                {
                    await peer.SendAsync("VA 1\r\n1\r\n");
                }
            }
        });
        await using var client = Client(server, time);
        var batch = new MemcachedBatch();
        batch.Get("k"u8);
        await Wait.UntilAsync(
            async () =>
            {
                var sending = client.SendAsync(batch, Stop);
                await Wait.UntilAsync(
                    () =>
                    {
                        time.Advance(TimeSpan.FromMilliseconds(20));
                        return Task.FromResult(sending.IsCompleted);
                    },
                    () => "an end",
                    Stop
                );
                await sending;
                return batch[0].IsHit;
            },
            () => "the second connection",
            Stop
        );
        Assert.True(server.Connections > 1);
    }

    [Theory]
    [InlineData("ERROR\r\n")]
    [InlineData("VA 3\r\nabcdef\r\n")]
    [InlineData("VA 3\r\na")]
    public async Task A_server_that_talks_nonsense_or_breaks_off_is_a_miss_and_told(string answer)
    {
        var told = new System.Collections.Concurrent.ConcurrentQueue<WireNotice>();
        await using var server = new FakeServer(async peer =>
        {
            await peer.LineAsync();
            await peer.SendAsync(answer);
        });
        await using var client = new MemcachedClient(
            new MemcachedOptions
            {
                Nodes = [server.Endpoint],
                Timeout = TimeSpan.FromSeconds(30),
                Notice = told.Enqueue,
            }
        );
        var batch = new MemcachedBatch();
        batch.Get("k"u8);
        await client.SendAsync(batch, Stop);
        Assert.Equal(MemcachedStatus.Unavailable, batch[0].Status);
        await Wait.UntilAsync(
            () => Task.FromResult(told.Any(notice => notice.Fault is not null)),
            () => "the fault is told",
            Stop
        );
    }

    [Fact]
    public async Task A_value_that_is_too_large_is_not_sent()
    {
        await using var server = new FakeServer(async peer =>
        {
            Assert.StartsWith("mg", await peer.LineAsync(), StringComparison.Ordinal);
            await peer.SendAsync("EN\r\n");
            await peer.LineAsync();
        });
        await using var client = new MemcachedClient(
            new MemcachedOptions { Nodes = [server.Endpoint], Timeout = TimeSpan.FromSeconds(30) }
        );
        var batch = new MemcachedBatch();
        batch.Set("k"u8, new byte[1_000_001], 0);
        batch.Get("k"u8);
        await client.SendAsync(batch, Stop);
        Assert.Equal(MemcachedStatus.NotStored, batch[0].Status);
        Assert.Equal(MemcachedStatus.Miss, batch[1].Status);
    }

    [Fact]
    public async Task The_callers_own_token_ends_the_wait()
    {
        await using var server = new FakeServer(async peer =>
        {
            await peer.LineAsync();
            await peer.LineAsync();
        });
        await using var client = Client(server, new FakeTime());
        using var stop = new CancellationTokenSource();
        var batch = new MemcachedBatch();
        batch.Get("k"u8);
        var sending = client.SendAsync(batch, stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
    }

    [Fact]
    public async Task A_batch_of_nothing_and_a_pool_of_nothing()
    {
        Assert.Throws<ArgumentException>(() =>
            new MemcachedClient(new MemcachedOptions { Nodes = [] })
        );
        await using var server = new FakeServer(peer => peer.BeSilentAsync());
        await using var client = Client(server, new FakeTime());
        var batch = new MemcachedBatch();
        await client.SendAsync(batch, Stop);
        Assert.Throws<InvalidOperationException>(() => batch[0]);
    }

    private static MemcachedClient Client(FakeServer server, TimeProvider time) =>
        new(new MemcachedOptions { Nodes = [server.Endpoint], Time = time });

    private static string Text(MemcachedReply reply) => Encoding.ASCII.GetString(reply.Value.Span);
}
