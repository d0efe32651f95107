using System.Diagnostics;
using System.Net.Sockets;

namespace Rookery.TestKit.Servers;

/// <summary>
/// A real server for tests: unprivileged, in a folder of its own, on free ports of the loopback address. A test may kill it, freeze it and start
/// it again on what it left.
/// </summary>
internal abstract class RealServer(ServerUser user, ServerFolder folder) : IAsyncDisposable
{
    // A look may cost a process, and those that start need the cores.
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(20);

    private ChildProcess? _process;

    /// <summary>Where it answers, also after a restart.</summary>
    public int Port { get; } = FreePort.Take();

    public string Folder => folder.Path;

    public bool IsRunning => _process is { HasEnded: false };

    /// <summary>The process to blame in a fault test's report.</summary>
    public int ProcessId => _process?.Id ?? 0;

    /// <summary>The last lines that it printed.</summary>
    public string Output => _process?.Output ?? "";

    protected ServerUser User => user;

    /// <summary>Starts it, where it is not running, and completes when it answers.</summary>
    public async Task BeginAsync(CancellationToken stop)
    {
        if (IsRunning)
        {
            return;
        }

        await EndAsync();
        var process = new ChildProcess(Command());
        _process = process;
        await Wait.UntilAsync(
            () => HasAnsweredAsync(process, stop),
            () => $"{GetType().Name} answers on port {Port}\n{Output}",
            stop,
            BetweenLooks
        );
    }

    /// <summary>SIGKILL, to it and all its helpers.</summary>
    public virtual Task KillAsync() => _process?.KillAsync() ?? Task.CompletedTask;

    /// <summary>SIGSTOP: connections stay, and nothing is answered.</summary>
    public Task StopAsync() => _process!.SignalAllAsync("STOP");

    /// <summary>SIGCONT.</summary>
    public Task ContinueAsync() => _process!.SignalAllAsync("CONT");

    /// <summary>Kills it, where it still runs, and starts it again on the same port and folder.</summary>
    public async Task RestartAsync(CancellationToken stop)
    {
        await KillAsync();
        await BeginAsync(stop);
    }

    /// <summary>Whether it answers a request of its own protocol.</summary>
    public abstract Task<bool> AnswersAsync(CancellationToken stop);

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await EndAsync();
        folder.Dispose();
    }

    protected abstract ProcessStartInfo Command();

    /// <summary>For one that answers as soon as it can be connected to.</summary>
    protected async Task<bool> ListensAsync(CancellationToken stop)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync("127.0.0.1", Port, stop);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private async Task<bool> HasAnsweredAsync(ChildProcess process, CancellationToken stop)
    {
        if (!process.HasEnded)
        {
            return await AnswersAsync(stop);
        }

        // Its last words are read by then.
        await process.EndAsync(stop);
        throw new InvalidOperationException(
            $"{GetType().Name} ended before it answered:\n{Output}"
        );
    }

    private async Task EndAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
            _process = null;
        }
    }
}
