using System.Diagnostics;
using System.Net.WebSockets;
using Rookery.TestKit;
using Rookery.TestKit.Servers;
using Xunit;

namespace Rookery.SystemTests.Live;

/// <summary>A server dies with its streams, and the next one goes on with all of them.</summary>
public sealed class RestartTests
{
    private const int Streams = 500;

    private static readonly TimeSpan Resumed = TimeSpan.FromSeconds(10);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Five_hundred_streams_of_a_server_that_was_killed_go_on_within_seconds_and_miss_nothing()
    {
        using var folder = new TemporaryFolder();
        var port = FreePort.Take();
        var settings = new Dictionary<string, string>
        {
            ["Live__StreamsPerCaller"] = "1000",
            ["Live__ReplaysAtOnce"] = "64",
        };
        var posted = new List<PostId>();
        ClassicClient alice;
        List<Reader> readers;
        await using (var server = await StartAsync(folder, port, settings))
        {
            alice = await ClassicClient.SignUpAsync(server.Http, "alice", Stop);
            readers =
            [
                .. Enumerable
                    .Range(0, Streams)
                    .Select(i => new Reader(server.Http.BaseAddress!, alice.Token, i % 2 == 0)),
            ];
            await Task.WhenAll(readers.Select(reader => reader.IsOpen));
            await PostAsync(20);
            await server.KillAsync();
        }

        await using var next = await StartAsync(folder, port, settings);
        var started = Stopwatch.GetTimestamp();
        alice = alice.At(next.Http);
        await PostAsync(20);
        await Wait.UntilAsync(
            () => Task.FromResult(readers.All(reader => reader.Count >= posted.Count)),
            () =>
                $"all have {posted.Count} posts, and {readers.Count(reader => reader.Count < posted.Count)} have not",
            Stop,
            TimeSpan.FromMilliseconds(20)
        );
        var took = Stopwatch.GetElapsedTime(started);
        await Task.WhenAll(readers.Select(reader => reader.EndAsync()));

        Assert.All(readers, reader => Assert.Equal(posted, reader.Posts));
        Assert.All(readers, reader => Assert.Equal(2, reader.Opened));
        Assert.InRange(took, TimeSpan.Zero, Resumed);

        async Task PostAsync(int count)
        {
            for (var i = 0; i < count; i++)
            {
                var answer = await alice.PostAsync($"number {posted.Count}", Stop);
                posted.Add(new PostId(answer.Require(201).Id("tweet_id")));
            }
        }
    }

    private static Task<ServerProcess> StartAsync(
        TemporaryFolder folder,
        int port,
        Dictionary<string, string> settings
    ) => ServerProcess.StartAsync(folder.Path, Stop, settings, port: port);

    /// <summary>One who comes back whenever his stream ends, with the last event that he has.</summary>
    private sealed class Reader
    {
        private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

        private readonly CancellationTokenSource _end =
            CancellationTokenSource.CreateLinkedTokenSource(Stop);

        private readonly TaskCompletionSource _open = new(
            TaskCreationOptions.RunContinuationsAsynchronously
        );

        private readonly HttpClient _http;
        private readonly string _token;
        private readonly Task _reading;
        private string? _last;
        private int _count;

        public Reader(Uri address, string token, bool isSocket)
        {
            (_http, _token) = (ServerInProcess.NewClient(address), token);
            _reading = ReadAsync(isSocket);
        }

        public Task IsOpen => _open.Task;

        public List<PostId> Posts { get; } = [];

        public int Count => Volatile.Read(ref _count);

        public int Opened { get; private set; }

        public async Task EndAsync()
        {
            await _end.CancelAsync();
            await _reading;
            _http.Dispose();
            _end.Dispose();
        }

        private async Task ReadAsync(bool isSocket)
        {
            while (!_end.IsCancellationRequested)
            {
                try
                {
                    await (isSocket ? FollowSocketAsync() : FollowEventsAsync());
                }
                catch (Exception gone)
                    when (gone
                            is HttpRequestException
                                or IOException
                                or WebSocketException
                                or OperationCanceledException
                    ) { }

                try
                {
                    await Task.Delay(Pause, TimeProvider.System, _end.Token);
                }
                catch (OperationCanceledException) { }
            }
        }

        private async Task FollowEventsAsync()
        {
            using var stream = await EventStream.OpenAsync(
                _http,
                "user",
                _token,
                _end.Token,
                _last
            );
            Begin(stream.At);
            while (await stream.NextAsync(_end.Token) is { } sent)
            {
                Take(sent);
            }
        }

        private async Task FollowSocketAsync()
        {
            using var socket = await SocketStream.OpenAsync(
                _http,
                _token,
                _end.Token,
                $"stream=user&last_event_id={_last}"
            );
            // The first says where it begins, later ones where it stands.
            Begin((await socket.NextAsync(_end.Token))?.Id ?? "");
            while (await socket.NextAsync(_end.Token) is { } sent)
            {
                if (sent.Name != "at")
                {
                    Take(sent.Event);
                }
            }
        }

        private void Begin(string at)
        {
            Opened++;
            _last ??= at;
            _open.TrySetResult();
        }

        private void Take(SentEvent sent)
        {
            _last = sent.Id;
            Posts.Add(sent.Post);
            Volatile.Write(ref _count, Posts.Count);
        }
    }
}
