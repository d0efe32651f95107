using RabbitMQ.Client;
using Rookery.SystemTests.Commands;
using Rookery.TestKit;
using Rookery.TestKit.Servers;
using Xunit;

namespace Rookery.SystemTests.Faults;

/// <summary>The whole server with its events on RabbitMQ, which is there, or away, or holds what nobody can read.</summary>
public sealed class RabbitMqTests : IAsyncLifetime
{
    private RabbitMqServer _broker = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private Dictionary<string, string> Settings =>
        new()
        {
            ["RabbitMq__Uri"] = _broker.Uri.OriginalString,
            // Two followers are much work here.
            ["Timelines__MergeAtReadAbove"] = "1000",
            ["Timelines__LargeFanOutAbove"] = "1",
        };

    public async ValueTask InitializeAsync() => _broker = await RabbitMqServer.StartAsync(Stop);

    public ValueTask DisposeAsync() => _broker.DisposeAsync();

    [Fact]
    public async Task From_sign_up_to_home_timeline_and_counters_with_the_broker_killed_in_between()
    {
        using var folder = new TemporaryFolder();
        await using var server = await ServerProcess.StartAsync(folder.Path, Stop, Settings);
        Assert.Matches("IEventBus +RabbitMqBus", server.Output);
        var ana = await ClassicClient.SignUpAsync(server.Http, "ana", Stop);
        var bob = await ClassicClient.SignUpAsync(server.Http, "bob", Stop);
        var cleo = await ClassicClient.SignUpAsync(server.Http, "cleo", Stop);
        (await bob.RelateAsync("follow", ana.Id, Stop)).Require(200);
        (await cleo.RelateAsync("follow", ana.Id, Stop)).Require(200);
        var first = await PostAsync(ana, "with the broker");
        await CountsAsync(server, ana, posts: 1, followers: 2, following: 0);
        await CountsAsync(server, bob, posts: 0, followers: 0, following: 1);

        await _broker.KillAsync();
        var second = await PostAsync(ana, "without it");
        (await ana.RelateAsync("follow", bob.Id, Stop)).Require(200);
        await _broker.RestartAsync(Stop);
        await CountsAsync(server, ana, posts: 2, followers: 2, following: 1);
        await CountsAsync(server, bob, posts: 0, followers: 1, following: 1);
        Assert.Equal(
            [second, first],
            (await bob.HomeAsync(new Page(20), Stop)).Select(entry => entry.Id)
        );
        Assert.Equal(0, await server.TerminateAsync(Stop));
        using var database = new DatabaseProbe(folder.Path);
        Assert.Equal(0, database.DeadLetters);
    }

