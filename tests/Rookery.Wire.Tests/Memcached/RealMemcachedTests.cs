using System.Text;
using Rookery.TestKit;
using Rookery.TestKit.Servers;
using Rookery.Wire.Memcached;
using Rookery.Wire.Tests.Redis;
using Xunit;

namespace Rookery.Wire.Tests.Memcached;

/// <summary>The same against real memcacheds.</summary>
public sealed class RealMemcachedTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Values_are_stored_read_changed_and_taken_away()
    {
        await using var server = await MemcachedServer.StartAsync(Stop);
        await using var client = Client(server);
        var value = new byte[200_000];
        new Random(3).NextBytes(value);
        byte[] key = [0, 255, 13, 10, 32];

        var set = await RunAsync(client, batch => batch.Set(key, value, 60, flags: 7));
        Assert.Equal(MemcachedStatus.Done, set.Status);
        var get = await RunAsync(client, batch => batch.Get(key));
        Assert.True(get.IsHit);
        Assert.True(get.Value.Span.SequenceEqual(value));
        Assert.Equal(set.Cas, get.Cas);
        Assert.Equal(7u, get.Flags);
        Assert.InRange(get.Ttl, 50, 60);
        Assert.False(get.WasHitBefore);
        Assert.True((await RunAsync(client, batch => batch.Get(key))).WasHitBefore);

        var changed = await RunAsync(client, batch => batch.Set(key, "w"u8, 60, cas: get.Cas + 1));
        Assert.Equal(MemcachedStatus.Changed, changed.Status);
        var stored = await RunAsync(client, batch => batch.Set(key, "w"u8, 60, cas: get.Cas));
        Assert.Equal(MemcachedStatus.Done, stored.Status);
        await RunAsync(client, batch => batch.Set(key, "x"u8, 60, mode: MemcachedMode.Append));
        Assert.Equal("wx", Text(await RunAsync(client, batch => batch.Get(key))));
        var added = await RunAsync(
            client,
            batch => batch.Set(key, "y"u8, 60, mode: MemcachedMode.Add)
        );
        Assert.Equal(MemcachedStatus.NotStored, added.Status);

        Assert.Equal(
            MemcachedStatus.Done,
            (await RunAsync(client, batch => batch.Delete(key))).Status
        );
        Assert.Equal(
            MemcachedStatus.NotFound,
            (await RunAsync(client, batch => batch.Delete(key))).Status
        );
        Assert.Equal(
            MemcachedStatus.Miss,
            (await RunAsync(client, batch => batch.Get(key))).Status
        );
    }

    [Fact]
    public async Task Of_many_that_miss_one_fills()
    {
        await using var server = await MemcachedServer.StartAsync(Stop);
        await using var client = Client(server);
        var first = await RunAsync(client, batch => batch.Get("k"u8, vivify: 30));
        Assert.Equal(MemcachedStatus.Miss, first.Status);
        Assert.True(first.HasWon);
        var second = await RunAsync(client, batch => batch.Get("k"u8, vivify: 30));
        Assert.Equal(MemcachedStatus.Miss, second.Status);
        Assert.True(second.IsBeingFilled);
        Assert.False(second.HasWon);

        var filled = await RunAsync(client, batch => batch.Set("k"u8, "v"u8, 60, cas: first.Cas));
        Assert.Equal(MemcachedStatus.Done, filled.Status);
        var third = await RunAsync(client, batch => batch.Get("k"u8, vivify: 30));
        Assert.Equal("v", Text(third));
        Assert.False(third.HasWon || third.IsBeingFilled || third.IsStale);
    }

    [Fact]
    public async Task What_was_deleted_while_it_was_made_is_not_stored()
    {
        await using var server = await MemcachedServer.StartAsync(Stop);
        await using var client = Client(server);
        var lease = await RunAsync(client, batch => batch.Get("k"u8, vivify: 30));
        await RunAsync(client, batch => batch.Delete("k"u8));
        var late = await RunAsync(client, batch => batch.Set("k"u8, "old"u8, 60, cas: lease.Cas));
        Assert.Equal(MemcachedStatus.NotFound, late.Status);
        Assert.False((await RunAsync(client, batch => batch.Get("k"u8))).IsHit);
    }

    [Fact]
    public async Task A_stale_value_is_shown_as_such_and_one_makes_it_anew()
    {
        await using var server = await MemcachedServer.StartAsync(Stop);
        await using var client = Client(server);
        await RunAsync(client, batch => batch.Set("k"u8, "old"u8, 60));
        await RunAsync(client, batch => batch.Delete("k"u8, staleFor: 30));
        var first = await RunAsync(client, batch => batch.Get("k"u8));
        Assert.Equal("old", Text(first));
        Assert.True(first.IsStale && first.HasWon);
        var second = await RunAsync(client, batch => batch.Get("k"u8));
        Assert.True(second.IsStale && second.IsBeingFilled && !second.HasWon);
        var stored = await RunAsync(client, batch => batch.Set("k"u8, "new"u8, 60, cas: first.Cas));
        Assert.Equal(MemcachedStatus.Done, stored.Status);
        Assert.False((await RunAsync(client, batch => batch.Get("k"u8))).IsStale);
    }

    [Fact]
    public async Task Numbers_are_counted_and_what_is_none_stops_nobody_else()
    {
        await using var server = await MemcachedServer.StartAsync(Stop);
        await using var client = Client(server);
        var batch = new MemcachedBatch();
        batch.Add("n"u8, 5);
        batch.Add("n"u8, 5, initial: 10, ttl: 60);
        batch.Add("n"u8, 5);
        batch.Add("n"u8, -40);
        batch.Set("text"u8, "abc"u8, 60);
        batch.Add("text"u8, 1);
        batch.Get("text"u8);
        await client.SendAsync(batch, Stop);
        Assert.Equal(MemcachedStatus.NotFound, batch[0].Status);
        Assert.Equal(["10", "15", "0"], Enumerable.Range(1, 3).Select(i => Text(batch[i])));
        Assert.Equal(MemcachedStatus.NotStored, batch[5].Status);
        Assert.Equal("abc", Text(batch[6]));
    }

    [Fact]
    public async Task A_value_larger_than_the_server_takes_stops_nobody_else()
    {
        await using var server = await MemcachedServer.StartAsync(Stop);
        await using var client = new MemcachedClient(
            new MemcachedOptions
            {
                Nodes = [server.Endpoint()],
                MaxValueBytes = 3_000_000,
                Timeout = TimeSpan.FromSeconds(30),
            }
        );
        var batch = new MemcachedBatch();
        batch.Set("large"u8, new byte[2_000_000], 60);
        batch.Set("small"u8, "v"u8, 60);
        batch.Get("small"u8);
        await client.SendAsync(batch, Stop);
        Assert.Equal(MemcachedStatus.NotStored, batch[0].Status);
        Assert.Equal("v", Text(batch[2]));
    }

    [Fact]
    public async Task A_killed_server_costs_its_own_keys_and_they_are_back_with_it()
    {
        await using var first = await MemcachedServer.StartAsync(Stop);
        await using var second = await MemcachedServer.StartAsync(Stop);
        await using var client = Client(first, second);
        var batch = new MemcachedBatch();
        for (var i = 0; i < 1000; i++)
        {
            batch.Set(Encoding.ASCII.GetBytes($"key{i}"), Encoding.ASCII.GetBytes($"{i}"), 600);
        }

        await client.SendAsync(batch, Stop);
        Assert.Equal(1000, await HitsAsync(client));
        await second.KillAsync();
        var left = await HitsAsync(client);
        Assert.InRange(left, 300, 700);
        Assert.Equal(left, await HitsAsync(client));

        await second.BeginAsync(Stop);
        await Wait.UntilAsync(
            async () =>
            {
                await client.SendAsync(batch, Stop);
                return await HitsAsync(client) == 1000;
            },
            () => "all keys are stored again",
            Stop
        );
    }

    [Fact]
    public async Task A_frozen_server_is_missed_in_time()
    {
        await using var server = await MemcachedServer.StartAsync(Stop);
        await using var client = new MemcachedClient(
            new MemcachedOptions
            {
                Nodes = [server.Endpoint()],
                AnswerTimeout = TimeSpan.FromSeconds(1),
            }
        );
        await Wait.UntilAsync(
            async () =>
                (await RunAsync(client, batch => batch.Set("k"u8, "v"u8, 60))).Status
                == MemcachedStatus.Done,
            () => "the value is stored",
            Stop
        );
        await server.StopAsync();
        for (var i = 0; i < 20; i++)
        {
            var missed = await RunAsync(client, batch => batch.Get("k"u8));
            Assert.Equal(MemcachedStatus.Unavailable, missed.Status);
        }

        await server.ContinueAsync();
        await Wait.UntilAsync(
            async () => (await RunAsync(client, batch => batch.Get("k"u8))).IsHit,
            () => "the server is back",
            Stop
        );
    }

    /// <summary>How many of the thousand keys are there, each with its own value.</summary>
    private static async Task<int> HitsAsync(MemcachedClient client)
    {
        var batch = new MemcachedBatch();
        for (var i = 0; i < 1000; i++)
        {
            batch.Get(Encoding.ASCII.GetBytes($"key{i}"));
        }

        await client.SendAsync(batch, Stop);
        var hits = 0;
        for (var i = 0; i < 1000; i++)
        {
            if (batch[i].IsHit)
            {
                Assert.Equal($"{i}", Text(batch[i]));
                hits++;
            }
        }

        return hits;
    }

    private static async Task<MemcachedReply> RunAsync(
        MemcachedClient client,
        Action<MemcachedBatch> add
    )
    {
        var batch = new MemcachedBatch();
        add(batch);
        await client.SendAsync(batch, Stop);
        return batch[0];
    }

    /// <summary>Patient, so that a busy machine is no miss.</summary>
    private static MemcachedClient Client(params MemcachedServer[] servers) =>
        new(
            new MemcachedOptions
            {
                Nodes = [.. servers.Select(server => server.Endpoint())],
                Timeout = TimeSpan.FromSeconds(10),
                AnswerTimeout = TimeSpan.FromSeconds(20),
            }
        );

    private static string Text(MemcachedReply reply) => Encoding.ASCII.GetString(reply.Value.Span);
}
