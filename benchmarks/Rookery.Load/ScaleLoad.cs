namespace Rookery.Load;

/// <summary>What must not grow: a read with the posts and accounts that are stored, a post with its author's followers.</summary>
internal static class ScaleLoad
{
    private const int Readers = 16;
    private const int Followees = 100;
    private const int Crowd = 10_000;
    private const int Flood = 60_000;
    private const int Turns = 5;

    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(1);

    public static void Run()
    {
        using var server = ServerProcess.Start("0");
        using var people = new People(server);
        var authors = people.Accounts(Followees);
        var readers = people.WithTokens(Readers);
        people.Follow([.. from r in readers from a in authors select (r.Id, a)]);
        people.Post([.. Enumerable.Range(0, 10 * Followees).Select(i => authors[i % Followees])]);
        using var client = new LoadClient(server.Port, Readers);
        var reads = readers
            .Select(r => Requests.Get($"/api/v1/home_timeline?user_id={r.Id}", r.Token))
            .ToArray();
        var home = new Workload(connection => reads[connection]);
        client.RunClosed(home, 15 * Turn);
        var small = Measure(server, client, home);

        var crowd = people.Accounts(Crowd);
        people.Post([.. Enumerable.Range(0, Flood).Select(i => crowd[i % Crowd])]);
        client.RunClosed(home, 2 * Turn);
        var large = Measure(server, client, home);
        Report.Line(
            $"read, {Crowd + Followees:N0} accounts to {Followees}",
            $"{small / large:F2} times the processor time ({small:N0} to {large:N0} per CPU-s)",
            "does not grow"
        );

        var (star, hermit) = (crowd[0], crowd[1]);
        people.Follow([.. crowd.Skip(2).Select(fan => (fan, star))]);
        ComparePosts(
            server,
            client,
            People.PostOf(star, 1, people.Key),
            People.PostOf(hermit, 1, people.Key)
        );
    }

    private static void ComparePosts(
        ServerProcess server,
        LoadClient client,
        byte[] ofStar,
        byte[] ofHermit
    )
    {
        var (star, hermit) = (new Workload(_ => ofStar), new Workload(_ => ofHermit));
        client.RunClosed(star, 3 * Turn);
        var ratios = new List<double>();
        for (var turn = 0; turn < Turns; turn++)
        {
            var one = Slice.Measure(server, () => client.RunClosed(star, 2 * Turn));
            var other = Slice.Measure(server, () => client.RunClosed(hermit, 2 * Turn));
            ratios.Add(other.PerCpuSecond / one.PerCpuSecond);
        }

        Report.Line(
            $"post, {Crowd - 2:N0} followers to none",
            $"{Report.Median(ratios):F2} times the processor time",
            "does not grow"
        );
    }

    private static double Measure(ServerProcess server, LoadClient client, Workload home) =>
        Report.Median([
            .. Enumerable
                .Range(0, Turns)
                .Select(_ =>
                    Slice.Measure(server, () => client.RunClosed(home, Turn)).PerCpuSecond
                ),
        ]);
}
