using System.Diagnostics;
using Rookery.TestKit.Servers;
using Rookery.Wire.Redis;
using Xunit;

namespace Rookery.Wire.Tests.Redis;

[CollectionDefinition(nameof(CostTests), DisableParallelization = true)]
public sealed class AloneInTheProcess;

/// <summary>What commands cost in memory. Alone, because everything in the process is counted.</summary>
[Collection(nameof(CostTests))]
public sealed class CostTests
{
    private const int Commands = 1000;
    private const int Rounds = 200;

    private static CancellationToken Stop => Clients.Stop;

    [Fact]
    public async Task A_thousand_pushes_in_a_batch_allocate_what_one_batch_does_and_nothing_for_each()
    {
        await using var server = await RedisServer.StartAsync(Stop);
        await using var client = await server.ConnectAsync();
        await PushAsync(client, 20);
        var (bytes, elapsed) = await MeasureAsync(() => PushAsync(client, Rounds));
        var output = TestContext.Current.TestOutputHelper!;
        output.WriteLine($"{bytes / Rounds} bytes a batch of {Commands}");
        output.WriteLine($"{Commands * Rounds / elapsed.TotalSeconds:N0} pushes/s");
        // The call itself, the waits of its loops; a single object for each command would be ten times as much.
        Assert.InRange(bytes / Rounds, 0, 4000);
    }

    [Fact]
    public async Task A_page_of_entries_is_read_with_one_copy_of_its_bytes()
    {
        await using var server = await RedisServer.StartAsync(Stop);
        await using var client = await server.ConnectAsync();
        var fill = new RedisBatch();
        for (var i = 0; i < 100; i++)
        {
            fill.Add("RPUSH", "list"u8, new byte[17]);
        }

        await client.SendAsync(fill, Stop);
        var batch = new RedisBatch();
        for (var i = 0; i < 100; i++)
        {
            batch.Add("LRANGE", "list", 0, 50);
        }

        await ReadAsync(client, batch, 20);
        var (bytes, elapsed) = await MeasureAsync(() => ReadAsync(client, batch, Rounds));
        var output = TestContext.Current.TestOutputHelper!;
        output.WriteLine($"{bytes / Rounds / 100} bytes a page");
        output.WriteLine($"{100 * Rounds / elapsed.TotalSeconds:N0} pages/s");
        // 51 entries of 17 bytes with their heads and ends are 1,230 bytes.
        Assert.InRange(bytes / Rounds / 100, 1230, 1230 + 100);
    }

    private static async Task PushAsync(RedisClient client, int rounds)
    {
        var batch = new RedisBatch();
        var entry = new byte[17];
        for (var round = 0; round < rounds; round++)
        {
            for (var i = 0; i < Commands; i++)
            {
                entry[3] = (byte)i;
                batch.Add("LPUSHX", "{1}timeline"u8, entry);
            }

            await client.SendAsync(batch, Stop);
            Assert.Equal(0, batch[Commands - 1].OrThrow().AsInteger());
            batch.Clear();
        }
    }

    private static async Task ReadAsync(RedisClient client, RedisBatch batch, int rounds)
    {
        for (var round = 0; round < rounds; round++)
        {
            await client.SendAsync(batch, Stop);
            Assert.Equal(51, batch[0].OrThrow().Count);
        }
    }

    private static async Task<(long Bytes, TimeSpan Elapsed)> MeasureAsync(Func<Task> act)
    {
        var before = GC.GetTotalAllocatedBytes(precise: true);
        var began = Stopwatch.GetTimestamp();
        await act();
        var elapsed = Stopwatch.GetElapsedTime(began);
        return (GC.GetTotalAllocatedBytes(precise: true) - before, elapsed);
    }
}
