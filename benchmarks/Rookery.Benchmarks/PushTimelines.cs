using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Rookery.Adapters.Redis;
using Rookery.TestKit;
using Rookery.TestKit.Servers;
using Rookery.Timelines;

namespace Rookery.Benchmarks;

/// <summary>
/// Deliveries onto full timelines in one Redis, trims and marks included, by its own processor time and by this process's; and what its reads cost it.
/// </summary>
internal static class PushTimelines
{
    private const int Owners = 10_000;
    private const int Chunk = 5_000;
    private const int Posts = 300;
    private const int Reads = 30_000;

    /// <summary>Of 20 entries and what rules may take from it.</summary>
    private const int FirstPage = 28;

    public static async Task QuickAsync()
    {
        await using var server = await RedisServer.StartAsync(CancellationToken.None);
        var options = Options.Create(
            new RedisOptions { Nodes = $"127.0.0.1:{server.Port}", PatienceMilliseconds = 10_000 }
        );
        await using var connection = new RedisConnection(
            options,
            NullLogger<RedisConnection>.Instance
        );
        await connection.StartAsync(CancellationToken.None);
        var timelines = Options.Create(new TimelinesOptions());
        using var store = new RedisTimelineStore(
            connection,
            options,
            timelines,
            new MemoryPostponedParts(),
            TimeProvider.System
        );
        var owners = Enumerable.Range(1, Owners).Select(number => new AccountId(number)).ToArray();
        await BuildAsync(store, owners, timelines.Value.PushedLength);
        // Before the pushes: their entries are all of the last minute, of which the beginning of a list says nothing.
        await ReadAsync(store, owners, FirstPage);
        await MeasureAsync(server, "first page", Reads, () => ReadAsync(store, owners, FirstPage));
        await MeasureAsync(
            server,
            "whole timeline",
            Reads,
            () => ReadAsync(store, owners, timelines.Value.PushedLength)
        );
        await PushAsync(store, owners, Posts / 10);
        await MeasureAsync(
            server,
            "delivery",
            Owners * Posts,
            () => PushAsync(store, owners, Posts)
        );
    }

    /// <summary>Of lengths that differ, so that not all are trimmed at once.</summary>
    private static async Task BuildAsync(RedisTimelineStore store, AccountId[] owners, int length)
    {
        foreach (var part in await store.CheckAsync([0], [], default))
        {
            await store.ConfirmAsync(part, [0], default);
        }

        var now = Snowflake.MillisecondsAt(TimeProvider.System.GetUtcNow());
        var entries = Enumerable
            .Range(1, length)
            .Select(age => Snowflake.Compose(now - age * 60_000L, 0, 0, 0))
            .Select(id => new TimelineEntry(new PostId(id), new AccountId(id % 1_000)))
            .ToArray();
        foreach (var owner in owners)
        {
            var rebuild = await store.BeginRebuildAsync(owner, default);
            var count = length - (int)(owner.Value % TimelineSpace.Slack);
            await store.FinishRebuildAsync(
                owner,
                rebuild!.Value,
                entries[..count],
                default,
                default
            );
        }
    }

    private static async Task PushAsync(RedisTimelineStore store, AccountId[] owners, int posts)
    {
        for (var i = 0; i < posts; i++)
        {
            var now = Snowflake.FloorAt(TimeProvider.System.GetUtcNow());
            var entry = new TimelineEntry(new PostId(now + i), new AccountId(i));
            for (var from = 0; from < owners.Length; from += Chunk)
            {
                await store.PushAsync(owners.AsMemory(from, Chunk), entry, default);
            }
        }
    }

    private static Task ReadAsync(RedisTimelineStore store, AccountId[] owners, int newest) =>
        Parallel.ForEachAsync(
            Enumerable.Range(0, Reads),
            new ParallelOptions { MaxDegreeOfParallelism = 16 },
            async (read, token) =>
                await store.ReadAsync(owners[read % owners.Length], newest, token)
        );

    private static async Task MeasureAsync(
        RedisServer server,
        string what,
        int count,
        Func<Task> work
    )
    {
        var (theirs, ours, since) = (
            ServerTime.Of(server.ProcessId),
            Environment.CpuUsage.TotalTime,
            Stopwatch.GetTimestamp()
        );
        await work();
        var wall = Stopwatch.GetElapsedTime(since);
        theirs = ServerTime.Of(server.ProcessId) - theirs;
        ours = Environment.CpuUsage.TotalTime - ours;
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{what}: {count / theirs.TotalSeconds:N0} for a second of Redis's processor time, {theirs.TotalMicroseconds / count:F2} us each; {ours.TotalMicroseconds / count:F2} us of this process's; {count / wall.TotalSeconds:N0}/s"
            )
        );
    }
}
