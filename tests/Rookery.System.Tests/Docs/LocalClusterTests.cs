using Rookery.SystemTests.Faults;
using Rookery.TestKit;
using Xunit;

namespace Rookery.SystemTests.Docs;

/// <summary>The local cluster as an operator starts it.</summary>
[Collection(nameof(LongTests))]
[Trait("Length", "soak")]
public sealed class LocalClusterTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Comes_up_serves_goes_on_with_its_standby_and_goes_down()
    {
        await using var cluster = await LocalCluster.StartAsync(Stop);
        using var http = ServerInProcess.NewClient(cluster.Address);
        var alice = await ClassicClient.SignUpAsync(http, "alice", Stop);
        var bob = await ClassicClient.SignUpAsync(http, "bob", Stop);
        (await bob.RelateAsync("follow", alice.Id, Stop)).Require(200);
        await PostAndSeeAsync(alice, bob, "through the balancer");
        var status = await cluster.RunAsync("status", Stop);
        Assert.True(status.ExitCode == 0, status.Output);
        Assert.Matches(@"(?m)^s3 +pid \d+ +port \d+ +well$", status.Output);
        var picture = await MediaClient.UploadAsync(http, alice.Token, SamplePictures.Png(), Stop);
        // Whichever of the two processes took it, either hands it out.
        for (var turn = 0; turn < 4; turn++)
        {
            Assert.NotEmpty(await http.GetByteArrayAsync($"/media/{picture.File}", Stop));
        }

        Assert.Matches(@"(?m)^logs +pid \d+ +port \d+ +well$", status.Output);
        await HasLinesOfAllAsync(Path.Combine(cluster.Folder, "logs", "rookery.log"));

        const string primary = "postgres-primary";
        var posts = await AcknowledgedPosts.OfAsync(
            http,
            authors: 12,
            pause: TimeSpan.FromMilliseconds(100)
        );
        await posts.DuringAsync(
            async () =>
            {
                await cluster.KillAsync(primary, Stop);
                var promoted = await cluster.RunAsync("promote", Stop);
                Assert.True(promoted.ExitCode == 0, promoted.Output);
            },
            "PostgreSQL's primary killed and its standby promoted",
            cluster.PidOf(primary)
        );
        var verified = await cluster.CommandAsync("timelines-2", Stop, "verify");
        Assert.True(verified.ExitCode == 0, verified.Output);
        await PostAndSeeAsync(alice, bob, "after the fail-over");
        // The old primary is not running, and that is said.
        Assert.Equal(1, (await cluster.RunAsync("status", Stop)).ExitCode);
        var rejoined = await cluster.RunAsync("rejoin", Stop);
        Assert.True(rejoined.ExitCode == 0, rejoined.Output);
        status = await cluster.RunAsync("status", Stop);
        Assert.True(status.ExitCode == 0, status.Output);
        await PostAndSeeAsync(alice, bob, "after the old primary came back");

        var down = await cluster.RunAsync("down", Stop);
        Assert.True(down.ExitCode == 0, down.Output);
        Assert.False(Directory.Exists(cluster.Folder));
    }

    /// <summary>Every process has written at least one line, and none is without its trace.</summary>
    private static async Task HasLinesOfAllAsync(string log)
    {
        string[] roles =
        [
            "accounts",
            "graph",
            "posts",
            "fanout",
            "timelines",
            "search",
            "media",
            "notifications",
        ];
        var lines = Array.Empty<string>();
        await Wait.UntilAsync(
            async () =>
            {
                lines = await File.ReadAllLinesAsync(log, Stop);
                return roles
                    .SelectMany(role => new[] { (role, 1), (role, 2) })
                    .All(process =>
                        lines.Any(line =>
                            line.Contains(
                                $" role=\"{process.role}\" instance=\"{process.role}-{process.Item2}\" ",
                                StringComparison.Ordinal
                            )
                        )
                    );
            },
            () => string.Join('\n', lines),
            Stop,
            TimeSpan.FromMilliseconds(100)
        );
        Assert.All(lines, line => Assert.Matches(" trace=\"[0-9a-f]{32}\" ", line));
    }

    private static async Task PostAndSeeAsync(
        ClassicClient author,
        ClassicClient reader,
        string text
    )
    {
        await Wait.UntilAsync(
            async () => (await author.PostAsync(text, Stop, key: text)).Status == 201,
            () => "the post is accepted",
            Stop
        );
        await Wait.UntilAsync(
            async () =>
                (await reader.TryHomeAsync(new Page(20), Stop))?.Any(entry => entry.Text == text)
                == true,
            () => "the post is on the reader's home timeline",
            Stop
        );
    }
}
