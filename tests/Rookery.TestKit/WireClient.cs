using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Rookery.TestKit;

/// <summary>What came back over a <see cref="WireClient"/>.</summary>
internal sealed record WireAnswer(
    int Status,
    IReadOnlyDictionary<string, string> Headers,
    byte[] Body
)
{
    public string Text => Encoding.UTF8.GetString(Body);

    /// <summary>The body, or null where it is no JSON object.</summary>
    public JsonElement? Json
    {
        get
        {
            try
            {
                var json = JsonElement.Parse(Text);
                return json.ValueKind == JsonValueKind.Object ? json : null;
            }
            catch (JsonException)
            {
                return null;
            }
        }
    }

    public override string ToString() =>
        $"{Status} {(Text.Length > 300 ? Text[..300] + "…" : Text)}";
}

/// <summary>
/// HTTP/1.1 by hand over one connection, for requests that no well-behaved client would make: every byte of them is the test's.
/// </summary>
internal sealed class WireClient(Uri address) : IDisposable
{
    private readonly byte[] _buffer = new byte[64 * 1024];
    private TcpClient? _connection;
    private NetworkStream? _stream;
    private int _from;
    private int _to;

    public async Task<WireAnswer> SendAsync(
        ReadOnlyMemory<byte> request,
        CancellationToken stop,
        bool isHead = false
    )
    {
        try
        {
            await WriteAsync(request, stop);
        }
        catch (IOException)
        {
            // A server may refuse, and close, before it has read everything: what it said is still to be read.
        }

        return await ReadAnswerAsync(stop, isHead);
    }

    public async Task WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken stop)
    {
        if (_connection is null)
        {
            _connection = new TcpClient { NoDelay = true };
            await _connection.ConnectAsync(address.Host, address.Port, stop);
            _stream = _connection.GetStream();
            (_from, _to) = (0, 0);
        }

        await _stream!.WriteAsync(bytes, stop);
    }

    /// <summary>Sends no more, as a client that breaks off; the answer can still be read.</summary>
    public void EndWriting() => _connection!.Client.Shutdown(SocketShutdown.Send);

    public async Task<WireAnswer> ReadAnswerAsync(CancellationToken stop, bool isHead = false)
    {
        var first = await ReadLineAsync(stop);
        var status = int.Parse(first.Split(' ')[1], CultureInfo.InvariantCulture);
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        while (await ReadLineAsync(stop) is { Length: > 0 } line)
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            headers[line[..colon]] = line[(colon + 1)..].Trim();
        }

        // One that goes on until somebody ends it, as a WebSocket does.
        var isStream = headers.GetValueOrDefault("Content-Type") == "text/event-stream";
        var body = isHead || isStream ? [] : await ReadBodyAsync(headers, stop);
        if (isStream || status == 101 || headers.GetValueOrDefault("Connection") == "close")
        {
            Dispose();
        }

        return new WireAnswer(status, headers, body);
    }

    public void Dispose()
    {
        _connection?.Dispose();
        _connection = null;
    }

    private async Task<byte[]> ReadBodyAsync(
        Dictionary<string, string> headers,
        CancellationToken stop
    )
    {
        if (headers.TryGetValue("Content-Length", out var length))
        {
            return await ReadExactlyAsync(int.Parse(length, CultureInfo.InvariantCulture), stop);
        }

        if (headers.GetValueOrDefault("Transfer-Encoding") != "chunked")
        {
            return [];
        }

        var body = new List<byte>();
        while (true)
        {
            var size = int.Parse(
                await ReadLineAsync(stop),
                NumberStyles.HexNumber,
                CultureInfo.InvariantCulture
            );
            body.AddRange(await ReadExactlyAsync(size, stop));
            await ReadLineAsync(stop);
            if (size == 0)
            {
                return [.. body];
            }
        }
    }

    private async Task<string> ReadLineAsync(CancellationToken stop)
    {
        var line = new StringBuilder();
        while (true)
        {
            var next = (char)(await ReadExactlyAsync(1, stop))[0];
            if (next == '\n')
            {
                return line.ToString().TrimEnd('\r');
            }

            line.Append(next);
        }
    }

    private async Task<byte[]> ReadExactlyAsync(int count, CancellationToken stop)
    {
        var bytes = new byte[count];
        for (var got = 0; got < count; )
        {
            if (_from == _to)
            {
                (_from, _to) = (0, await _stream!.ReadAsync(_buffer, stop));
                if (_to == 0)
                {
                    throw new IOException("The server closed the connection without an answer.");
                }
            }

            var some = Math.Min(count - got, _to - _from);
            _buffer.AsSpan(_from, some).CopyTo(bytes.AsSpan(got));
            (_from, got) = (_from + some, got + some);
        }

        return bytes;
    }
}
