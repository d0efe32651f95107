using System.Globalization;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Rookery.TestKit.Servers;
using Xunit;

namespace Rookery.SystemTests.Docs;

/// <summary>HAProxy with the local cluster's configuration, before a server that answers everything.</summary>
public sealed class BalancerProcessTests : IAsyncLifetime, IDisposable
{
    private const string AStream = "/users/stream";
    private const string ASocket = "/users/socket";

    private readonly ClusterFolder _cluster = new();
    private readonly TaskCompletionSource _streamEnded = new(
        TaskCreationOptions.RunContinuationsAsynchronously
    );

    private readonly int _behind = FreePort.Take();
    private WebApplication? _server;
    private volatile bool _isReady = true;
    private int _port;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{_behind}");
        _server = builder.Build();
        _server.UseWebSockets();
        _server.Run(context =>
        {
            if (context.Request.Path == ASocket)
            {
                return RepeatAsync(context);
            }

            if (context.Request.Path == AStream)
            {
                return StreamAsync(context);
            }

            context.Response.StatusCode =
                _isReady || context.Request.Path != "/health/ready" ? 200 : 503;
            return context.Response.WriteAsync(
                $"path {context.Request.Path} from {context.Request.Headers["X-Forwarded-For"]}"
            );
        });
        await _server.StartAsync(Stop);
        await _cluster.MakeAsync(Stop);
        await File.WriteAllLinesAsync(
            _cluster.Inside("ports"),
            (await File.ReadAllLinesAsync(_cluster.Inside("ports"), Stop)).Select(line =>
                line.StartsWith("PORT_accounts_", StringComparison.Ordinal)
                || line.StartsWith("PORT_search_", StringComparison.Ordinal)
                || line.StartsWith("PORT_web_", StringComparison.Ordinal)
                    ? $"{line.Split('=')[0]}={_behind}"
                    : line
            ),
            Stop
        );
        (
            await _cluster.BashAsync(
                "load_ports; begin_haproxy; until_well haproxy 20 well haproxy \"$ADDRESS\"; echo \"at $ADDRESS\"",
                Stop
            )
        ).Require(0);
        _port = int.Parse(
            (await File.ReadAllLinesAsync(_cluster.Inside("ports"), Stop))
                .Single(line => line.StartsWith("ADDRESS=", StringComparison.Ordinal))
                .Split('=')[1],
            CultureInfo.InvariantCulture
        );
    }

    public async ValueTask DisposeAsync()
    {
        await _cluster.RunAsync("down", CancellationToken.None);
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        Dispose();
    }

    public void Dispose() => _cluster.Dispose();

    [Fact]
    public async Task What_is_between_roles_and_what_they_measure_is_reached_by_no_spelling()
    {
        var through = new List<string>();
        foreach (
            var path in (string[])
                [
                    "/internal",
                    "/internal/accounts/cards",
                    "/metrics",
                    "/METRICS/",
                    "//metrics",
                    "/%6detrics",
                    "/x/../metrics",
                    "/Internal/accounts/cards",
                    "//internal/accounts/cards",
                    "/%69nternal/accounts/cards",
                    "/%49NTERNAL/accounts/cards",
                    "/internal%2Faccounts/cards",
                    "/./internal/accounts/cards",
                    "/%2e/internal/accounts/cards",
                    "/x/../internal/accounts/cards",
                    "/x/%2E%2e/internal/accounts/cards",
                    "/x/.%2e/%69nternal/accounts/cards",
                    "/%zz/../internal/accounts/cards",
                    "/x%/../internal/accounts/cards",
                    "/x/..",
                    "http://127.0.0.1/internal/accounts/cards",
                    "http://127.0.0.1/x/../Internal/accounts/cards",
                ]
        )
        {
            var answer = await AskAsync(path);
            if (!answer.StartsWith("HTTP/1.1 40", StringComparison.Ordinal))
            {
                through.Add($"{path}: {answer}");
            }
        }

        Assert.Empty(through);
    }

    [Theory]
    [InlineData("/users")]
    [InlineData("/users/1..2")]
    [InlineData("/users/%C3%A9?at=../internal/")]
    [InlineData("/not/internal/")]
    [InlineData("/internally")]
    public async Task Everything_else_gets_through(string path) =>
        Assert.StartsWith("HTTP/1.1 200", await AskAsync(path), StringComparison.Ordinal);

    /// <summary>Those of accounts and of pages are answered here, those of all others by nobody.</summary>
    [Theory]
    [InlineData("/Users", "200")]
    [InlineData("/USERS/", "200")]
    [InlineData("/tweets/", "503")]
    [InlineData("/Tweets", "503")]
    [InlineData("/%74weets", "503")]
    [InlineData("/TimeLine/?user_id=1", "503")]
    [InlineData("/api/v1/Like", "503")]
    [InlineData("/api/v1/home_timeline/", "503")]
    [InlineData("/API/v1/follow", "503")]
    public async Task A_path_goes_to_its_role_however_it_is_spelt(string path, string status) =>
        Assert.StartsWith($"HTTP/1.1 {status}", await AskAsync(path), StringComparison.Ordinal);

    [Fact]
    public async Task A_path_is_passed_on_as_it_came() =>
        Assert.Contains(
            "path /Users/Ben/ from",
            await AskAsync("/Users/Ben/"),
            StringComparison.Ordinal
        );

    [Fact]
    public async Task A_client_does_not_choose_the_address_that_it_is_counted_by()
    {
        var answer = await AskAsync(
            "/users",
            "X-Forwarded-For: 203.0.113.9\r\nx-forwarded-for: 203.0.113.10\r\n"
        );

        Assert.Contains(
            "path /users from 127.0.0.1\r\n",
            answer + "\r\n",
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task What_no_process_answers_is_said_as_processes_say_it()
    {
        var answer = await AskAsync("/timeline?user_id=1");

        Assert.StartsWith("HTTP/1.1 503", answer, StringComparison.Ordinal);
        Assert.Contains("content-type: application/problem+json", answer, StringComparison.Ordinal);
        Assert.Contains("retry-after: 2", answer, StringComparison.Ordinal);
        using var body = JsonDocument.Parse(
            answer[answer.IndexOf('{', StringComparison.Ordinal)..]
        );
        Assert.Equal(503, body.RootElement.GetProperty("status").GetInt32());
        Assert.NotEqual("", body.RootElement.GetProperty("error").GetString());
    }

    [Fact]
    public async Task Where_no_process_of_a_role_is_ready_each_answers_what_it_can_but_for_searches()
    {
        const string Search = "/api/v1/search?query=rook";
        Assert.StartsWith("HTTP/1.1 200", await AskAsync(Search), StringComparison.Ordinal);

        _isReady = false;
        for (
            var turn = 0;
            turn < 100 && (await AskAsync(Search)).Contains(" 200 ", StringComparison.Ordinal);
            turn++
        )
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, Stop);
        }

        Assert.StartsWith("HTTP/1.1 503", await AskAsync(Search), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 200", await AskAsync("/users"), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 200", await AskAsync("/@ana"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stream_is_passed_on_as_it_is_written_and_its_end_to_the_server()
    {
        using (var client = new TcpClient())
        {
            await client.ConnectAsync("127.0.0.1", _port, Stop);
            await using var stream = client.GetStream();
            await stream.WriteAsync(
                Encoding.ASCII.GetBytes($"GET {AStream} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"),
                Stop
            );
            using var reader = new StreamReader(stream);
            string? line;
            do
            {
                line = await reader.ReadLineAsync(Stop);
            } while (line is not (null or ":at 1-1"));
            Assert.Equal(":at 1-1", line);
        }

        await _streamEnded.Task.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, Stop);
    }

    [Fact]
    public async Task A_WebSocket_is_passed_on_both_ways_and_its_end_with_its_reason()
    {
        using var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol("spoken");
        await socket.ConnectAsync(new Uri($"ws://127.0.0.1:{_port}{ASocket}"), Stop);
        Assert.Equal("spoken", socket.SubProtocol);
        await socket.SendAsync("hello"u8.ToArray(), WebSocketMessageType.Text, true, Stop);
        var buffer = new byte[16];
        var said = await socket.ReceiveAsync(buffer, Stop);
        Assert.Equal("hello", Encoding.ASCII.GetString(buffer, 0, said.Count));
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "", Stop);
        Assert.Equal(WebSocketCloseStatus.EndpointUnavailable, socket.CloseStatus);
        await _streamEnded.Task.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, Stop);
    }

    [Fact]
    public async Task A_header_that_does_not_end_is_given_up()
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", _port, Stop);
        await using var stream = client.GetStream();
        await stream.WriteAsync("GET /users HTTP/1.1\r\nHost: "u8.ToArray(), Stop);
        using var reader = new StreamReader(stream);

        Assert.StartsWith(
            "HTTP/1.1 408",
            await reader.ReadToEndAsync(Stop),
            StringComparison.Ordinal
        );
    }

    /// <summary>Says what it hears, until it hears of the end.</summary>
    private async Task RepeatAsync(HttpContext context)
    {
        using var socket = await context.WebSockets.AcceptWebSocketAsync("spoken");
        var buffer = new byte[16];
        var heard = await socket.ReceiveAsync(buffer, Stop);
        await socket.SendAsync(buffer.AsMemory(0, heard.Count), heard.MessageType, true, Stop);
        await socket.ReceiveAsync(buffer, Stop);
        await socket.CloseAsync(WebSocketCloseStatus.EndpointUnavailable, "", Stop);
        _streamEnded.TrySetResult();
    }

    /// <summary>A line, and then a sign of life ten times a second, until nobody reads.</summary>
    private async Task StreamAsync(HttpContext context)
    {
        context.Response.ContentType = "text/event-stream";
        await context.Response.WriteAsync(":at 1-1\n", Stop);
        while (!context.RequestAborted.IsCancellationRequested)
        {
            await context.Response.Body.FlushAsync(Stop);
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, Stop);
            await context.Response.WriteAsync(":thump\n", Stop);
        }

        _streamEnded.TrySetResult();
    }

    /// <summary>As it stands here: what makes requests for programs would tidy the path.</summary>
    private async Task<string> AskAsync(string path, string headers = "")
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", _port, Stop);
        await using var stream = client.GetStream();
        await stream.WriteAsync(
            Encoding.ASCII.GetBytes(
                $"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{headers}Connection: close\r\n\r\n"
            ),
            Stop
        );
        using var reader = new StreamReader(stream);
        var answer = await reader.ReadToEndAsync(Stop);
        // In chunks, each after its length.
        return answer.Replace("\r\n0\r\n\r\n", "", StringComparison.Ordinal);
    }
}
