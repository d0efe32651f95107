using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using Rookery.SystemTests.Docs;
using Rookery.TestKit;
using Rookery.TestKit.Servers;
using Xunit;

namespace Rookery.SystemTests.Live;

/// <summary>Streams as clients read them that were written for other servers.</summary>
public sealed class OtherClientsTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task They_understand_what_they_are_told_and_one_comes_back_by_itself_and_misses_nothing()
    {
        using var folder = new TemporaryFolder();
        var port = FreePort.Take();
        var settings = new Dictionary<string, string> { ["Live__HeartbeatSeconds"] = "1" };
        var said = new ConcurrentQueue<string>();
        ClassicClient alice;
        ClassicClient bob;
        ChildProcess clients;
        await using (var server = await StartAsync(folder, port, settings))
        {
            alice = await ClassicClient.SignUpAsync(server.Http, "alice", Stop);
            bob = await ClassicClient.SignUpAsync(server.Http, "bob", Stop);
            clients = new ChildProcess(
                new ProcessStartInfo(
                    "node",
                    [
                        Tree.PathOf("tests/Rookery.System.Tests/Live/clients.js"),
                        server.Http.BaseAddress!.GetLeftPart(UriPartial.Authority),
                        alice.Token,
                    ]
                )
                {
                    // Where Debian puts what node finds.
                    Environment = { ["NODE_PATH"] = "/usr/share/nodejs" },
                },
                said.Enqueue
            );
            await HearAsync("""["socket","open",true]""");
            await HearAsync("""["events","open"]""");
            // It was asked last.
            await HearAsync("""["socket","error",400,false]""");
            var post = await PostAsync(alice);
            await HearAsync($"""["socket","update",["user"],"{post}"]""");
            await HearAsync($"""["socket","update",["public:local"],"{post}"]""");
            await HearAsync($"""["events","update","{post}"]""");
            (await alice.DeleteAsync(post, Stop)).Require(200);
            await HearAsync($"""["socket","delete",["user"],"{post}"]""");
            await HearAsync($"""["events","delete","{post}"]""");
            (await bob.RelateAsync("follow", alice.Id, Stop)).Require(200);
            await HearAsync("""["socket","notification",["user"],"follow","bob"]""");
            await HearAsync("""["socket","notification",["user:notification"],"follow","bob"]""");
            await HearAsync("""["events","notification","follow","bob"]""");
            await HearAsync("""["socket","ping"]""");
            Assert.Equal(0, await server.TerminateAsync(Stop));
            await HearAsync("""["socket","close",1001,"stopping"]""");
        }

        await using (clients)
        {
            await using var next = await StartAsync(folder, port, settings);
            var missed = await PostAsync(alice.At(next.Http));
            await HearAsync($"""["events","update","{missed}"]""");
            (await bob.At(next.Http).MarkAsync("like", missed, Stop)).Require(200);
            await HearAsync("""["events","notification","favourite","bob"]""");
            Assert.Single(said, line => line == """["events","notification","follow","bob"]""");
            var updates = said.Select(line => JsonElement.Parse(line))
                .Where(line => line[0].GetString() == "events" && line[1].GetString() == "update");
            Assert.Equal(2, updates.Select(line => line[2].GetString()).Distinct().Count());
            Assert.Equal(2, updates.Count());
            Assert.DoesNotContain(said, line => line.Contains("gap", StringComparison.Ordinal));
        }

        Task HearAsync(string line) =>
            Wait.UntilAsync(
                () => Task.FromResult(said.Contains(line)),
                () => $"{line} is said; said is\n{string.Join('\n', said)}\n{clients.Output}",
                Stop,
                TimeSpan.FromMilliseconds(20)
            );
    }

    private static Task<ServerProcess> StartAsync(
        TemporaryFolder folder,
        int port,
        Dictionary<string, string> settings
    ) => ServerProcess.StartAsync(folder.Path, Stop, settings, port: port);

    private static async Task<PostId> PostAsync(ClassicClient author) =>
        new((await author.PostAsync("hello", Stop)).Require(201).Id("tweet_id"));
}
