namespace Rookery.TestKit.Servers;

/// <summary>A folder for a server's files: gone with the server, or at the latest with the test process.</summary>
internal sealed class ServerFolder : IDisposable
{
    private readonly Watchdog _watchdog;

    public ServerFolder()
    {
        Path = Directory.CreateTempSubdirectory("rookery-server-").FullName;
        _watchdog = Watchdog.OverFolder(Path);
    }

    public string Path { get; }

    public string Under(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose()
    {
        _watchdog.Dispose();
        Directory.Delete(Path, recursive: true);
    }
}
