using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using Rookery.TestKit;
using Xunit;

namespace Rookery.SystemTests.Live;

/// <summary>Streams of a process of its own: how they end.</summary>
public sealed class StreamProcessTests
{
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(10);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_server_that_stops_ends_its_streams_and_waits_for_none_and_the_next_goes_on()
    {
        using var folder = new TemporaryFolder();
        string last;
        PostId missed;
        ClassicClient alice;
        await using (var server = await ServerProcess.StartAsync(folder.Path, Stop))
        {
            alice = await ClassicClient.SignUpAsync(server.Http, "alice", Stop);
            using var stream = await OpenAsync(server.Http, alice);
            await PostAsync(alice);
            await stream.TakeAsync(1, Stop);
            last = stream.At;
            var asked = Stopwatch.GetTimestamp();
            await server.AskToEndAsync();
            Assert.Null(await stream.NextAsync(Stop));
            Assert.Contains(":end stopping", stream.Comments);
            Assert.Equal(0, await server.EndAsync(Stop));
            Assert.InRange(Stopwatch.GetElapsedTime(asked), TimeSpan.Zero, Moment);
        }

        await using var next = await ServerProcess.StartAsync(folder.Path, Stop);
        alice = alice.At(next.Http);
        missed = await PostAsync(alice);
        using var again = await EventStream.OpenAsync(next.Http, "user", alice.Token, Stop, last);
        Assert.Equal(missed, (await again.TakeAsync(1, Stop))[0].Post);
    }

    [Fact]
    public async Task A_reader_who_takes_nothing_is_cut_off_and_misses_nothing_when_he_comes_back()
    {
        using var folder = new TemporaryFolder();
        await using var server = await ServerProcess.StartAsync(
            folder.Path,
            Stop,
            new Dictionary<string, string>
            {
                ["Live__WaitingEvents"] = "8",
                ["Limits__WritesPerMinute"] = "0",
            }
        );
        var alice = await ClassicClient.SignUpAsync(server.Http, "alice", Stop);
        using var other = await OpenAsync(server.Http, alice);
        var start = other.At;
        using var slow = new TcpClient { ReceiveBufferSize = 4096 };
        var at = server.Http.BaseAddress!;
        await slow.ConnectAsync(at.Host, at.Port, Stop);
        await slow.GetStream()
            .WriteAsync(
                Encoding.ASCII.GetBytes(
                    $"GET /api/v1/streaming/user HTTP/1.1\r\nHost: {at.Authority}\r\nAuthorization: Bearer {alice.Token}\r\n\r\n"
                ),
                Stop
            );
        // What the connection holds on both sides, and the server for it, is some 4 MB at most.
        var text = new string('x', 480);
        var posted = new List<PostId>();
        var isCut = false;
        while (!isCut)
        {
            posted.Add(await PostAsync(alice, text));
            await other.TakeAsync(1, Stop);
            Assert.InRange(posted.Count, 1, 20_000);
            isCut = slow.Client.Poll(0, SelectMode.SelectError) || IsReset(slow.Client);
        }

        using var again = await EventStream.OpenAsync(
            server.Http,
            "user",
            alice.Token,
            Stop,
            start
        );
        var events = await again.TakeAsync(2, Stop);
        Assert.Contains(events, one => one.Name is "update" or "gap");
    }

    [Fact]
    public async Task A_quiet_stream_gives_signs_of_life()
    {
        using var folder = new TemporaryFolder();
        await using var server = await ServerProcess.StartAsync(
            folder.Path,
            Stop,
            new Dictionary<string, string> { ["Live__HeartbeatSeconds"] = "1" }
        );
        var alice = await ClassicClient.SignUpAsync(server.Http, "alice", Stop);
        using var stream = await OpenAsync(server.Http, alice);
        using var soon = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        soon.CancelAfter(TimeSpan.FromSeconds(4));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
            await stream.NextAsync(soon.Token)
        );

        Assert.InRange(stream.Comments.Count(line => line == ":thump"), 2, 5);
    }

    private static bool IsReset(Socket socket)
    {
        // Nothing is read: only whether the other end has cut the connection is asked.
        var info = new byte[104];
        const int TcpLevel = 6;
        const int TcpInfo = 11;
        socket.GetRawSocketOption(TcpLevel, TcpInfo, info);
        const byte Established = 1;
        return info[0] != Established;
    }

    private static Task<EventStream> OpenAsync(HttpClient http, ClassicClient person) =>
        EventStream.OpenAsync(http, "user", person.Token, Stop);

    private static async Task<PostId> PostAsync(ClassicClient author, string text = "hello") =>
        new((await author.PostAsync(text, Stop)).Require(201).Id("tweet_id"));
}
