using System.Globalization;

namespace Rookery.Load;

/// <summary>Durable posts with likes and follows beside, server and client sharing all cores.</summary>
internal static class PostsLoad
{
    private const int Posters = 64;
    private const int Others = 8;
    private const int Authors = 2_000;

    /// <param name="options">Seconds, and <c>--postgres</c> with a connection, or alone: then one is started from Debian's packages.</param>
    public static async Task RunAsync(IReadOnlyList<string> options)
    {
        var seconds = options is [var first, ..] && !first.StartsWith('-') ? first : "10";
        var rest = options.SkipWhile(option => option != "--postgres").Take(2).ToList();
        if (rest.Count == 0)
        {
            Run(Number(seconds), null);
            return;
        }

        await using var database = await LoadDatabase.OpenAsync(rest.ElementAtOrDefault(1));
        Run(Number(seconds), database.Connection);
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static void Run(int seconds, string? postgres)
    {
        using var server = ServerProcess.Start(null, postgres: postgres);
        using var people = new People(server);
        var writes = new Writes(people, Authors, Others);
        using var client = new LoadClient(server.Port, Posters + (2 * Others), GroupOf);
        var work = new Workload(connection =>
            GroupOf(connection) switch
            {
                0 => writes.Post(),
                1 => writes.Like(connection - Posters),
                _ => writes.Follow(),
            }
        );
        client.RunClosed(work, TimeSpan.FromSeconds(8));
        var slice = Slice.Measure(
            server,
            () => client.RunClosed(work, TimeSpan.FromSeconds(seconds))
        );
        Print(slice, postgres is null ? ">= 10,000/s, p99 <= 100 ms" : ">= 5,000/s");
    }

    private static int GroupOf(int connection) =>
        connection < Posters ? 0
        : connection < Posters + Others ? 1
        : 2;

    private static void Print(Slice slice, string target)
    {
        var run = slice.Run;
        var (posts, likes, follows) = (run.Groups[0], run.Groups[1], run.Groups[2]);
        var all = posts.Count + likes.Count + follows.Count;
        Report.Line(
            "durable posts, 64 clients",
            $"{run.PerSecond():N0}/s, p50 {posts.P50:F1} p99 {posts.P99:F1} max {posts.Max:F0} ms",
            target
        );
        Report.Line("likes, 8 clients beside", $"{run.PerSecond(1):N0}/s, p99 {likes.P99:F1} ms");
        Report.Line(
            "follows, 8 clients beside",
            $"{run.PerSecond(2):N0}/s, p99 {follows.P99:F1} ms"
        );
        Report.Line(
            "all writes",
            $"{all / run.Seconds:N0}/s, {all / slice.CpuSeconds:N0} per server CPU-s, {slice.CpuSeconds / run.Seconds:F2} cores, {run.Errors} errors"
        );
    }
}
