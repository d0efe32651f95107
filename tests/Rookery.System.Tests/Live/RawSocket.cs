using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

namespace Rookery.SystemTests.Live;

/// <summary>A frame as it came: the first byte as it stands, and what it holds.</summary>
internal sealed record RawFrame(byte Head, byte[] Payload)
{
    public const byte Text = 0x81;
    public const byte Close = 0x88;
    public const byte Ping = 0x89;
    public const byte Pong = 0x8A;

    /// <summary>Of one that closes.</summary>
    public int Code => Payload.Length < 2 ? 0 : BinaryPrimitives.ReadUInt16BigEndian(Payload);
}

/// <summary>A WebSocket by hand: every byte is the test's.</summary>
internal sealed class RawSocket : IDisposable
{
    private readonly TcpClient _connection = new() { NoDelay = true };
    private NetworkStream _stream = null!;

    private RawSocket() { }

    public static async Task<RawSocket> OpenAsync(
        Uri address,
        string token,
        CancellationToken stop,
        string query = "",
        int? receives = null
    )
    {
        var socket = new RawSocket();
        if (receives is { } bytes)
        {
            socket._connection.ReceiveBufferSize = bytes;
        }

        await socket.ConnectAsync(address, stop);
        await socket.SendAsync(Handshake(address, query, $"Authorization: Bearer {token}"), stop);
        var head = await socket.HeadAsync(stop);
        return head.StartsWith("HTTP/1.1 101", StringComparison.Ordinal)
            ? socket
            : throw new InvalidOperationException(head);
    }

    /// <summary>What is answered to such a beginning.</summary>
    public static async Task<string> AskAsync(Uri address, byte[] handshake, CancellationToken stop)
    {
        using var socket = new RawSocket();
        await socket.ConnectAsync(address, stop);
        await socket.SendAsync(handshake, stop);
        return await socket.HeadAsync(stop);
    }

    /// <param name="headers">In the place of the usual ones of the same name; one without a value leaves it out.</param>
    public static byte[] Handshake(Uri address, string query, params string[] headers)
    {
        string[] usual =
        [
            $"Host: {address.Authority}",
            "Connection: Upgrade",
            "Upgrade: websocket",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        ];
        var all = usual
            .Where(line =>
                !headers.Any(other =>
                    other.StartsWith(line.Split(':')[0] + ":", StringComparison.Ordinal)
                )
            )
            .Concat(headers.Where(line => !line.EndsWith(':')));
        return Encoding.Latin1.GetBytes(
            $"GET /api/v1/streaming?{query} HTTP/1.1\r\n{string.Join("\r\n", all)}\r\n\r\n"
        );
    }

    /// <summary>A masked frame; the mask changes nothing, so that what is sent can be read here.</summary>
    /// <param name="says">The length that it says it has, where that is not so.</param>
    public static byte[] Frame(byte head, byte[] payload, ulong? says = null, bool isMasked = true)
    {
        var length = says ?? (ulong)payload.Length;
        var mask = (byte)(isMasked ? 0x80 : 0);
        var frame = new List<byte> { head };
        var size = new byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(size, length);
        frame.AddRange(
            length <= 125 ? [(byte)(mask | (byte)length)]
            : length <= ushort.MaxValue ? [(byte)(mask | 126), .. size[6..]]
            : [(byte)(mask | 127), .. size]
        );
        frame.AddRange(isMasked ? new byte[4] : []);
        frame.AddRange(payload);
        return [.. frame];
    }

    public static byte[] Say(string text) => Frame(RawFrame.Text, Encoding.UTF8.GetBytes(text));

    public async Task SendAsync(byte[] bytes, CancellationToken stop) =>
        await _stream.WriteAsync(bytes, stop);

    /// <summary>The next frame; null where the connection has ended.</summary>
    public async Task<RawFrame?> NextAsync(CancellationToken stop)
    {
        try
        {
            var head = await ReadAsync(2, stop);
            int length = head[1];
            length = length switch
            {
                126 => BinaryPrimitives.ReadUInt16BigEndian(await ReadAsync(2, stop)),
                127 => (int)BinaryPrimitives.ReadUInt64BigEndian(await ReadAsync(8, stop)),
                _ => length,
            };
            return new RawFrame(head[0], await ReadAsync(length, stop));
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>What the server closes with, 0 where it ends without a word; what comes before is passed over.</summary>
    public async Task<int> CloseCodeAsync(CancellationToken stop)
    {
        while (await NextAsync(stop) is { } frame)
        {
            if (frame.Head == RawFrame.Close)
            {
                return frame.Code;
            }
        }

        return 0;
    }

    /// <summary>Whether the other end has cut the connection, without reading from it.</summary>
    public bool IsCut()
    {
        var info = new byte[104];
        const int TcpLevel = 6;
        const int TcpInfo = 11;
        _connection.Client.GetRawSocketOption(TcpLevel, TcpInfo, info);
        const byte Established = 1;
        return info[0] != Established;
    }

    public void Dispose() => _connection.Dispose();

    private async Task ConnectAsync(Uri address, CancellationToken stop)
    {
        await _connection.ConnectAsync(address.Host, address.Port, stop);
        _stream = _connection.GetStream();
    }

    /// <summary>Up to the empty line: what is behind it are frames.</summary>
    private async Task<string> HeadAsync(CancellationToken stop)
    {
        var head = new StringBuilder();
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            head.Append((char)(await ReadAsync(1, stop))[0]);
        }

        return head.ToString();
    }

    private async Task<byte[]> ReadAsync(int count, CancellationToken stop)
    {
        var bytes = new byte[count];
        await _stream.ReadExactlyAsync(bytes, stop);
        return bytes;
    }
}
