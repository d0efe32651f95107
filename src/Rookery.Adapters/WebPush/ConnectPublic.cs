using System.Net;
using System.Net.Sockets;
using Rookery.Notifications.Push;

namespace Rookery.Adapters.WebPush;

/// <summary>
/// Connects to where a name leads, once it was looked at: the name is asked for once, and to one of those of its addresses that everybody reaches, and to nothing else, the connection goes. What
/// the name leads to a moment later does not matter.
/// </summary>
internal sealed class ConnectPublic(PushOptions options)
{
    /// <summary>What a name leads to.</summary>
    public Func<string, CancellationToken, Task<IPAddress[]>> Resolve { get; init; } =
        Dns.GetHostAddressesAsync;

    public async ValueTask<Stream> ConnectAsync(
        SocketsHttpConnectionContext context,
        CancellationToken token
    )
    {
        var (host, port) = (context.DnsEndPoint.Host, context.DnsEndPoint.Port);
        var found = IPAddress.TryParse(host, out var literal)
            ? [literal]
            : await Resolve(host, token);
        var reachable = options.IsOwn(context.InitialRequestMessage.RequestUri!)
            ? found
            : Array.FindAll(found, PublicAddress.Is);
        if (reachable.Length == 0)
        {
            throw new NotPublicException(host);
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(reachable, port, token);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}

/// <summary>A name leads to no address that everybody reaches.</summary>
internal sealed class NotPublicException(string host)
    : IOException($"{host} leads to no address in the internet.");
