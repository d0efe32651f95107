using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace Rookery.TestKit;

/// <summary>One message as a server sent it on a WebSocket.</summary>
internal sealed record SentMessage(JsonElement Json)
{
    /// <summary>What it is of, with spaces between.</summary>
    public string Stream =>
        string.Join(
            ' ',
            Json.GetProperty("stream").EnumerateArray().Select(one => one.GetString())
        );

    public string Name => Json.GetProperty("event").GetString()!;

    public bool IsNotification =>
        Json.TryGetProperty("event", out var name) && name.ValueEquals("notification");

    public string Payload => Json.GetProperty("payload").GetString()!;

    /// <summary>Empty where it has none.</summary>
    public string Id => Json.TryGetProperty("id", out var id) ? id.GetString()! : "";

    public string? Error => Json.TryGetProperty("error", out var error) ? error.GetString() : null;

    /// <summary>The same as one of Server-Sent Events.</summary>
    public SentEvent Event => new(Id, Name, Payload);

    public override string ToString() => Json.GetRawText();
}

/// <summary>A WebSocket of streams, with the framework's own client.</summary>
internal sealed class SocketStream : IDisposable
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30);

    private readonly ClientWebSocket _socket = new();
    private readonly Queue<SentMessage> _others = [];

    /// <summary>The notifications that have come. They come between the posts, whenever they are raised.</summary>
    public List<SentMessage> Notified { get; } = [];

    public WebSocketState State => _socket.State;

    public string? Protocol => _socket.SubProtocol;

    public WebSocketCloseStatus? CloseStatus => _socket.CloseStatus;

    public string? CloseReason => _socket.CloseStatusDescription;

    /// <summary>The status of a refusal.</summary>
    public int Status => (int)_socket.HttpStatusCode;

    /// <summary>What the client says beyond its address, before it connects.</summary>
    public ClientWebSocketOptions Options => _socket.Options;

    /// <param name="query">With what is asked for first, if anything.</param>
    public static async Task<SocketStream> OpenAsync(
        HttpClient http,
        string? token,
        CancellationToken stop,
        string query = "",
        Action<ClientWebSocketOptions>? say = null
    )
    {
        var stream = new SocketStream();
        if (token is not null)
        {
            stream.Options.SetRequestHeader("Authorization", $"Bearer {token}");
        }

        say?.Invoke(stream.Options);
        await stream.ConnectAsync(http, stop, query);
        return stream;
    }

    public Task ConnectAsync(
        HttpClient http,
        CancellationToken stop,
        string query = "",
        string path = "/api/v1/streaming"
    )
    {
        Options.CollectHttpResponseDetails = true;
        var address = new UriBuilder(http.BaseAddress!)
        {
            Scheme = "ws",
            Path = path,
            Query = query,
        };
        return _socket.ConnectAsync(address.Uri, stop);
    }

    /// <summary>Answers once the server has done it: it answers in order, and to this it answers that it is nothing.</summary>
    public async Task SubscribeAsync(string stream, CancellationToken stop, string more = "") =>
        await DoAsync($$"""{"type":"subscribe","stream":"{{stream}}"{{more}}}""", stop);

    /// <inheritdoc cref="SubscribeAsync"/>
    public async Task UnsubscribeAsync(string stream, CancellationToken stop, string more = "") =>
        await DoAsync($$"""{"type":"unsubscribe","stream":"{{stream}}"{{more}}}""", stop);

    public Task SayAsync(string text, CancellationToken stop) =>
        SayAsync(Encoding.UTF8.GetBytes(text), stop);

    public Task SayAsync(
        byte[] bytes,
        CancellationToken stop,
        WebSocketMessageType type = WebSocketMessageType.Text,
        bool isLast = true
    ) => _socket.SendAsync(bytes, type, isLast, stop);

    /// <summary>The next message that is no notification; null where the server has closed.</summary>
    public async Task<SentMessage?> NextAsync(CancellationToken stop)
    {
        while (_others.Count == 0 && await NextOfAllAsync(stop) is { } next)
        {
            Sort(next);
        }

        return _others.TryDequeue(out var first) ? first : null;
    }

    /// <summary>Waits for so many more notifications, and answers them.</summary>
    public async Task<List<SentMessage>> TakeNotifiedAsync(int count, CancellationToken stop)
    {
        var before = Notified.Count;
        while (Notified.Count < before + count)
        {
            Sort(
                await NextOfAllAsync(stop)
                    ?? throw new InvalidOperationException(
                        $"The socket was closed ({CloseStatus} {CloseReason}) after {Notified.Count - before} notifications."
                    )
            );
        }

        return Notified[before..];
    }

    private void Sort(SentMessage message)
    {
        if (message.IsNotification)
        {
            Notified.Add(message);
        }
        else
        {
            _others.Enqueue(message);
        }
    }

    private async Task<SentMessage?> NextOfAllAsync(CancellationToken stop)
    {
        using var soon = CancellationTokenSource.CreateLinkedTokenSource(stop);
        soon.CancelAfter(Long);
        using var message = new MemoryStream();
        var buffer = new byte[16 * 1024];
        WebSocketReceiveResult part;
        do
        {
            part = await _socket.ReceiveAsync(buffer, soon.Token);
            if (part.MessageType == WebSocketMessageType.Close)
            {
                return null;
            }

            message.Write(buffer, 0, part.Count);
        } while (!part.EndOfMessage);

        return new SentMessage(JsonElement.Parse(message.ToArray()));
    }

    public async Task<List<SentMessage>> TakeAsync(int count, CancellationToken stop)
    {
        var taken = new List<SentMessage>();
        while (taken.Count < count)
        {
            taken.Add(
                await NextAsync(stop)
                    ?? throw new InvalidOperationException(
                        $"The socket was closed ({CloseStatus} {CloseReason}) after {taken.Count} messages."
                    )
            );
        }

        return taken;
    }

    /// <summary>The next post. Signs of life, which say where the reader is, may come at any time.</summary>
    public async Task<SentMessage> TakePostAsync(CancellationToken stop)
    {
        while (true)
        {
            var next = (await TakeAsync(1, stop))[0];
            if (next.Json.TryGetProperty("event", out var name) && name.ValueEquals("update"))
            {
                return next;
            }
        }
    }

    public Task CloseAsync(CancellationToken stop) =>
        _socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "", stop);

    public void Dispose() => _socket.Dispose();

    private async Task DoAsync(string message, CancellationToken stop)
    {
        await SayAsync(message, stop);
        await SayAsync("""{"type":"mark"}""", stop);
        var answer = await NextAsync(stop);
        if (answer?.Error?.StartsWith("type must be", StringComparison.Ordinal) != true)
        {
            throw new InvalidOperationException($"{message} was answered with {answer}.");
        }
    }
}
