using System.Buffers.Binary;
using System.Net.Sockets;

namespace Rookery.Adapters.Logs;

/// <summary>
/// One connection to a syslog server. The protocol acknowledges nothing; how much has arrived is known from TCP itself, so that what was on the way
/// when a connection broke can be sent again.
/// </summary>
internal sealed class SyslogConnection : IDisposable
{
    // Of <netinet/tcp.h> and <linux/tcp.h>.
    private const int TcpLevel = 6;
    private const int TcpInfo = 11;
    private const int TcpUserTimeout = 18;
    private const int OffsetOfAcknowledged = 120;

    /// <summary>As much as is on the way at most, and sent again after a cut.</summary>
    private const int OnTheWay = 64 << 10;

    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);

    /// <summary>A server that has taken nothing for so long is taken for gone; the system would wait a quarter of an hour.</summary>
    private static readonly TimeSpan SilenceTimeout = TimeSpan.FromSeconds(30);

    private readonly Socket _socket;
    private readonly byte[] _read = new byte[1_024];
    private readonly byte[] _info = new byte[256];
    private SyslogTls? _tls;
    private long _before;

    private SyslogConnection(Socket socket) => _socket = socket;

    /// <summary>The server has ended it. One that says something, against the protocol, is heard and ignored.</summary>
    public bool IsCut
    {
        get
        {
            try
            {
                return _socket.Poll(0, SelectMode.SelectRead) && _socket.Receive(_read) == 0;
            }
            catch (SocketException)
            {
                return true;
            }
        }
    }

    /// <summary>Bytes that the other machine has, also once the connection is cut.</summary>
    public long Acknowledged
    {
        get
        {
            var bytes = TotalAcknowledged() - _before;
            return _tls is null ? bytes : _tls.AcknowledgedOf(bytes);
        }
    }

    /// <param name="authorities">null: not encrypted</param>
    public static async Task<SyslogConnection> OpenAsync(
        string host,
        int port,
        TrustedAuthorities? authorities,
        TimeProvider time,
        CancellationToken token
    )
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        using var timeout = new CancellationTokenSource(ConnectTimeout, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, token);
        try
        {
            await socket.ConnectAsync(host, port, stop.Token);
            // Afterwards: where a name has several addresses, the attempts before this one's may have changed what is underneath.
            Prepare(socket);
            var connection = new SyslogConnection(socket);
            connection._before = connection.TotalAcknowledged();
            if (authorities is not null)
            {
                connection._tls = await SyslogTls.OpenAsync(socket, host, authorities, stop.Token);
            }

            return connection;
        }
        catch (OperationCanceledException) when (!token.IsCancellationRequested)
        {
            socket.Dispose();
            throw new TimeoutException($"no answer within {ConnectTimeout.TotalSeconds} s");
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public async Task WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken token)
    {
        if (_tls is not null)
        {
            await _tls.WriteAsync(bytes, token);
            return;
        }

        while (bytes.Length > 0)
        {
            bytes = bytes[await _socket.SendAsync(bytes, token)..];
        }
    }

    /// <summary>Says that nothing more comes, and waits until the server has read all and closes too.</summary>
    public async Task CloseAsync(CancellationToken token)
    {
        if (_tls is not null)
        {
            await _tls.CloseAsync();
        }

        _socket.Shutdown(SocketShutdown.Send);
        while (await _socket.ReceiveAsync(_read, token) > 0) { }
    }

    public void Dispose()
    {
        _tls?.Dispose();
        _socket.Dispose();
    }

    private static void Prepare(Socket socket)
    {
        socket.NoDelay = true;
        socket.SendBufferSize = OnTheWay;
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, 30);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 5);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, 3);
        socket.SetRawSocketOption(
            TcpLevel,
            TcpUserTimeout,
            BitConverter.GetBytes((int)SilenceTimeout.TotalMilliseconds)
        );
    }

    private long TotalAcknowledged()
    {
        var length = _socket.GetRawSocketOption(TcpLevel, TcpInfo, _info);
        // Before Linux 4.1 it says less; then what was written counts as arrived.
        return length < OffsetOfAcknowledged + sizeof(long)
            ? long.MaxValue / 2
            : BinaryPrimitives.ReadInt64LittleEndian(_info.AsSpan(OffsetOfAcknowledged));
    }
}
