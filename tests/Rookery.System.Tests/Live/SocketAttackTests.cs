using System.Collections.Concurrent;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Rookery.Live;
using Rookery.TestKit;
using Xunit;

namespace Rookery.SystemTests.Live;

/// <summary>What no well-behaved client sends on a WebSocket: it costs little, breaks nothing, and ends the one who sends it.</summary>
public sealed class SocketAttackTests : IAsyncLifetime
{
    private const int ProtocolError = 1002;
    private const int NotTaken = 1003;
    private const int NotText = 1007;
    private const int TooBig = 1009;

    private static readonly byte[] Nothing = [];

    private readonly SaidLines _said = new();
    private World _world = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private Uri Address => _world.Server.Http.BaseAddress!;

    public async ValueTask InitializeAsync()
    {
        _world = await World.CreateAsync(Stop);
        _world.Server.Services.GetRequiredService<ILoggerFactory>().AddProvider(_said);
    }

    public async ValueTask DisposeAsync()
    {
        await _world.DisposeAsync();
        _said.Dispose();
    }

    public static TheoryData<string, byte[], int> Attacks =>
        new()
        {
            { "a reserved bit", RawSocket.Frame(0xC1, [1]), ProtocolError },
            { "an operation that there is not", RawSocket.Frame(0x83, [1]), ProtocolError },
            { "a ping in two pieces", RawSocket.Frame(0x09, [1]), ProtocolError },
            { "a long ping", RawSocket.Frame(0x89, new byte[126]), ProtocolError },
            { "the middle of nothing", RawSocket.Frame(0x80, [65]), ProtocolError },
            {
                "a new message in another",
                [
                    .. RawSocket.Frame(0x01, "{"u8.ToArray()),
                    .. RawSocket.Frame(0x01, "{"u8.ToArray()),
                ],
                ProtocolError
            },
            {
                "a length that no number has",
                RawSocket.Frame(0x81, [], ulong.MaxValue),
                ProtocolError
            },
            { "an end that says one byte", RawSocket.Frame(0x88, [3]), ProtocolError },
            { "an end for no reason", RawSocket.Frame(0x88, [0, 7]), ProtocolError },
            { "bytes that are no text", RawSocket.Frame(0x81, [0xC3, 0x28]), NotText },
            { "bytes", RawSocket.Frame(0x82, [1, 2, 3]), NotTaken },
            { "no bytes", RawSocket.Frame(0x82, Nothing), NotTaken },
            { "a long message", RawSocket.Frame(0x81, Letters(5_000)), TooBig },
            {
                "a message that would be longer than all memory",
                RawSocket.Frame(0x81, Letters(5_000), long.MaxValue),
                TooBig
            },
            {
                "a message in a thousand pieces",
                [
                    .. RawSocket.Frame(0x01, "{"u8.ToArray()),
                    .. Enumerable
                        .Range(0, 1_000)
                        .SelectMany(_ => RawSocket.Frame(0x00, " "u8.ToArray())),
                ],
                TooBig
            },
            {
                "a message in pieces of nothing",
                [
                    .. RawSocket.Frame(0x01, "{"u8.ToArray()),
                    .. Enumerable.Range(0, 1_000).SelectMany(_ => RawSocket.Frame(0x00, Nothing)),
                ],
                TooBig
            },
        };

    [Theory]
    [MemberData(nameof(Attacks))]
    public async Task What_is_no_message_ends_its_socket_with_a_reason_and_no_other(
        string what,
        byte[] bytes,
        int code
    )
    {
        using var other = await SocketStream.OpenAsync(
            _world.Server.Http,
            _world.Carol.Token,
            Stop,
            "stream=user"
        );
        // The connection is cut behind the reason, which may be lost with it: not time and again.
        var said = 0;
        for (var tries = 0; said == 0 && tries < 5; tries++)
        {
            using var socket = await OpenAsync("stream=user");
            await socket.SendAsync(bytes, Stop);
            said = await socket.CloseCodeAsync(Stop);
        }

        Assert.True(code == said, $"{what}: {said}");
        await AssertLeftAsync(1);

        var post = await _world.Alice.PostAsync("hello", Stop);
        Assert.Equal(
            post.Require(201).Id("tweet_id"),
            (await other.TakeAsync(1, Stop))[0].Event.Post.Value
        );
    }

