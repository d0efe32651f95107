using System.Net;
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
        "media",
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
    [InlineData("media-1")]
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

    /// <summary>Posts know nothing of it; who uploads meanwhile is told to come again.</summary>
    [Fact]
    public async Task The_S3_server_killed_and_started_again()
    {
        var http = ServerInProcess.NewClient(Cluster.Address);
        var uploader = await ClassicClient.SignUpAsync(http, "uploader_s", Stop);
        var before = await UploadAsync(http, uploader);
        var posts = await PostsAsync("s3");
        await posts.DuringAsync(
            async () =>
            {
                await Cluster.KillAsync("s3", Stop);
                using var refused = await MediaClient.SendAsync(
                    http,
                    uploader.Token,
                    SamplePictures.Png(),
                    Stop
                );
                Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
                Assert.NotNull(refused.Headers.RetryAfter);
                using var unread = await http.GetAsync($"/media/{before.File}", Stop);
                Assert.Equal(HttpStatusCode.ServiceUnavailable, unread.StatusCode);
                await RestartAsync("s3");
                var after = await UploadAsync(http, uploader);
                foreach (var medium in new[] { before, after })
                {
                    Assert.NotEmpty(await http.GetByteArrayAsync($"/media/{medium.File}", Stop));
                }
            },
            "the S3 server killed and started again",
            Cluster.PidOf("s3")
        );
        Assert.Equal((0, 0), (posts.Refused, posts.Unread));
    }

    [Fact]
    public async Task Everything_in_Redis_flushed()
    {
        var posts = await PostsAsync("flushed");
        await posts.DuringAsync(FlushAllAsync, "FLUSHALL on every node", Cluster.PidOf("redis-1"));
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

    private static Task<UploadedMedium> UploadAsync(HttpClient http, ClassicClient uploader) =>
        MediaClient.UploadAsync(http, uploader.Token, SamplePictures.Png(), Stop);

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
