using System.Diagnostics;
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
        using var folder = new TemporaryFolder();
        var cluster = Path.Combine(folder.Path, "cluster");
        File.SetUnixFileMode(
            folder.Path,
            File.GetUnixFileMode(folder.Path)
                | UnixFileMode.OtherExecute
                | UnixFileMode.GroupExecute
        );
        try
        {
            var up = await RunAsync(cluster, "up");
            Assert.True(up.ExitCode == 0, up.Output);
            Assert.Contains("service key: ", up.Output, StringComparison.Ordinal);
            using var http = ServerInProcess.NewClient(new Uri(AddressIn(up.Output)));
            var alice = await ClassicClient.SignUpAsync(http, "alice", Stop);
            var bob = await ClassicClient.SignUpAsync(http, "bob", Stop);
            (await bob.RelateAsync("follow", alice.Id, Stop)).Require(200);
            await PostAndSeeAsync(alice, bob, "through the balancer");
            var status = await RunAsync(cluster, "status");
            Assert.True(status.ExitCode == 0, status.Output);

            var promoted = await RunAsync(cluster, "promote");
            Assert.True(promoted.ExitCode == 0, promoted.Output);
            await PostAndSeeAsync(alice, bob, "after the fail-over");
            // The old primary is not running, and that is said.
            Assert.Equal(1, (await RunAsync(cluster, "status")).ExitCode);
        }
        finally
        {
            var down = await RunAsync(cluster, "down");
            Assert.True(down.ExitCode == 0, down.Output);
        }

        Assert.False(Directory.Exists(cluster));
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

    private static string AddressIn(string output) =>
        output.Split('\n').Single(line => line.StartsWith("address: ", StringComparison.Ordinal))[
            "address: ".Length..
        ];

    private static async Task<(int ExitCode, string Output)> RunAsync(string cluster, string script)
    {
        using var process = new Process
        {
            StartInfo = new ProcessStartInfo(Tree.PathOf($"deploy/cluster/{script}"))
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                Environment = { ["ROOKERY_CLUSTER"] = cluster },
            },
        };
        process.Start();
        var output = await Task.WhenAll(
            process.StandardOutput.ReadToEndAsync(Stop),
            process.StandardError.ReadToEndAsync(Stop)
        );
        await process.WaitForExitAsync(Stop);
        return (process.ExitCode, string.Concat(output));
    }
}
