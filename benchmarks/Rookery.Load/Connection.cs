using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Rookery.Load;

/// <summary>One keep-alive connection with at most one request on its way.</summary>
internal sealed class Connection : IDisposable
{
    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private byte[] _buffer = new byte[16 * 1024];
    private int _received;
    private int _bodyStart;
    private int _end;

    public Connection(int port, Epoll list, int tag)
    {
        _socket.Connect(IPAddress.Loopback, port);
        _socket.Blocking = false;
        list.Add(_socket, tag);
    }

    /// <summary>When the request was to be sent, in <see cref="System.Diagnostics.Stopwatch"/> ticks.</summary>
    public long Since { get; private set; }

    public int Status { get; private set; }

    public int Bytes => _end;

    public ReadOnlyMemory<byte> Body => _buffer.AsMemory(_bodyStart, _end - _bodyStart);

    public void Send(ReadOnlyMemory<byte> request, long since)
    {
        Since = since;
        (_received, _bodyStart, _end) = (0, 0, 0);
        if (_socket.Send(request.Span) != request.Length)
        {
            throw new InvalidOperationException("The request does not fit into the socket.");
        }
    }

    /// <summary>True when the whole answer is there.</summary>
    public bool Receive()
    {
        while (true)
        {
            var read = _socket.Receive(_buffer.AsSpan(_received), SocketFlags.None, out var error);
            if (error == SocketError.WouldBlock)
            {
                return false;
            }

            if (error != SocketError.Success || read == 0)
            {
                throw new IOException($"The server ended the connection ({error}).");
            }

            _received += read;
            if (_bodyStart == 0)
            {
                ReadHead();
            }

            if (_bodyStart > 0 && _received >= _end)
            {
                return true;
            }

            if (_received == _buffer.Length)
            {
                Array.Resize(ref _buffer, 2 * _buffer.Length);
            }
        }
    }

    public void Dispose() => _socket.Dispose();

    private void ReadHead()
    {
        var head = _buffer.AsSpan(0, _received);
        var end = head.IndexOf("\r\n\r\n"u8);
        if (end < 0)
        {
            return;
        }

        head = head[..end];
        _ = Utf8Parser.TryParse(head["HTTP/1.1 ".Length..], out int status, out _);
        Status = status;
        // A balancer writes it in its own way.
        var at = Math.Max(head.IndexOf("Content-Length: "u8), head.IndexOf("content-length: "u8));
        at = Math.Max(at, head.IndexOf("Content-length: "u8));
        var length = 0;
        if (
            at < 0
            || !Utf8Parser.TryParse(head[(at + "Content-Length: ".Length)..], out length, out _)
        )
        {
            throw new InvalidOperationException(
                $"Every answer that is measured has its length; this one has not: {Encoding.ASCII.GetString(head)}"
            );
        }

        _bodyStart = end + 4;
        _end = _bodyStart + length;
    }
}