    [Fact]
    public async Task What_comes_byte_by_byte_in_pieces_and_between_pings_is_one_message()
    {
        using var socket = await OpenAsync();
        byte[] sent =
        [
            .. RawSocket.Frame(RawFrame.Ping, "a"u8.ToArray()),
            .. RawSocket.Frame(0x01, "{\"type\":\"subsc"u8.ToArray()),
            .. RawSocket.Frame(RawFrame.Ping, "b"u8.ToArray()),
            .. RawSocket.Frame(0x00, "ribe\",\"stream\":"u8.ToArray()),
            .. RawSocket.Frame(0x00, Nothing),
            .. RawSocket.Frame(0x80, "\"unheard\"}"u8.ToArray()),
            .. RawSocket.Frame(RawFrame.Text, Nothing),
            .. RawSocket.Frame(RawFrame.Pong, "never asked"u8.ToArray()),
            .. RawSocket.Frame(RawFrame.Ping, "c"u8.ToArray()),
        ];
        foreach (var one in sent)
        {
            await socket.SendAsync([one], Stop);
        }

        var frames = new List<RawFrame>();
        while (frames.Count < 4)
        {
            frames.Add((await socket.NextAsync(Stop))!);
        }

        Assert.Equal(
            ["a", "b", "c"],
            frames
                .Where(frame => frame.Head == RawFrame.Pong)
                .Select(frame => Encoding.UTF8.GetString(frame.Payload))
        );
        Assert.Contains(
            "stream must be",
            Encoding.UTF8.GetString(frames.Single(frame => frame.Head == RawFrame.Text).Payload),
            StringComparison.Ordinal
        );
        await socket.SendAsync(RawSocket.Frame(RawFrame.Close, [0x03, 0xE8]), Stop);
        Assert.Equal(1000, await socket.CloseCodeAsync(Stop));
        await AssertLeftAsync(0);
    }

    /// <summary>Whom a client could harm with one is a proxy that takes it for something else, and none is asked to.</summary>
    [Fact]
    public async Task A_frame_without_a_mask_does_no_harm()
    {
        using var socket = await OpenAsync();
        var message = "{\"type\":\"subscribe\",\"stream\":\"unheard\"}"u8.ToArray();
        await socket.SendAsync(RawSocket.Frame(RawFrame.Text, message, isMasked: false), Stop);

        // A connection that is cut may take what was said last with it.
        if (await socket.NextAsync(Stop) is { } answer)
        {
            Assert.Contains(answer.Head, (byte[])[RawFrame.Text, RawFrame.Close]);
        }

        socket.Dispose();
        await AssertLeftAsync(0);
        using var next = await OpenAsync();
        await next.SendAsync(RawSocket.Frame(RawFrame.Text, message), Stop);
        Assert.Equal(RawFrame.Text, (await next.NextAsync(Stop))!.Head);
    }

    [Fact]
    public async Task A_client_that_vanishes_in_the_middle_of_anything_leaves_nothing_behind()
    {
        byte[][] beginnings =
        [
            [],
            [0x81],
            [0x81, 0xFE],
            RawSocket.Frame(RawFrame.Text, "{\"type\""u8.ToArray(), says: 50),
            RawSocket.Frame(0x01, "{"u8.ToArray()),
            RawSocket.Frame(RawFrame.Close, Nothing)[..3],
            RawSocket.Say("""{"type":"subscribe","stream":"user"}"""),
        ];
        foreach (var beginning in beginnings)
        {
            var socket = await OpenAsync("stream=user");
            await socket.SendAsync(beginning, Stop);
            socket.Dispose();
        }

        await AssertLeftAsync(0);
    }

