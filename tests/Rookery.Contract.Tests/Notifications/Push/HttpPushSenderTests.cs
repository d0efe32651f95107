using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using Rookery.Adapters.WebPush;
using Rookery.Notifications.Push;
using Rookery.TestKit;
using Xunit;

namespace Rookery.Contract.Tests.Notifications.Push;

/// <summary>Over real HTTP, with services that do not do what they should.</summary>
public sealed class HttpPushSenderTests : PushSenderContract
{
    private readonly PushOptions _options = new() { TimeoutSeconds = 2 };
    private PushService _service = null!;
    private HttpPushSender _sender = null!;

    private protected override IPushSender Sender => _sender;

    private protected override string Origin => _service.Origin;

    public override async ValueTask InitializeAsync()
    {
        _service = await PushService.StartAsync(Stop);
        _options.OwnServices = _service.Origin;
        _sender = New(_options);
    }

    public override async ValueTask DisposeAsync()
    {
        _sender.Dispose();
        await _service.DisposeAsync();
    }

    [Theory]
    [InlineData(200, PushFate.Sent)]
    [InlineData(201, PushFate.Sent)]
    [InlineData(202, PushFate.Sent)]
    [InlineData(400, PushFate.Refused)]
    [InlineData(401, PushFate.Refused)]
    [InlineData(403, PushFate.Refused)]
    [InlineData(404, PushFate.Gone)]
    [InlineData(408, PushFate.PutOff)]
    [InlineData(410, PushFate.Gone)]
    [InlineData(413, PushFate.Refused)]
    [InlineData(429, PushFate.PutOff)]
    [InlineData(500, PushFate.PutOff)]
    [InlineData(503, PushFate.PutOff)]
    public async Task What_a_service_answers_is_understood(int status, PushFate fate)
    {
        _service.Answer = PushService.Answering(status);
        var outcome = await Sender.SendAsync(Push(), Stop);
        Assert.Equal(fate, outcome.Fate);
        Assert.Null(outcome.RetryAfter);
        if (fate != PushFate.Sent)
        {
            Assert.Equal($"The push service answered {status}.", outcome.Reason);
        }
    }

    [Fact]
    public async Task A_service_says_when_it_wants_to_be_asked_again()
    {
        _service.Answer = PushService.Answering(429, ("Retry-After", "120"));
        var outcome = await Sender.SendAsync(Push(), Stop);
        Assert.Equal(
            (PushFate.PutOff, TimeSpan.FromMinutes(2)),
            (outcome.Fate, outcome.RetryAfter)
        );

        var at = TimeProvider.System.GetUtcNow().AddMinutes(5);
        _service.Answer = PushService.Answering(503, ("Retry-After", at.ToString("R")));
        outcome = await Sender.SendAsync(Push(), Stop);
        Assert.InRange(outcome.RetryAfter!.Value.TotalSeconds, 200, 301);

        foreach (var nonsense in (string[])["-5", "soon", "Fri, 01 Jan 1999 00:00:00 GMT"])
        {
            _service.Answer = PushService.Answering(503, ("Retry-After", nonsense));
            Assert.Null((await Sender.SendAsync(Push(), Stop)).RetryAfter);
        }
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task Nothing_follows_a_redirect(int status)
    {
        await using var other = await PushService.StartAsync(Stop);
        _options.OwnServices = $"{_service.Origin},{other.Origin}";
        _service.Answer = PushService.Answering(status, ("Location", $"{other.Origin}/elsewhere"));
        var outcome = await Sender.SendAsync(Push(), Stop);
        Assert.Equal(PushFate.Refused, outcome.Fate);
        Assert.Contains("redirect", outcome.Reason, StringComparison.Ordinal);
        Assert.Empty(other.Received);
        Assert.Single(_service.Received);
    }

    [Fact]
    public async Task A_service_that_does_not_answer_is_given_up_in_time()
    {
        _service.Answer = (_, context) =>
            Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
        var started = Stopwatch.GetTimestamp();
        var outcome = await Sender.SendAsync(Push(), Stop);
        Assert.Equal(PushFate.PutOff, outcome.Fate);
        Assert.Contains("2 s", outcome.Reason, StringComparison.Ordinal);
        Assert.InRange(Stopwatch.GetElapsedTime(started).TotalSeconds, 1.5, 10);
    }

    [Fact]
    public async Task Of_an_answer_without_end_nothing_is_read()
    {
        long written = 0;
        var chunk = new byte[64 * 1024];
        _service.Answer = async (_, context) =>
        {
            context.Response.StatusCode = StatusCodes.Status201Created;
            while (!context.RequestAborted.IsCancellationRequested)
            {
                await context.Response.Body.WriteAsync(chunk, context.RequestAborted);
                Interlocked.Add(ref written, chunk.Length);
            }
        };
        var outcome = await Sender.SendAsync(Push(), Stop);
        Assert.Equal(PushFate.Sent, outcome.Fate);
        // What stood in the buffers of two sockets when the connection was cut.
        Assert.InRange(Interlocked.Read(ref written), 0, 32 * 1024 * 1024);
    }

    [Fact]
    public async Task Headers_without_end_are_no_answer()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var origin = $"http://{listener.LocalEndpoint}";
        _options.OwnServices = origin;
        var serving = ServeAsync(
            listener,
            async stream =>
            {
                await stream.WriteAsync("HTTP/1.1 201 Created\r\n"u8.ToArray(), Stop);
                while (true)
                {
                    await stream.WriteAsync("X-More: and more\r\n"u8.ToArray(), Stop);
                }
            }
        );
        var outcome = await Sender.SendAsync(Push() with { Endpoint = new Uri(origin) }, Stop);
        Assert.Equal(PushFate.PutOff, outcome.Fate);
        await serving;
    }

