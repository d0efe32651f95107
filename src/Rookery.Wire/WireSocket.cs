using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;

namespace Rookery.Wire;

/// <summary>A connected socket and the stream over it, encrypted or not.</summary>
internal sealed class WireSocket : IDisposable
{
    private readonly Socket _socket;

    private WireSocket(Socket socket, Stream stream) => (_socket, Stream) = (socket, stream);

    public Stream Stream { get; }

    /// <exception cref="WireUnavailableException">It did not come about in time, was refused, or the certificate is not trusted.</exception>
    public static async Task<WireSocket> ConnectAsync(
        WireEndpoint endpoint,
        WireTls? tls,
        TimeSpan timeout,
        TimeProvider time,
        CancellationToken stop
    )
    {
        using var late = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, stop);
        var address = endpoint.ToSocketAddress();
        var socket = New(address);
        var isConnected = false;
        try
        {
            await socket.ConnectAsync(address, either.Token);
            isConnected = true;
            Stream stream = new NetworkStream(socket, ownsSocket: false);
            return new WireSocket(
                socket,
                tls is null ? stream : await EncryptAsync(stream, tls.For(endpoint), either.Token)
            );
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            socket.Dispose();
            throw Failed(
                isConnected
                    ? $"{endpoint} accepted the connection and did not agree on TLS within {timeout}; does it have TLS at this port?"
                    : $"{endpoint} did not accept a connection within {timeout}.",
                null
            );
        }
        catch (Exception fault)
            when (fault is SocketException or IOException or AuthenticationException)
        {
            socket.Dispose();
            throw Failed($"{endpoint} cannot be connected to: {fault.Message}", fault);
        }
        catch (OperationCanceledException)
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Closes without waiting for what was not sent (linger 0): it is discarded, and the peer gets a reset. Ends reads and writes under way.
    /// </summary>
    public void CloseHard()
    {
        try
        {
            _socket.LingerState = new LingerOption(true, 0);
        }
        catch (Exception fault) when (fault is SocketException or ObjectDisposedException)
        {
            // Already gone.
        }

        _socket.Dispose();
    }

    public void Dispose() => CloseHard();

    private static Socket New(EndPoint address) =>
        address is IPEndPoint ip
            ? new Socket(ip.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true }
            : new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    private static async Task<Stream> EncryptAsync(
        Stream stream,
        SslClientAuthenticationOptions options,
        CancellationToken stop
    )
    {
        var encrypted = new SslStream(stream);
        await encrypted.AuthenticateAsClientAsync(options, stop);
        return encrypted;
    }

    private static WireUnavailableException Failed(string message, Exception? inner) =>
        new(message, neverSent: true, inner);
}
