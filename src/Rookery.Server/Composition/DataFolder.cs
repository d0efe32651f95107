using System.Security.Cryptography;
using System.Text;

namespace Rookery.Server.Composition;

/// <summary>
/// The folder that holds everything of one machine. Exactly one process has it open: the lease is a lock that the system takes back
/// when the process ends, however it ends.
/// </summary>
internal sealed class DataFolder : IDisposable
{
    /// <summary>A socket's path must fit in 108 bytes.</summary>
    private const int LongestSocketPath = 100;

    private const UnixFileMode OwnersFolder =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly FileStream _lease;

    private DataFolder(string path, FileStream lease)
    {
        Path = path;
        _lease = lease;
    }

    public string Path { get; }

    public string Database => System.IO.Path.Combine(Path, "rookery.db");

    /// <summary>Images of the search index.</summary>
    public string Search => System.IO.Path.Combine(Path, "search");

    /// <summary>Media, where no S3 server has them.</summary>
    public string Media => System.IO.Path.Combine(Path, "media");

    /// <summary>Mails, where no server takes them.</summary>
    public string Mail => System.IO.Path.Combine(Path, "mail");

    /// <summary>Files that are just arriving.</summary>
    public string Incoming => System.IO.Path.Combine(Path, "incoming");

    public string ServiceKey => System.IO.Path.Combine(Path, "service.key");

    /// <summary>Opens the folder, made if need be, for this process alone; null where another process has it open.</summary>
    /// <exception cref="StoreUnavailableException">The folder cannot be made or written; the message says what would be right.</exception>
    public static DataFolder? TryOpen(string path)
    {
        var full = System.IO.Path.GetFullPath(path);
        try
        {
            Make(full);
            OwnerOnly.Protect(full);
            var lease = new FileStream(
                System.IO.Path.Combine(full, "rookery.lock"),
                FileMode.OpenOrCreate,
                FileAccess.ReadWrite,
                FileShare.None
            );
            return new DataFolder(full, lease);
        }
        catch (IOException fault) when (IsLocked(fault))
        {
            return null;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new StoreUnavailableException(
                $"The data folder {full} cannot be used: {fault.Message.TrimEnd('.')}. It must be a folder that this user may write; name one with --data.",
                fault
            );
        }
    }

    /// <summary>Where a running server of the folder listens for the program's other commands.</summary>
    public static string ControlSocket(string path)
    {
        var socket = System.IO.Path.Combine(System.IO.Path.GetFullPath(path), "control.sock");
        return Encoding.UTF8.GetByteCount(socket) <= LongestSocketPath ? socket : Elsewhere(socket);
    }

    public void Dispose() => _lease.Dispose();

    /// <summary>
    /// In a folder that only its owner can enter, whose name says whose it is: whoever listens in the server's place is sent passwords. Root's is where
    /// nobody else can make one.
    /// </summary>
    private static string Elsewhere(string socket)
    {
        var folder = Environment.IsPrivilegedProcess
            ? "/run/rookery"
            : System.IO.Path.Combine(
                System.IO.Path.GetTempPath(),
                $"rookery-{Environment.UserName}"
            );
        Make(folder);
        if (File.GetUnixFileMode(folder) != OwnersFolder)
        {
            throw new StoreUnavailableException(
                $"The folder {folder} can be entered by others; it is for the control socket of data folders with long names and must have mode 0700. Remove it, or use a shorter --data."
            );
        }

        var name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(socket)))[..16];
        return System.IO.Path.Combine(folder, $"{name}.sock");
    }

    /// <summary>EAGAIN of Linux and of the BSDs, and Windows' sharing violation: another process has the lease.</summary>
    private static bool IsLocked(IOException fault) =>
        fault.HResult is 11 or 35 or unchecked((int)0x80070020);

    private static void Make(string full)
    {
        // Passwords' hashes and everybody's private posts lie in it.
        Directory.CreateDirectory(full, OwnersFolder);
    }
}