    [Fact]
    public async Task A_message_that_does_not_end_is_waited_for_some_seconds()
    {
        using var socket = await OpenAsync("stream=user");
        await socket.SendAsync(
            RawSocket.Frame(RawFrame.Text, "{\"type\""u8.ToArray(), says: 50),
            Stop
        );
        using var soon = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        soon.CancelAfter(TimeSpan.FromSeconds(20));
        Assert.Equal(0, await socket.CloseCodeAsync(soon.Token));
        await AssertLeftAsync(0);
    }

    [Fact]
    public async Task Who_asks_and_takes_no_answers_is_not_answered_for_ever()
    {
        using var socket = await RawSocket.OpenAsync(
            Address,
            _world.Bob.Token,
            Stop,
            receives: 4096
        );
        var questions = Enumerable
            .Range(0, 200)
            .SelectMany(_ => RawSocket.Say("""{"type":"what?"}"""))
            .ToArray();
        try
        {
            for (var i = 0; i < 2_000; i++)
            {
                await socket.SendAsync(questions, Stop);
            }
        }
        catch (IOException)
        {
            // It was cut meanwhile.
        }

        await Wait.UntilAsync(
            () => Task.FromResult(socket.IsCut()),
            () => "who takes no answers is cut off",
            Stop
        );
        await AssertLeftAsync(0);
    }

    [Theory]
    [InlineData("400", "Upgrade: h2c")]
    [InlineData("400", "Connection: keep-alive")]
    [InlineData("400", "Upgrade:")]
    [InlineData("400", "Sec-WebSocket-Key:")]
    [InlineData("400", "Sec-WebSocket-Key: short")]
    [InlineData("400", "Sec-WebSocket-Version: 8")]
    [InlineData("101", "Sec-WebSocket-Protocol: a=b, c d/e\"")]
    [InlineData("101", "Sec-WebSocket-Protocol: \u00C3\u00A9")]
    [InlineData("400", "Sec-WebSocket-Protocol: \u00E9\u00FF")]
    [InlineData("101", "Sec-WebSocket-Protocol: ,,,")]
    [InlineData("101", "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits")]
    [InlineData("400", "Content-Length: 5")]
    [InlineData("400", "Transfer-Encoding: chunked")]
    public async Task A_beginning_that_is_none_is_refused_and_an_odd_one_breaks_nothing(
        string status,
        string header
    )
    {
        var answer = await RawSocket.AskAsync(
            Address,
            RawSocket.Handshake(Address, "", header, $"Authorization: Bearer {_world.Bob.Token}"),
            Stop
        );
        Assert.StartsWith($"HTTP/1.1 {status}", answer, StringComparison.Ordinal);
        Assert.DoesNotContain(
            "Sec-WebSocket-Extensions",
            answer,
            StringComparison.OrdinalIgnoreCase
        );
        await AssertLeftAsync(0);
    }

    private Task<RawSocket> OpenAsync(string query = "") =>
        RawSocket.OpenAsync(Address, _world.Bob.Token, Stop, query);

    /// <summary>So many streams are open, and nothing was said that an operator would have to look at, nor anything that is nobody's business.</summary>
    private async Task AssertLeftAsync(int count)
    {
        var streams = _world.Server.Services.GetRequiredService<LiveStreams>();
        await Wait.UntilAsync(
            () => Task.FromResult(streams.Count == count),
            () => $"{count} streams are left, of {streams.Count}",
            Stop
        );
        Assert.Empty(_said.Faults);
        Assert.DoesNotContain(
            _said.All,
            line => line.Contains(_world.Bob.Token, StringComparison.Ordinal)
        );
    }

    private static byte[] Letters(int count) => [.. Enumerable.Repeat((byte)'a', count)];

    /// <summary>What the server logs.</summary>
    private sealed class SaidLines : ILoggerProvider, ILogger
    {
        private readonly ConcurrentQueue<(LogLevel Level, string Text)> _lines = [];

        public IEnumerable<string> All => _lines.Select(line => line.Text);

        public IEnumerable<string> Faults =>
            _lines.Where(line => line.Level >= LogLevel.Error).Select(line => line.Text);

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        ) => _lines.Enqueue((logLevel, $"{formatter(state, exception)} {exception}"));

        public void Dispose() { }
    }
}
