namespace Rookery.Load;

/// <summary>A workload and the emptiest answer of the same process, in turns, so that both meet the same machine.</summary>
internal sealed class Turns(ServerProcess server, LoadClient client, Workload measured)
{
    private const int Rounds = 9;

    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(1);

    public static Workload Live { get; } = LiveWorkload();

    /// <summary>
    /// Until the runtime has compiled what is hot in its best form. On one core that competes with the requests that make it hot: some ten
    /// seconds pass, and rates that stand still for a while prove nothing.
    /// </summary>
    public void WarmUp()
    {
        var (compiled, quiet) = (-1.0, 0);
        for (var round = 0; quiet < 5 && round < 60; round++)
        {
            client.RunClosed(Live, Turn / 2);
            client.RunClosed(measured, Turn);
            var now = server.CompilerSeconds;
            quiet = now - compiled < 0.02 ? quiet + 1 : 0;
            compiled = now;
        }
    }

    public (List<Slice> Measured, List<Slice> Lives) Take(string what, string target = "")
    {
        var (taken, lives) = (new List<Slice>(), new List<Slice>());
        for (var round = 0; round < Rounds; round++)
        {
            lives.Add(Slice.Measure(server, () => client.RunClosed(Live, Turn)));
            taken.Add(Slice.Measure(server, () => client.RunClosed(measured, Turn)));
        }

        Print("/health/live, closed loop", lives, "");
        Print(what, taken, target);
        return (taken, lives);
    }

    private static Workload LiveWorkload()
    {
        var empty = Requests.Get("/health/live");
        return new Workload(_ => empty);
    }

    private static void Print(string what, List<Slice> slices, string target)
    {
        var middle = slices.OrderBy(slice => slice.PerSecond).ElementAt(slices.Count / 2);
        var all = middle.Run.All;
        Report.Line(
            what,
            $"{middle.PerSecond:N0}/s, {Report.Median(slices.Select(s => s.PerCpuSecond)):N0} per CPU-s, p50 {all.P50:F2} p99 {all.P99:F2} ms, {all.Bytes / Math.Max(1, all.Count):N0} B, {slices.Sum(s => s.Run.Errors)} errors",
            target
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
