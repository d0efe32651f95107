using System.Net;
using Rookery.SystemTests.Docs;
using Rookery.TestKit;
using Xunit;

namespace Rookery.SystemTests.Faults;

/// <summary>A cluster of every role twice or more, once for all of these tests.</summary>
public sealed class ClusterOfFaults : IAsyncLifetime
{
    private int _rows;

    internal LocalCluster Cluster { get; private set; } = null!;

    /// <summary>What tells the people of one test from those of the others.</summary>
    internal int NextRow() => Interlocked.Increment(ref _rows);

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

    /// <summary>So that a small machine has time left for the fault: twenty servers and their clients share it.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private static readonly string[] Roles =
    [
        "accounts",
        "graph",
        "posts",
        "fanout",
        "timelines",
        "search",
        "media",
        "web",
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
        await PostThroughAsync(
            $"{part} killed and started again",
            part,
            async () =>
            {
                await Cluster.KillAsync(part, Stop);
                await PauseAsync(3);
                await RestartAsync(part);
            }
        );
    }

    [Fact]
    public async Task The_whole_broker_killed_and_started_again()
    {
        string[] nodes = ["rabbitmq-1", "rabbitmq-2", "rabbitmq-3"];
        await PostThroughAsync(
            "all three RabbitMQ nodes killed and started again",
            nodes[0],
            async () =>
            {
                await Task.WhenAll(nodes.Select(node => Cluster.KillAsync(node, Stop)));
                // Together, since a node that was among the last waits for the others.
                await Task.WhenAll(nodes.Select(RestartAsync));
            }
        );
    }

    /// <summary>What was confirmed to be in its queues is not there any more; the outbox has it still.</summary>
    [Fact]
    public Task Everything_in_the_broker_lost() =>
        PostThroughAsync(
            "every queue of the broker removed with what was in it",
            "rabbitmq-1",
            async () =>
            {
                await Cluster.BrokerAsync(Stop, "delete_vhost", "/");
                await Cluster.BrokerAsync(Stop, "add_vhost", "/");
                await Cluster.BrokerAsync(Stop, "set_permissions", "guest", ".*", ".*", ".*");
            }
        );

    /// <summary>Posts know nothing of it; who uploads meanwhile is told to come again.</summary>
    [Fact]
    public async Task The_S3_server_killed_and_started_again()
    {
        var http = ServerInProcess.NewClient(Cluster.Address);
        var uploader = await ClassicClient.SignUpAsync(http, "uploader_s", Stop);
        var before = await UploadAsync(http, uploader);
        var posts = await PostThroughAsync(
            "the S3 server killed and started again",
            "s3",
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
            }
        );
        Assert.Equal((0, 0), (posts.Refused, posts.Unread));
    }

    [Fact]
    public async Task Both_memcacheds_killed_and_started_again()
    {
        string[] nodes = ["memcached-1", "memcached-2"];
        await PostThroughAsync(
            "both memcacheds killed and started again",
            nodes[0],
            async () =>
            {
                await Task.WhenAll(nodes.Select(node => Cluster.KillAsync(node, Stop)));
                await PauseAsync(3);
                await Task.WhenAll(nodes.Select(RestartAsync));
            }
        );
    }

    /// <summary>Writes are refused meanwhile, none is lost, and pages come from what is in memory.</summary>
    [Fact]
    public async Task PostgreSQL_stopped_for_twenty_seconds()
    {
        const string primary = "postgres-primary";
        await PostThroughAsync(
            "PostgreSQL stopped by SIGSTOP for 20 s",
            primary,
            async () =>
            {
                await Cluster.SignalAsync(primary, "STOP", Stop);
                await PauseAsync(20);
                await Cluster.SignalAsync(primary, "CONT", Stop);
            }
        );
    }

    [Fact]
    public Task Everything_in_Redis_flushed() =>
        PostThroughAsync("FLUSHALL on every node", "redis-1", FlushAllAsync);

    /// <summary>It goes on running, and neither it nor anybody who talks to it is told.</summary>
    [Theory]
    [InlineData("timelines-1")]
    [InlineData("posts-1")]
    [InlineData("fanout-1")]
    public async Task Network_cut_and_mended(string part)
    {
        await using var network = await OwnNetwork.MoveAsync(Cluster, part, Stop);
        await PostThroughAsync(
            $"the network of {part} cut for 10 s",
            part,
            async () =>
            {
                await network.CutAsync(Stop);
                await PauseAsync(10);
                await network.MendAsync(Stop);
            }
        );
    }

    /// <summary>Every process of every role one after the other, and nobody notices.</summary>
    [Fact]
    public async Task Rolling_restart()
    {
        var posts = await PostThroughAsync(
            "every role restarted, one process after the other",
            "accounts-1",
            async () =>
            {
                var restarted = await Cluster.RunAsync("restart", Stop, Roles);
                Assert.True(restarted.ExitCode == 0, restarted.Output);
            }
        );
        Assert.Equal((0, 0), (posts.Refused, posts.Unread));
    }

    /// <summary>Posts through the fault, and has all that is derived compared with the truth when it is over.</summary>
    /// <param name="part">Whose pid the row names.</param>
    private async Task<AcknowledgedPosts> PostThroughAsync(
        string name,
        string part,
        Func<Task> fault
    )
    {
        var posts = await AcknowledgedPosts.OfAsync(
            ServerInProcess.NewClient(Cluster.Address),
            Authors,
            $"_{faults.NextRow()}",
            Pause
        );
        await posts.DuringAsync(fault, name, Cluster.PidOf(part));
        var verified = await Cluster.CommandAsync("timelines-2", Stop, "verify");
        Assert.True(verified.ExitCode == 0, verified.Output);
        TestContext.Current.TestOutputHelper?.WriteLine(verified.Output.TrimEnd().Split('\n')[^1]);
        return posts;
    }

    private static Task PauseAsync(int seconds) =>
        Task.Delay(TimeSpan.FromSeconds(seconds), TimeProvider.System, Stop);

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
