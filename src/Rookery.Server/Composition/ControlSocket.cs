using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Win32.SafeHandles;

namespace Rookery.Server.Composition;

/// <summary>The socket through which the program's commands reach a running server: whoever may open it may do everything.</summary>
internal static class ControlSocket
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Binds the control socket for the server's own user, and root; any other address as usual.</summary>
    public static Socket Bind(EndPoint address, string control) =>
        address is UnixDomainSocketEndPoint unix && unix.ToString() == control
            ? BindForOwner(unix)
            : SocketTransportOptions.CreateDefaultBoundListenSocket(address);

    internal static Socket BindForOwner(UnixDomainSocketEndPoint address)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        // Linux gives the file the mode of its socket. A mode set after the bind would come a moment too late.
        using var handle = new SafeFileHandle(socket.Handle, ownsHandle: false);
        File.SetUnixFileMode(handle, OwnerOnly);
        socket.Bind(address);
        return socket;
    }
}
