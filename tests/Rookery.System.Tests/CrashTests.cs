using System.Globalization;
using Rookery.SystemTests.Crashes;
using Rookery.TestKit.Servers;
using Xunit;

namespace Rookery.SystemTests;

/// <summary>Kills the real process while many write. ROOKERY_SEED and ROOKERY_KILLS play another run.</summary>
public sealed class CrashTests(ITestOutputHelper output)
{
    private const int Seed = 19;

    [Fact]
    public async Task Every_acknowledged_post_survives_kills_and_stands_on_every_right_timeline()
    {
        var kills = Number("ROOKERY_KILLS", 200);
        var report = await PlayAsync(kills, []);
        Assert.Equal(kills, report.Kills);
        Assert.True(
            report.KillsWithUnanswered * 4 >= kills,
            $"too few requests in flight: {report}"
        );
    }

    [Fact]
    public async Task Pushed_timelines_are_right_again_after_kills()
    {
        var kills = Number("ROOKERY_KILLS", 10);
        var settings = new Dictionary<string, string> { ["Timelines:MergeAtReadAbove"] = "8" };
        Assert.Equal(kills, (await PlayAsync(kills, settings)).Kills);
    }

    [Fact]
    public async Task Timelines_pushed_to_Redis_are_right_again_after_kills()
    {
        await using var redis = await RedisServer.StartAsync(TestContext.Current.CancellationToken);
        var kills = Number("ROOKERY_KILLS", 10);
        var settings = new Dictionary<string, string>
        {
            ["Timelines:MergeAtReadAbove"] = "8",
            // A kill falls between the chunks of one fan-out.
            ["Timelines:FanOutChunk"] = "2",
            ["Redis:Nodes"] = $"127.0.0.1:{redis.Port}",
        };
        Assert.Equal(kills, (await PlayAsync(kills, settings)).Kills);
    }

    private async Task<CrashReport> PlayAsync(int kills, Dictionary<string, string> settings)
    {
        var seed = Number("ROOKERY_SEED", Seed);
        output.WriteLine($"seed {seed}");
        var report = await CrashRun.PlayAsync(
            seed,
            kills,
            settings,
            TestContext.Current.CancellationToken
        );
        output.WriteLine(
            $"{report.Kills} kills, {report.KillsWithUnanswered} of them with unanswered requests in flight ({report.Unanswered} requests); "
                + $"{report.Acknowledged} writes acknowledged, {report.Posts} posts sent, {report.FullChecks} full checks, {report.Took.TotalSeconds:F0} s"
        );
        return report;
    }

    private static int Number(string variable, int otherwise) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text
            ? int.Parse(text, CultureInfo.InvariantCulture)
            : otherwise;
}
