using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using Rookery.TestKit;
using Xunit;

namespace Rookery.SystemTests.Faults;

/// <summary>SIGTERM while many write.</summary>
public sealed class DrainTests
{
    private const int Writers = 16;
    private const int PostsBefore = 200;

    private static readonly TimeSpan AtOnce = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_server_that_is_asked_to_end_finishes_what_it_began_and_loses_nothing()
    {
        using var folder = new TemporaryFolder();
        await using var server = await ServerProcess.StartAsync(folder.Path, Stop);
        var alice = await ClassicClient.SignUpAsync(server.Http, "alice", Stop);
        var acknowledged = new ConcurrentBag<PostId>();
        var writing = Task.WhenAll(
            Enumerable.Range(0, Writers).Select(_ => WriteAsync(alice, acknowledged))
        );
        using var slow = new WireClient(server.Http.BaseAddress!);
        var body = Encoding.UTF8.GetBytes(
            $"{{\"user_id\":\"{alice.Id}\",\"status\":\"begun before the end\"}}"
        );
        await slow.WriteAsync(HalfOf(alice, body), Stop);
        await Wait.UntilAsync(
            () => Task.FromResult(acknowledged.Count >= PostsBefore),
            () => "many posts are made",
            Stop
        );

        var asked = Stopwatch.GetTimestamp();
        await server.AskToEndAsync();
        await Wait.UntilAsync(() => IsNotReadyAsync(server), () => "it is not ready", Stop);
        Assert.InRange(Stopwatch.GetElapsedTime(asked), TimeSpan.Zero, AtOnce);
        await slow.WriteAsync(body.AsMemory(body.Length / 2), Stop);
        var answer = await slow.ReadAnswerAsync(Stop);
        Assert.True(answer.Status == 201, answer.ToString());
        var last = new Answer(answer.Status, answer.Json!.Value).Id("tweet_id");
        await writing;

        Assert.Equal(0, await server.EndAsync(Stop));
        Assert.InRange(Stopwatch.GetElapsedTime(asked), TimeSpan.Zero, Longest);
        using var database = new DatabaseProbe(folder.Path);
        var stored = database
            .Rows("SELECT id FROM posts", row => new PostId(row.GetInt64(0)))
            .ToHashSet();
        Assert.Contains(new PostId(last), stored);
        Assert.Empty(acknowledged.Except(stored));
    }

    /// <summary>Until nobody answers any more.</summary>
    private static async Task WriteAsync(ClassicClient author, ConcurrentBag<PostId> acknowledged)
    {
        try
        {
            while (true)
            {
                var answer = await author.PostAsync("one of many", Stop);
                acknowledged.Add(new PostId(answer.Require(201).Id("tweet_id")));
            }
        }
        catch (Exception fault) when (fault is HttpRequestException or SocketException)
        {
            Assert.NotEmpty(acknowledged);
        }
    }

    private static byte[] HalfOf(ClassicClient author, byte[] body) =>
        [
            .. Encoding.ASCII.GetBytes(
                $"POST /api/v1/tweet HTTP/1.1\r\nHost: rookery.test\r\nAuthorization: Bearer {author.Token}\r\nContent-Length: {body.Length}\r\n\r\n"
            ),
            .. body[..(body.Length / 2)],
        ];

    /// <summary>On a connection of its own, as a load balancer asks.</summary>
    private static async Task<bool> IsNotReadyAsync(ServerProcess server)
    {
        using var http = ServerInProcess.NewClient(server.Http.BaseAddress!);
        try
        {
            using var response = await http.GetAsync("/health/ready", Stop);
            return !response.IsSuccessStatusCode;
        }
        catch (Exception fault) when (fault is HttpRequestException or SocketException)
        {
            return true;
        }
    }
}
