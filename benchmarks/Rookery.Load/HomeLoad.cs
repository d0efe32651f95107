namespace Rookery.Load;

/// <summary>Home pages of 20 posts against the emptiest answer of the same process, in turns, so that both meet the same machine.</summary>
internal static class HomeLoad
{
    private const int Connections = 32;
    private const int Readers = 32;
    private const int Followees = 200;
    private const int PostsPerFollowee = 10;
    private const int Turns = 9;
    private const int Stretches = 100;

    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Stretch = TimeSpan.FromMilliseconds(100);

    /// <param name="past">The posts are of a day and a half, as on a quiet timeline, instead of the last seconds.</param>
    public static void Run(bool past)
    {
        using var server = ServerProcess.Start("0");
        var requests = SetUp(server, past);
        using var client = new LoadClient(server.Port, Connections);
        var home = new Workload(connection => requests[connection % requests.Length]);
        var empty = Requests.Get("/health/live");
        var live = new Workload(_ => empty);
        WarmUp(server, client, home, live);

        var (homes, lives) = (new List<Slice>(), new List<Slice>());
        for (var turn = 0; turn < Turns; turn++)
        {
            lives.Add(Slice.Measure(server, () => client.RunClosed(live, Turn)));
            homes.Add(Slice.Measure(server, () => client.RunClosed(home, Turn)));
        }

        Print("/health/live, closed loop", lives);
        Print("home page of 20, closed loop", homes);
        var ratios = homes.Zip(lives, (one, other) => one.PerSecond / other.PerSecond);
        var byCpu = homes.Zip(lives, (one, other) => one.PerCpuSecond / other.PerCpuSecond);
        Report.Line(
            "home / live",
            $"{Report.Median(ratios):F2} by wall, {Report.Median(byCpu):F2} by server CPU",
            ">= 0.45"
        );

        var (homeRate, liveRate) = (Rate(homes), Rate(lives));
        client.RunOpen(home, homeRate, Turn);
        var (homeTails, liveTails) = (new List<Latencies>(), new List<Latencies>());
        for (var stretch = 0; stretch < Stretches; stretch++)
        {
            liveTails.Add(client.RunOpen(live, liveRate, Stretch).All);
            homeTails.Add(client.RunOpen(home, homeRate, Stretch).All);
        }

        PrintTail("/health/live, open loop at 0.7", liveRate, liveTails, "");
        PrintTail("home page, open loop at 0.7", homeRate, homeTails, "p99 <= 3 x p50");
    }

    private static double Rate(List<Slice> slices) =>
        0.7 * Report.Median(slices.Select(slice => slice.PerSecond));

    /// <summary>
    /// In many short stretches: a virtual machine loses its core for milliseconds several times a second to things that are not this server,
    /// each time for more than a hundredth of all requests. The median stretch shows the server, the whole shows both; and the emptiest answer
    /// of the same process, in turns with it, shows what the machine and the client alone do.
    /// </summary>
    private static void PrintTail(
        string what,
        double rate,
        List<Latencies> stretches,
        string target
    )
    {
        var (p50, p99) = (
            Report.Median(stretches.Select(all => all.P50)),
            Report.Median(stretches.Select(all => all.P99))
        );
        Report.Line(
            what,
            $"{rate:N0}/s, median of {Stretches} x {Stretch.TotalMilliseconds} ms: p50 {p50:F2} p99 {p99:F2} ms, p99 / p50 {p99 / p50:F1}; worst p99 {stretches.Max(all => all.P99):F1} ms, {stretches.Sum(all => all.Errors)} errors",
            target
        );
    }

    /// <summary>
    /// Until the runtime has compiled what is hot in its best form. On one core that competes with the requests that make it hot: some ten
    /// seconds pass, and rates that stand still for a while prove nothing.
    /// </summary>
    private static void WarmUp(
        ServerProcess server,
        LoadClient client,
        Workload home,
        Workload live
    )
    {
        var (compiled, quiet) = (-1.0, 0);
        for (var round = 0; quiet < 5 && round < 60; round++)
        {
            client.RunClosed(live, Turn / 2);
            client.RunClosed(home, Turn);
            var now = server.CompilerSeconds;
            quiet = now - compiled < 0.02 ? quiet + 1 : 0;
            compiled = now;
        }
    }

    private static byte[][] SetUp(ServerProcess server, bool past)
    {
        using var people = new People(server);
        var authors = people.WithTokens(Followees);
        var readers = people.WithTokens(Readers);
        people.Follow([.. from r in readers from a in authors select (r.Id, a.Id)]);
        if (past)
        {
            people.PostsOfThePast(authors, Followees * PostsPerFollowee);
        }
        else
        {
            people.Post([
                .. Enumerable
                    .Range(0, Followees * PostsPerFollowee)
                    .Select(i => authors[i * 7 % Followees].Id),
            ]);
        }

        return
        [
            .. readers.Select(r => Requests.Get($"/api/v1/home_timeline?user_id={r.Id}", r.Token)),
        ];
    }

    private static void Print(string what, List<Slice> slices)
    {
        var middle = slices.OrderBy(slice => slice.PerSecond).ElementAt(slices.Count / 2);
        var all = middle.Run.All;
        Report.Line(
            what,
            $"{middle.PerSecond:N0}/s, {Report.Median(slices.Select(s => s.PerCpuSecond)):N0} per CPU-s, p50 {all.P50:F2} p99 {all.P99:F2} ms, {all.Bytes / Math.Max(1, all.Count):N0} B, {slices.Sum(s => s.Run.Errors)} errors"
        );
    }
}

/// <summary>One stretch of load and what it cost the server.</summary>
internal sealed record Slice(LoadRun Run, double CpuSeconds)
{
    public double PerSecond => Run.PerSecond();

    /// <summary>What one undisturbed core would do.</summary>
    public double PerCpuSecond => Run.All.Count / Math.Max(0.01, CpuSeconds);

    public static Slice Measure(ServerProcess server, Func<LoadRun> run)
    {
        var cpu = server.CpuSeconds;
        var done = run();
        return new Slice(done, server.CpuSeconds - cpu);
    }
}
