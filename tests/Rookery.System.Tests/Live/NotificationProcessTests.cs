using Rookery.TestKit;
using Rookery.TestKit.Servers;
using Xunit;

namespace Rookery.SystemTests.Live;

/// <summary>Notifications over the end of a server, and from one process to another.</summary>
public sealed class NotificationProcessTests
{
    private const int Fans = 30;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static Dictionary<string, string> Settings =>
        World.FastSettings.ToDictionary(
            one => DividedDatabases.VariableOf(one.Key),
            one => one.Value!
        );

    [Fact]
    public async Task Streams_of_a_server_that_was_killed_while_it_told_people_go_on_and_each_is_told_once()
    {
        using var folder = new TemporaryFolder();
        var server = await ServerProcess.StartAsync(folder.Path, Stop, Settings);
        try
        {
            var me = await ClassicClient.SignUpAsync(server.Http, "rhea", Stop);
            var fans = new List<ClassicClient>();
            for (var i = 0; i < Fans; i++)
            {
                fans.Add(await ClassicClient.SignUpAsync(server.Http, $"fan{i}", Stop));
            }

            var post = new PostId((await me.PostAsync("mine", Stop)).Require(201).Id("tweet_id"));
            string at;
            string socketAt;
            List<SentEvent> told;
            List<SentMessage> said;
            using (var stream = await OpenAsync(server, me, null))
            using (var socket = await OpenSocketAsync(server, me, ""))
            {
                Assert.Equal("at", (await socket.NextAsync(Stop))!.Name);
                foreach (var fan in fans[..(Fans / 2)])
                {
                    (await fan.MarkAsync("like", post, Stop)).Require(200);
                }

                told = await stream.TakeNotifiedAsync(5, Stop);
                said = await socket.TakeNotifiedAsync(3, Stop);
                // The rest is on the disk and in nobody's memory but the server's.
                await server.KillAsync();
                told.AddRange(await RestAsync(stream));
                (at, socketAt) = (stream.At, said[^1].Id);
            }

            await server.DisposeAsync();
            server = await ServerProcess.StartAsync(folder.Path, Stop, Settings);
            fans = fans.ConvertAll(fan => fan.At(server.Http));
            using var again = await OpenAsync(server, me, at);
            using var socketAgain = await OpenSocketAsync(server, me, socketAt);
            foreach (var fan in fans[(Fans / 2)..])
            {
                (await fan.MarkAsync("like", post, Stop)).Require(200);
            }

            told.AddRange(await again.TakeNotifiedAsync(Fans - told.Count, Stop));
            said.AddRange(await socketAgain.TakeNotifiedAsync(Fans - said.Count, Stop));
            var right = fans.Select(fan => $"favourite {fan.Username}")
                .Order(StringComparer.Ordinal);
            Assert.Equal(right, told.Select(Notified.Of).Order(StringComparer.Ordinal));
            Assert.Equal(
                right,
                said.Select(one => Notified.Of(one.Event)).Order(StringComparer.Ordinal)
            );
            Assert.Equal(told.Select(Notified.IdOf).Order(), told.Select(Notified.IdOf));
        }
        finally
        {
            await server.DisposeAsync();
        }
    }

    /// <summary>One process raises, and another has the streams; its notifications in the database of posts, or in one of their own.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_the_role_notifications_raises_in_its_process_comes_to_streams_of_another(
        bool hasOwnDatabase
    )
    {
        var servers = (await TestContext.Current.GetFixture<SharedServers>())!;
        var postgres = await servers.PostgresAsync();
        var settings = Settings;
        settings["Databases__Default"] = await postgres.CreateDatabaseAsync(Stop);
        settings["Databases__Readers"] = "2";
        settings["RabbitMq__Uri"] = (await servers.RabbitMqAsync()).Uri.ToString();
        settings["Service__Key"] = "the same key for both";
        if (hasOwnDatabase)
        {
            settings["Databases__Notifications"] = await postgres.CreateDatabaseAsync(Stop);
        }

        using var folder = new TemporaryFolder();
        await using var others = await StartAsync(
            "accounts,graph,posts,fanout,timelines,search,media,web",
            "others"
        );
        var (alice, bob) = (
            await ClassicClient.SignUpAsync(others.Http, "alice", Stop),
            await ClassicClient.SignUpAsync(others.Http, "bob", Stop)
        );
        string last;
        using (var stream = await OpenAsync(others, alice, null))
        {
            await using var notifications = await StartAsync("notifications", "notifications");
            (await bob.PostAsync("hello @alice", Stop)).Require(201);
            (await bob.RelateAsync("follow", alice.Id, Stop)).Require(200);
            Assert.Equal(
                ["follow bob", "mention bob"],
                (await stream.TakeNotifiedAsync(2, Stop))
                    .Select(Notified.Of)
                    .Order(StringComparer.Ordinal)
            );
            last = stream.At;
        }

        // While the role was away, and the streams' process too.
        (await bob.PostAsync("again @alice", Stop)).Require(201);
        await others.TerminateAsync(Stop);
        await using var raising = await StartAsync("notifications", "notifications");
        await using var next = await StartAsync(
            "accounts,graph,posts,fanout,timelines,search,media,web",
            "others"
        );
        using var again = await OpenAsync(next, alice, last);
        Assert.Equal("mention bob", Notified.Of((await again.TakeNotifiedAsync(1, Stop))[0]));
        (await bob.At(next.Http).PostAsync("the last, @alice", Stop)).Require(201);
        var end = (await again.TakeNotifiedAsync(1, Stop))[0];
        Assert.Contains("the last", end.Data, StringComparison.Ordinal);

        Task<ServerProcess> StartAsync(string roles, string name) =>
            ServerProcess.StartAsync(
                Directory.CreateDirectory(Path.Combine(folder.Path, name)).FullName,
                Stop,
                settings,
                roles: roles
            );
    }

    /// <summary>What had reached the connection before its end.</summary>
    private static async Task<List<SentEvent>> RestAsync(EventStream stream)
    {
        var before = stream.Notified.Count;
        try
        {
            while (await stream.NextAsync(Stop) is not null)
            {
                // Posts are not counted here.
            }
        }
        catch (Exception gone) when (gone is HttpRequestException or IOException) { }

        return stream.Notified[before..];
    }

    private static Task<EventStream> OpenAsync(
        ServerProcess server,
        ClassicClient person,
        string? last
    ) => EventStream.OpenAsync(server.Http, "user", person.Token, Stop, last);

    private static Task<SocketStream> OpenSocketAsync(
        ServerProcess server,
        ClassicClient person,
        string last
    ) =>
        SocketStream.OpenAsync(
            server.Http,
            person.Token,
            Stop,
            $"stream=user:notification&last_event_id={last}"
        );
}
