namespace Rookery.Load;

/// <summary>Home pages of 20 posts against the emptiest answer of the same process, in turns, so that both meet the same machine.</summary>
internal static class HomeLoad
{
    private const int Connections = 32;
    private const int Readers = 32;
    private const int Followees = 200;
    private const int PostsPerFollowee = 10;
    private const int Stretches = 100;

    private static readonly TimeSpan Stretch = TimeSpan.FromMilliseconds(100);

    /// <param name="past">The posts are of a day and a half, as on a quiet timeline, instead of the last seconds.</param>
    public static void Run(bool past)
    {
        using var server = ServerProcess.Start("0");
        var requests = SetUp(
            server,
            past,
            reader => Requests.Get($"/api/v1/home_timeline?user_id={reader.Id}", reader.Token)
        );
        using var client = new LoadClient(server.Port, Connections);
        var home = new Workload(connection => requests[connection % requests.Length]);
        var turns = new Turns(server, client, home);
        turns.WarmUp();
        var (homes, lives) = turns.Take("home page of 20, closed loop");
        var ratios = homes.Zip(lives, (one, other) => one.PerSecond / other.PerSecond);
        var byCpu = homes.Zip(lives, (one, other) => one.PerCpuSecond / other.PerCpuSecond);
        Report.Line(
            "home / live",
            $"{Report.Median(ratios):F2} by wall, {Report.Median(byCpu):F2} by server CPU",
            ">= 0.45"
        );

        var (homeRate, liveRate) = (Rate(homes), Rate(lives));
        client.RunOpen(home, homeRate, TimeSpan.FromSeconds(1));
        var (homeTails, liveTails) = (new List<Latencies>(), new List<Latencies>());
        for (var stretch = 0; stretch < Stretches; stretch++)
        {
            liveTails.Add(client.RunOpen(Turns.Live, liveRate, Stretch).All);
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

    /// <summary>Readers with a full timeline each, and what each of them asks for.</summary>
    public static byte[][] SetUp(ServerProcess server, bool past, Func<Person, byte[]> request)
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

        return [.. readers.Select(request)];
    }
}
