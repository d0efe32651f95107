namespace Rookery.Load;

/// <summary>From nothing to ready on an empty folder, and what is resident then.</summary>
internal static class StartLoad
{
    private const int Starts = 7;

    public static void Run()
    {
        var times = new List<double>();
        var sizes = new List<double>();
        for (var i = 0; i < Starts; i++)
        {
            using var server = ServerProcess.Start(null);
            times.Add(server.TimeToReady.TotalMilliseconds);
            sizes.Add(server.ResidentMegabytes);
        }

        Report.Line(
            "start on an empty folder to ready",
            $"{Report.Median(times):N0} ms ({times.Min():N0} to {times.Max():N0})",
            "<= 1,500 ms"
        );
        Report.Line("resident when ready", $"{Report.Median(sizes):N0} MB", "<= 150 MB");
    }
}
