namespace Rookery.TestKit.Servers;

/// <summary>epmd, in which nodes find each other. The usual one is a daemon that outlives everybody; this one is the test's.</summary>
internal sealed class ErlangNames : IAsyncDisposable
{
    private readonly ChildProcess _epmd;
    private readonly ServerFolder? _folder;

    public ErlangNames(ServerUser user, string folder) =>
        _epmd = new ChildProcess(
            user.Start(folder, "epmd", ["-port", $"{Port}", "-address", "127.0.0.1"])
        );

    public ErlangNames(ServerUser user, ServerFolder folder)
        : this(user, folder.Path) => _folder = folder;

    public int Port { get; } = FreePort.Take();

    public async ValueTask DisposeAsync()
    {
        await _epmd.DisposeAsync();
        _folder?.Dispose();
    }
}
