using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;

namespace Rookery.Load;

/// <summary>
/// A running local cluster: how long an answered post of an author with 1,000 followers takes until the last of them sees it, with nothing else to do
/// and beside an author whose posts go to many more; and what a delivery costs with two processes that fan out and with one. All timelines are pushed.
/// </summary>
internal sealed class PushedLoad
{
    private const int Followers = 1_000;

    /// <summary>Few: each asks again and again, on the machine that is to deliver.</summary>
    private const int Watched = 4;
    private const int Posts = 150;
    private const int LargePosts = 10;

    /// <summary>Accounts of an import are numbered; nobody else's graph goes up to here.</summary>
    private const long SmallAuthor = 2_000_000_000;
    private const long LargeAuthor = 3_000_000_000;

    private static readonly TimeSpan BetweenLarge = TimeSpan.FromSeconds(5);

    private readonly RunningCluster _cluster;

    private PushedLoad(RunningCluster cluster) => _cluster = cluster;

    /// <param name="folder">The cluster's.</param>
    /// <param name="many">Followers of the large author.</param>
    public static async Task RunAsync(string folder, string many)
    {
        var crowd = int.Parse(many, CultureInfo.InvariantCulture);
        var load = new PushedLoad(new RunningCluster(folder));
        load.Import(folder, crowd);
        var (small, followers) = await load.VisitedAsync(SmallAuthor);
        var (large, _) = await load.VisitedAsync(LargeAuthor);
        var alone = await load.MeasureAsync(small, followers, TimeSpan.Zero, Posts, _ => { });
        Report.Line(
            $"answered post until the last of {Followers:N0} followers saw it",
            $"p50 {alone.P50:F0} p99 {alone.P99:F0} max {alone.Max:F0} ms",
            "p99 <= 100 ms"
        );
        var next = Stopwatch.GetTimestamp();
        var beside = await load.MeasureAsync(
            small,
            followers,
            TimeSpan.FromMilliseconds(100),
            Posts,
            people =>
            {
                if (Stopwatch.GetTimestamp() >= next)
                {
                    people.Post([large]);
                    next =
                        Stopwatch.GetTimestamp()
                        + (long)(BetweenLarge.TotalSeconds * Stopwatch.Frequency);
                }
            }
        );
        Report.Line(
            $"the same beside a post to {crowd:N0} every 5 s",
            $"p50 {beside.P50:F0} p99 {beside.P99:F0} max {beside.Max:F0} ms, {beside.P50 / alone.P50:F2} times the median",
            "<= 2 times the median"
        );
        await load.CompareProcessesAsync(large, crowd);
    }

    private void Import(string folder, int crowd)
    {
        var file = Path.Combine(folder, "pushed.tsv");
        File.WriteAllLines(file, Edges(SmallAuthor, Followers).Concat(Edges(LargeAuthor, crowd)));
        _cluster.Run("graph-1", "import", "graph", file);
    }

    private static IEnumerable<string> Edges(long author, int followers) =>
        Enumerable
            .Range(1, followers)
            .Select(i => string.Create(CultureInfo.InvariantCulture, $"{author + i} {author}"));

    /// <summary>The author, and the followers, each of whom has read the home timeline once: what nobody reads gets no deliveries.</summary>
    private async Task<(long Author, long[] Followers)> VisitedAsync(long number)
    {
        using var http = new HttpClient
        {
            BaseAddress = new Uri($"http://127.0.0.1:{_cluster.Port}"),
        };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Bearer",
            _cluster.ServiceKey
        );
        using var people = _cluster.People();
        var author = people.Named([number], people.WithTokens(1)[0].Token)[0];
        var followers = (await http.GetFromJsonAsync<long[]>($"/followers?tweeter_id={author}"))!;
        people.ReadHomes(followers);
        return (author, followers);
    }

    /// <param name="meanwhile">Called before each post.</param>
    private async Task<Latencies> MeasureAsync(
        long author,
        long[] followers,
        TimeSpan pause,
        int posts,
        Action<People> meanwhile
    )
    {
        // The last ones and some between: fan-out goes by ascending id.
        var watched = followers[^(Watched / 2)..]
            .Concat(
                Enumerable
                    .Range(0, Watched / 2)
                    .Select(i => followers[i * followers.Length / Watched])
            )
            .Select(id => Requests.Get($"/timeline?user_id={id}&count=1", _cluster.ServiceKey))
            .ToArray();
        // Anew for each measurement: the balancer ends connections that nobody uses.
        using var people = _cluster.People(connections: 1);
        using var client = new LoadClient(_cluster.Port, Watched);
        var times = new Latencies();
        for (var i = 0; i < posts; i++)
        {
            meanwhile(people);
            await Task.Delay(pause, TimeProvider.System);
            var id = people.Post([author])[0];
            var since = Stopwatch.GetTimestamp();
            VisibleLoad.UntilAllSee(client, watched, Encoding.ASCII.GetBytes($"{id}"));
            if (i >= posts / 5)
            {
                times.Add(Stopwatch.GetTimestamp() - since, isError: false, bytes: 0);
            }
        }

        return times;
    }

    /// <summary>The second process that fans out is stopped, and stays so.</summary>
    private async Task CompareProcessesAsync(long large, int crowd)
    {
        var two = await CostAsync(large, crowd);
        _cluster.Stop("fanout-2");
        var one = await CostAsync(large, crowd);
        Report.Line(
            "processor time of a delivery, two fan-outs and one",
            $"{two:F2} and {one:F2} us, {two / one:F2} times",
            "<= 1.1 times"
        );
    }

    /// <summary>Microseconds of the processes that fan out for each delivery of the large author's posts.</summary>
    private async Task<double> CostAsync(long large, int crowd)
    {
        string[] parts = ["fanout-1", "fanout-2"];
        var before = parts.Sum(_cluster.CpuSecondsOf);
        using var people = _cluster.People();
        people.Post([.. Enumerable.Repeat(large, LargePosts)]);
        var last = 0.0;
        // Done when they have been at rest for a while.
        for (var still = 0; still < 3; )
        {
            await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System);
            var now = parts.Sum(_cluster.CpuSecondsOf);
            still = now - last < 0.1 ? still + 1 : 0;
            last = now;
        }

        return (last - before) * 1e6 / ((double)LargePosts * crowd);
    }
}
