using System.Diagnostics;
using System.Net.WebSockets;
using Rookery.TestKit;
using Xunit;

namespace Rookery.SystemTests.Live;

/// <summary>WebSockets of a process of its own: how they end.</summary>
public sealed class SocketProcessTests
{
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(10);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_server_that_stops_says_so_to_its_sockets_and_waits_for_none_and_the_next_goes_on()
    {
        using var folder = new TemporaryFolder();
        string last;
        ClassicClient alice;
        await using (var server = await ServerProcess.StartAsync(folder.Path, Stop))
        {
            alice = await ClassicClient.SignUpAsync(server.Http, "alice", Stop);
            using var socket = await OpenAsync(server, alice, "stream=user&last_event_id=");
            // One who does not answer.
            using var mute = await RawSocket.OpenAsync(server.Http.BaseAddress!, alice.Token, Stop);
            await PostAsync(alice);
            last = (await socket.TakePostAsync(Stop)).Id;
            var asked = Stopwatch.GetTimestamp();
            await server.AskToEndAsync();
            while (await socket.NextAsync(Stop) is { } sign)
            {
                Assert.NotEqual("update", sign.Name);
            }

            Assert.Equal(WebSocketCloseStatus.EndpointUnavailable, socket.CloseStatus);
            Assert.Equal(1001, await mute.CloseCodeAsync(Stop));
            Assert.Equal(0, await server.EndAsync(Stop));
            Assert.InRange(Stopwatch.GetElapsedTime(asked), TimeSpan.Zero, Moment);
            Assert.DoesNotContain(alice.Token, server.Output, StringComparison.Ordinal);
        }

        await using var next = await ServerProcess.StartAsync(folder.Path, Stop);
        alice = alice.At(next.Http);
        var missed = await PostAsync(alice);
        using var again = await OpenAsync(next, alice, $"stream=user&last_event_id={last}");
        Assert.Equal(missed, (await again.TakePostAsync(Stop)).Event.Post);
    }

    [Fact]
    public async Task A_reader_who_takes_nothing_is_cut_off_and_others_are_not()
    {
        using var folder = new TemporaryFolder();
        await using var server = await ServerProcess.StartAsync(
            folder.Path,
            Stop,
            new Dictionary<string, string> { ["Live__WaitingEvents"] = "8" }
        );
        var alice = await ClassicClient.SignUpAsync(server.Http, "alice", Stop);
        using var other = await OpenAsync(server, alice, "stream=user");
        using var slow = await RawSocket.OpenAsync(
            server.Http.BaseAddress!,
            alice.Token,
            Stop,
            "stream=user",
            receives: 4096
        );
        // What the connection holds on both sides, and the server for it, is some 4 MB at most.
        var text = new string('x', 480);
        for (var posted = 1; !slow.IsCut(); posted++)
        {
            Assert.InRange(posted, 1, 20_000);
            var post = await PostAsync(alice, text);
            Assert.Equal(post, (await other.TakeAsync(1, Stop))[0].Event.Post);
        }
    }

    [Fact]
    public async Task A_quiet_socket_is_asked_whether_somebody_is_there_and_ends_where_nobody_is()
    {
        using var folder = new TemporaryFolder();
        await using var server = await ServerProcess.StartAsync(
            folder.Path,
            Stop,
            new Dictionary<string, string> { ["Live__HeartbeatSeconds"] = "1" }
        );
        var alice = await ClassicClient.SignUpAsync(server.Http, "alice", Stop);
        using var there = await OpenAsync(server, alice, "stream=user");
        using var gone = await RawSocket.OpenAsync(server.Http.BaseAddress!, alice.Token, Stop);
        // Its client answers as it reads.
        var next = there.NextAsync(Stop);
        var started = Stopwatch.GetTimestamp();
        Assert.Equal(RawFrame.Ping, (await gone.NextAsync(Stop))!.Head);
        Assert.Equal(0, await gone.CloseCodeAsync(Stop));
        Assert.InRange(Stopwatch.GetElapsedTime(started).TotalSeconds, 2, 15);

        var post = await PostAsync(alice);
        Assert.Equal(post, (await next)!.Event.Post);
    }

    private static Task<SocketStream> OpenAsync(
        ServerProcess server,
        ClassicClient person,
        string query
    ) => SocketStream.OpenAsync(server.Http, person.Token, Stop, query);

    private static async Task<PostId> PostAsync(ClassicClient author, string text = "hello") =>
        new((await author.PostAsync(text, Stop)).Require(201).Id("tweet_id"));
}
