using Rookery.SystemTests.Docs;
using Rookery.TestKit;
using Xunit;

namespace Rookery.SystemTests.Faults;

/// <summary>A cluster of every role twice, once for all of these tests.</summary>
public sealed class ClusterOfFaults : IAsyncLifetime
{
    internal LocalCluster Cluster { get; private set; } = null!;

    public async ValueTask InitializeAsync() =>
        Cluster = await LocalCluster.StartAsync(TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync() => Cluster?.DisposeAsync() ?? ValueTask.CompletedTask;
}

/// <summary>What happens to each part of a cluster while people post through its balancer.</summary>
[Collection(nameof(LongTests))]
[Trait("Length", "soak")]
public sealed class ClusterFaultTests(ClusterOfFaults faults) : IClassFixture<ClusterOfFaults>
{
    private const int Authors = 12;

    private static readonly string[] Roles =
    [
        "accounts",
        "graph",
        "posts",
        "fanout",
        "timelines",
        "search",
    ];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private LocalCluster Cluster => faults.Cluster;

    [Theory]
    [InlineData("accounts-1")]
    [InlineData("graph-1")]
    [InlineData("posts-1")]
    [InlineData("fanout-1")]
    [InlineData("timelines-1")]
    [InlineData("search-1")]
    [InlineData("redis-1")]
    [InlineData("redis-2")]
    [InlineData("rabbitmq-1")]
    public async Task Killed_and_started_again(string part)
    {
        var posts = await PostsAsync(part.Replace("-", "", StringComparison.Ordinal));
        await posts.DuringAsync(
            async () =>
            {
                await Cluster.KillAsync(part, Stop);
                await Task.Delay(TimeSpan.FromSeconds(3), TimeProvider.System, Stop);
                await RestartAsync(part);
            },
            $"{part} killed and started again",
            Cluster.PidOf(part)
        );
    }

    [Fact]
    public async Task The_whole_broker_killed_and_started_again()
    {
        string[] nodes = ["rabbitmq-1", "rabbitmq-2", "rabbitmq-3"];
        var posts = await PostsAsync("broker");
        await posts.DuringAsync(
            async () =>
            {
                await Task.WhenAll(nodes.Select(node => Cluster.KillAsync(node, Stop)));
                // Together, since a node that was among the last waits for the others.
                await Task.WhenAll(nodes.Select(RestartAsync));
            },
            "all three RabbitMQ nodes killed and started again",
            Cluster.PidOf(nodes[0])
        );
    }

    [Fact]
    public async Task Everything_in_Redis_flushed()
    {
        var posts = await PostsAsync("flushed");
        await posts.DuringAsync(FlushAllAsync, "FLUSHALL on every node", Cluster.PidOf("redis-1"));
    }

    /// <summary>It goes on running, and neither it nor anybody who talks to it is told.</summary>
    [Theory]
    [InlineData("timelines-1")]
    [InlineData("posts-1")]
    [InlineData("fanout-1")]
    public async Task Network_cut_and_mended(string part)
    {
        await using var network = await OwnNetwork.MoveAsync(Cluster, part, Stop);
        var posts = await PostsAsync($"cut{part.Replace("-", "", StringComparison.Ordinal)}");
        await posts.DuringAsync(
            async () =>
            {
                await network.CutAsync(Stop);
                await Task.Delay(TimeSpan.FromSeconds(10), TimeProvider.System, Stop);
                await network.MendAsync(Stop);
            },
            $"the network of {part} cut for 10 s",
            Cluster.PidOf(part)
        );
    }

    /// <summary>Every process of every role one after the other, and nobody notices.</summary>
    [Fact]
    public async Task Rolling_restart()
    {
        var posts = await PostsAsync("rolling");
        await posts.DuringAsync(
            async () =>
            {
                var restarted = await Cluster.RunAsync("restart", Stop, Roles);
                Assert.True(restarted.ExitCode == 0, restarted.Output);
            },
            "every role restarted, one process after the other",
            Cluster.PidOf("accounts-1")
        );
        Assert.Equal((0, 0), (posts.Refused, posts.Unread));
    }

    private async Task<AcknowledgedPosts> PostsAsync(string name) =>
        await AcknowledgedPosts.OfAsync(
            ServerInProcess.NewClient(Cluster.Address),
            Authors,
            $"_{name}"
        );

    private async Task RestartAsync(string part)
    {
        var restarted = await Cluster.RunAsync("restart", Stop, part);
        Assert.True(restarted.ExitCode == 0, restarted.Output);
    }

    private async Task FlushAllAsync()
    {
        for (var number = 1; number <= 6; number++)
        {
            // Replicas refuse; they are flushed with their masters.
            await Cluster.RedisAsync(number, Stop, "flushall");
        }
    }
}
