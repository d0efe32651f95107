namespace Rookery.Server.Composition;

/// <summary>The socket through which the program's commands reach a running server: whoever may open it may do everything.</summary>
internal static class ControlSocket
{
    /// <summary>Lets only the server's own user, and root, open it. Call it once the socket is there.</summary>
    public static void Protect(string data)
    {
        var socket = DataFolder.ControlSocket(data);
        if (File.Exists(socket))
        {
            File.SetUnixFileMode(socket, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }
}