    [Fact]
    public async Task What_speaks_no_HTTP_is_no_service_and_nothing_that_it_says_is_told()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var origin = $"http://{listener.LocalEndpoint}";
        _options.OwnServices = origin;
        var serving = ServeAsync(
            listener,
            stream => stream.WriteAsync("-ERR secret of a neighbour\r\n"u8.ToArray(), Stop).AsTask()
        );
        var outcome = await Sender.SendAsync(Push() with { Endpoint = new Uri(origin) }, Stop);
        Assert.Equal(PushFate.PutOff, outcome.Fate);
        Assert.DoesNotContain("secret", outcome.Reason, StringComparison.Ordinal);
        await serving;
    }

    [Theory]
    [InlineData("https://127.0.0.1")]
    [InlineData("https://[::1]")]
    [InlineData("https://[::ffff:127.0.0.1]")]
    [InlineData("https://localhost")]
    [InlineData("https://169.254.169.254")]
    [InlineData("http://10.0.0.1:25")]
    public async Task Nothing_is_sent_to_what_only_this_machine_reaches(string origin)
    {
        var push = Push() with { Endpoint = new Uri($"{origin}/one") };
        var outcome = await Sender.SendAsync(push, Stop);
        Assert.Equal(PushFate.Refused, outcome.Fate);
        Assert.Contains("no address in the internet", outcome.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_that_leads_outside_at_first_and_then_to_this_machine_gets_nothing_there()
    {
        var port = new Uri(_service.Origin).Port;
        var answers = new Queue<IPAddress[]>([
            // Everybody's, and nobody answers there: a host in a network that is set aside for nothing.
            [IPAddress.Parse("1.0.0.0")],
            [IPAddress.Loopback],
            [IPAddress.IPv6Loopback, IPAddress.Parse("::ffff:127.0.0.1")],
            [IPAddress.Parse("10.1.2.3"), IPAddress.Loopback],
        ]);
        var asked = 0;
        var options = new PushOptions { TimeoutSeconds = 1 };
        using var sender = new HttpPushSender(
            options,
            TimeProvider.System,
            new ConnectPublic(options)
            {
                Resolve = (_, _) =>
                {
                    asked++;
                    return Task.FromResult(answers.Dequeue());
                },
            }
        );
        var push = Push() with { Endpoint = new Uri($"http://rebind.example:{port}/one") };
        Assert.Equal(PushFate.PutOff, (await sender.SendAsync(push, Stop)).Fate);
        for (var again = 0; again < 3; again++)
        {
            Assert.Equal(PushFate.Refused, (await sender.SendAsync(push, Stop)).Fate);
        }

        // Once for each connection: what was looked at is what is connected to.
        Assert.Equal(4, asked);
        Assert.Empty(_service.Received);
    }

    [Fact]
    public async Task Of_several_addresses_only_those_that_everybody_reaches_are_tried()
    {
        var options = new PushOptions { TimeoutSeconds = 1 };
        using var sender = new HttpPushSender(
            options,
            TimeProvider.System,
            new ConnectPublic(options)
            {
                Resolve = (_, _) =>
                    Task.FromResult<IPAddress[]>([IPAddress.Loopback, IPAddress.Parse("1.0.0.0")]),
            }
        );
        var port = new Uri(_service.Origin).Port;
        var push = Push() with { Endpoint = new Uri($"http://both.example:{port}/one") };
        Assert.Equal(PushFate.PutOff, (await sender.SendAsync(push, Stop)).Fate);
        Assert.Empty(_service.Received);
    }

    [Fact]
    public async Task A_name_that_there_is_not_is_said()
    {
        var push = Push() with { Endpoint = new Uri("https://push.invalid/one") };
        var outcome = await Sender.SendAsync(push, Stop);
        Assert.Equal(PushFate.PutOff, outcome.Fate);
        Assert.Contains("push.invalid", outcome.Reason, StringComparison.Ordinal);
    }

    private protected override Task<IReadOnlyList<PushReceived>> ReceivedAsync() =>
        Task.FromResult(_service.Received);

    private protected override Task BreakAsync() => _service.CloseAsync();

    private static HttpPushSender New(PushOptions options) =>
        new(Microsoft.Extensions.Options.Options.Create(options), TimeProvider.System);

    private static async Task ServeAsync(TcpListener listener, Func<NetworkStream, Task> answer)
    {
        using var client = await listener.AcceptTcpClientAsync(Stop);
        await using var stream = client.GetStream();
        try
        {
            await answer(stream);
            // Until the other side has seen it.
            await stream.ReadExactlyAsync(new byte[1 << 20], Stop);
        }
        catch (Exception fault) when (fault is IOException or EndOfStreamException)
        {
            // It was cut off, as it should be.
        }
    }
}
