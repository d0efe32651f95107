using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Rookery.Posts;

namespace Rookery.Benchmarks;

/// <summary>Durable posts without HTTP: as many wait at once as given, so groups of about that size are committed.</summary>
internal static class CommitPosts
{
    private const int Authors = 1_000;

    public static async Task QuickAsync()
    {
        await using var world = await HomeWorld.CreateAsync(Authors, postsPerFollowee: 1);
        var posts = world.Services.GetRequiredService<IPostStore>();
        await RunAsync(world, posts, 64, 20_000);
        foreach (var waiting in new[] { 1, 8, 64, 256 })
        {
            var writes = Math.Min(20_000, 1_000 * waiting);
            var since = Stopwatch.StartNew();
            var cpu = Environment.CpuUsage.TotalTime;
            await RunAsync(world, posts, waiting, writes);
            cpu = Environment.CpuUsage.TotalTime - cpu;
            Console.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{waiting} waiting: {writes / since.Elapsed.TotalSeconds:N0} posts/s, {cpu.TotalMicroseconds / writes:F1} us of processor time each, counting and relaying beside included"
                )
            );
        }
    }

    private static Task RunAsync(HomeWorld world, IPostStore posts, int waiting, int writes)
    {
        var next = 0;
        return Task.WhenAll(Enumerable.Range(0, waiting).Select(_ => WriteAsync()));

        async Task WriteAsync()
        {
            await Task.Yield();
            while (Interlocked.Increment(ref next) is var i && i <= writes)
            {
                var author = world.Followees[i % world.Followees.Count];
                await posts.AcceptAsync(HomeWorld.PostOf(author, i), default);
            }
        }
    }
}
