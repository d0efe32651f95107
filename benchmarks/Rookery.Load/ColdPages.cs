using System.Diagnostics;

namespace Rookery.Load;

/// <summary>
/// The first home page of an account in a process that holds nothing of it: it has only read the pages of accounts that follow nobody
/// whom this one follows, so that its code is compiled. With HTTP, on one connection, so what is shown is above the page's own time.
/// </summary>
internal static class ColdPages
{
    private const int Rounds = 3;
    private const int Strangers = 1_000;
    private static readonly int[] Sizes = [int.MaxValue, 500, 200, 50];

    public static void Run(RealGraph graph, ImportedFolder folder, Dictionary<long, long> ids)
    {
        foreach (var size in Sizes)
        {
            var reader = graph.Readers.First(account => graph.FolloweesOf(account) <= size);
            var strangers = graph.StrangersTo(reader).Take(Strangers).Select(one => ids[one]);
            var times = Enumerable
                .Range(0, Rounds)
                .Select(_ => Measure(folder.Data, ids[reader], [.. strangers]))
                .ToList();
            Report.Line(
                $"home page never read, {graph.FolloweesOf(reader):N0} followees",
                $"first {Report.Median(times.Select(t => t.First)):F1} ms ({times.Min(t => t.First):F1} to {times.Max(t => t.First):F1}), {Report.Median(times.Select(t => t.Cpu)):F0} ms of processor time; again {Report.Median(times.Select(t => t.Again)):F2} ms",
                size == int.MaxValue ? "<= 50 ms" : ""
            );
        }
    }

    private static (double First, double Cpu, double Again) Measure(
        string data,
        long reader,
        long[] strangers
    )
    {
        using var server = ServerProcess.Start(null, data);
        var key = server.ServiceKey;
        using var client = new LoadClient(server.Port, 1);
        foreach (var stranger in strangers)
        {
            Read(client, stranger, key);
        }

        var cpu = server.CpuSeconds;
        var first = Read(client, reader, key);
        cpu = server.CpuSeconds - cpu;
        return (first, cpu * 1000, Read(client, reader, key));
    }

    private static double Read(LoadClient client, long account, string key)
    {
        var request = Requests.Get($"/timeline?user_id={account}", key);
        var asked = false;
        var since = Stopwatch.GetTimestamp();
        var run = client.RunClosed(
            new Workload(_ =>
            {
                var now = asked ? default : request;
                asked = true;
                return now;
            }),
            TimeSpan.FromMinutes(1)
        );
        return run.Errors == 0
            ? Stopwatch.GetElapsedTime(since).TotalMilliseconds
            : throw new InvalidOperationException("A home page failed.");
    }
}