    [Fact]
    public async Task A_message_that_nobody_can_read_is_in_the_operators_list()
    {
        using var folder = new TemporaryFolder();
        await using var server = await ServerProcess.StartAsync(folder.Path, Stop, Settings);
        await SaysAsync(server, "Events go through RabbitMQ");
        using var database = new DatabaseProbe(folder.Path);
        var outbox = database.Rows("SELECT outbox FROM relay_position", row => row.GetString(0));
        await using (
            var connection = await new ConnectionFactory
            {
                Uri = _broker.Uri,
            }.CreateConnectionAsync(Stop)
        )
        {
            await using var channel = await connection.CreateChannelAsync(
                new CreateChannelOptions(true, true),
                Stop
            );

            await channel.BasicPublishAsync(
                $"rookery.{outbox.Single()}.events",
                "",
                mandatory: true,
                "from somewhere else"u8.ToArray(),
                Stop
            );
        }

        CommandAnswer listed = null!;
        await Wait.UntilAsync(
            async () =>
            {
                listed = await CommandProcess.RunAsync(
                    "admin",
                    "dead-letters",
                    "list",
                    "--data",
                    folder.Path
                );
                return listed.Output.Contains("rabbitmq.message", StringComparison.Ordinal);
            },
            () => $"{listed}\n{server.Output}",
            Stop
        );
        Assert.Contains("account-counts -", listed.Output, StringComparison.Ordinal);
        Assert.Contains("19 bytes", listed.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Over_TLS_events_go_to_the_broker_that_is_trusted_and_carries_its_name_alone()
    {
        await using var broker = await RabbitMqServer.StartAsync(hasTls: true, Stop);
        var settings = Settings;
        settings["RabbitMq__Uri"] = broker.TlsUri().OriginalString;
        settings["RabbitMq__TlsAuthorities"] = broker.CertificateFile;
        using var folder = new TemporaryFolder();
        await using (var server = await ServerProcess.StartAsync(folder.Path, Stop, settings))
        {
            await SaysAsync(server, "Events go through RabbitMQ at amqps://127.0.0.1:");
            var ana = await ClassicClient.SignUpAsync(server.Http, "ana", Stop);
            await PostAsync(ana, "whom it concerns");
            await CountsAsync(server, ana, posts: 1, followers: 0, following: 0);
        }

        // Trusted, but another's.
        settings["RabbitMq__Uri"] = broker.TlsUri("127.0.0.2").OriginalString;
        await IsRefusedAsync(folder, settings);
        settings["RabbitMq__Uri"] = broker.TlsUri().OriginalString;
        settings.Remove("RabbitMq__TlsAuthorities");
        await IsRefusedAsync(folder, settings);
    }

    private static async Task IsRefusedAsync(
        TemporaryFolder folder,
        Dictionary<string, string> settings
    )
    {
        await using var server = await ServerProcess.StartAsync(
            folder.Path,
            Stop,
            settings,
            until: "/health/live"
        );
        await SaysAsync(server, "RabbitMq:TlsAuthorities names who may have signed it");
        Assert.DoesNotContain(
            "Events go through RabbitMQ",
            server.Output,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_server_whose_broker_is_away_serves_and_names_the_setting()
    {
        await _broker.KillAsync();
        using var folder = new TemporaryFolder();
        await using var server = await ServerProcess.StartAsync(folder.Path, Stop, Settings);
        var ana = await ClassicClient.SignUpAsync(server.Http, "ana", Stop);
        var post = await PostAsync(ana, "nobody counts this yet");
        await SaysAsync(server, "RabbitMq:Uri");
        Assert.Contains($"127.0.0.1:{_broker.Port}", server.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", server.Output, StringComparison.Ordinal);
        var shown = await ana.UserTimelineAsync(ana.Id, new Page(20), Stop);
        Assert.Equal([post], shown.Select(entry => entry.Id));

        await _broker.RestartAsync(Stop);
        await CountsAsync(server, ana, posts: 1, followers: 0, following: 0);
    }

    [Theory]
    [InlineData("somebody:wrong", "")]
    [InlineData("", "no-such-vhost")]
    public async Task A_server_that_the_broker_does_not_let_in_is_not_ready_and_names_the_setting(
        string user,
        string vhost
    )
    {
        using var folder = new TemporaryFolder();
        var settings = Settings;
        var uri = new UriBuilder(_broker.Uri) { Path = vhost.Length > 0 ? vhost : "/" };
        if (user.Split(':') is [var name, var password])
        {
            (uri.UserName, uri.Password) = (name, password);
        }

        settings["RabbitMq__Uri"] = uri.Uri.OriginalString;
        await using var server = await ServerProcess.StartAsync(
            folder.Path,
            Stop,
            settings,
            until: "/health/live"
        );
        await SaysAsync(server, "(setting RabbitMq:Uri)");
        // A broker that answers late is said too, and is no reason to get no requests: what it says at last is.
        await Wait.UntilAsync(
            async () =>
            {
                using var ready = await server.Http.GetAsync("/health/ready", Stop);
                return !ready.IsSuccessStatusCode;
            },
            () => server.Output,
            Stop
        );
        await Refused.AssertNotReadyAsync(server.Http, "(setting RabbitMq:Uri)", Stop);
        Assert.DoesNotContain("somebody:wrong", server.Output, StringComparison.Ordinal);
    }

    private static Task SaysAsync(ServerProcess server, string text) =>
        Wait.UntilAsync(
            () => Task.FromResult(server.Output.Contains(text, StringComparison.Ordinal)),
            () => server.Output,
            Stop
        );

    private static async Task<PostId> PostAsync(ClassicClient author, string text) =>
        new((await author.PostAsync(text, Stop)).Require(201).Id("tweet_id"));

    private static async Task CountsAsync(
        ServerProcess server,
        ClassicClient person,
        int posts,
        int followers,
        int following
    )
    {
        var expected = (posts, followers, following);
        var shown = (-1, -1, -1);
        await Wait.UntilAsync(
            async () =>
            {
                var user = (await person.UserAsync(person.Id, Stop)).Require(200).Json;
                shown = (
                    user.GetProperty("post_count").GetInt32(),
                    user.GetProperty("follower_count").GetInt32(),
                    user.GetProperty("following_count").GetInt32()
                );
                return shown == expected;
            },
            () => $"{person.Username} has {expected}, not {shown}\n{server.Output}",
            Stop,
            TimeSpan.FromMilliseconds(50)
        );
    }
}
