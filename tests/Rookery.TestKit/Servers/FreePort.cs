using System.Net;
using System.Net.Sockets;

namespace Rookery.TestKit.Servers;

/// <summary>
/// Ports of the loopback address for servers. They lie below those that the system gives to outgoing connections, so that a server that is down
/// for a while finds its port free again, and are reserved against other test processes for as long as this one lives.
/// </summary>
internal static class FreePort
{
    private const int First = 20_000;
    private const int Count = 12_000;

    // A name in the abstract namespace is one process's alone, and goes with it.
    private static readonly List<Socket> Reservations = [];
    private static readonly Lock Taking = new();
    private static int _next = Environment.ProcessId * 101 % Count;

    public static int Take()
    {
        lock (Taking)
        {
            for (var tries = 0; tries < Count; tries++)
            {
                var port = First + _next;
                _next = (_next + 1) % Count;
                if (!IsDefaultOfSomething(port) && Reserve(port) && IsFree(port))
                {
                    return port;
                }
            }
        }

        throw new InvalidOperationException("There is no free port");
    }

    /// <summary>RabbitMQ's between its nodes.</summary>
    private static bool IsDefaultOfSomething(int port) => port is 25_672;

    private static bool Reserve(int port)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Bind(new UnixDomainSocketEndPoint($"\0rookery-test-port-{port}"));
            Reservations.Add(socket);
            return true;
        }
        catch (SocketException)
        {
            socket.Dispose();
            return false;
        }
    }

    private static bool IsFree(int port)
    {
        using var socket = new Socket(
            AddressFamily.InterNetwork,
            SocketType.Stream,
            ProtocolType.Tcp
        );
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Any, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
