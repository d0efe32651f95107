using System.Diagnostics;
using System.Text;

namespace Rookery.Load;

/// <summary>From the answer to a post until the last of its author's followers has read it on the home timeline.</summary>
internal static class VisibleLoad
{
    private const int Followers = 32;
    private const int Posts = 500;

    public static void Run()
    {
        using var server = ServerProcess.Start("0");
        using var people = new People(server);
        var author = people.Accounts(1)[0];
        var followers = people.WithTokens(Followers);
        people.Follow([.. followers.Select(follower => (follower.Id, author))]);
        var reads = followers
            .Select(f => Requests.Get($"/api/v1/home_timeline?user_id={f.Id}&count=1", f.Token))
            .ToArray();
        using var client = new LoadClient(server.Port, Followers);
        var times = new Latencies();
        for (var i = 0; i < Posts; i++)
        {
            var id = people.Post([author])[0];
            var since = Stopwatch.GetTimestamp();
            UntilAllSee(client, reads, Encoding.ASCII.GetBytes($"\"tweet_id\":\"{id}\""));
            if (i >= Posts / 5)
            {
                times.Add(Stopwatch.GetTimestamp() - since, isError: false, bytes: 0);
            }
        }

        Report.Line(
            "answered post until its last follower saw it",
            $"p50 {times.P50:F1} p99 {times.P99:F1} max {times.Max:F1} ms, {Followers} followers reading at once",
            "p99 <= 10 ms"
        );
    }

    public static void UntilAllSee(LoadClient client, byte[][] reads, byte[] id)
    {
        var seen = new bool[reads.Length];
        client.RunClosed(
            new Workload(
                connection => seen[connection] ? default : reads[connection],
                (connection, _, body) => seen[connection] = body.Span.IndexOf(id) >= 0
            ),
            TimeSpan.FromSeconds(30)
        );
        if (seen.Contains(false))
        {
            throw new InvalidOperationException("A follower did not see the post.");
        }
    }
}
