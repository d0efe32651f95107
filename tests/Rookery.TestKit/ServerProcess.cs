using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Rookery.TestKit;

/// <summary>
/// The built program in a process of its own. It dies with the test: a watchdog that sees the test's end of a pipe close kills it.
/// </summary>
internal sealed partial class ServerProcess : IAsyncDisposable
{
    private const int OutputLines = 200;

    private readonly Process _server;
    private readonly Process _watchdog;
    private readonly Queue<string> _output = [];
    private readonly TaskCompletionSource<Uri> _address = new(
        TaskCreationOptions.RunContinuationsAsynchronously
    );

    private ServerProcess(Process server)
    {
        _server = server;
        _server.OutputDataReceived += (_, line) => Take(line.Data);
        _server.ErrorDataReceived += (_, line) => Take(line.Data);
        _server.EnableRaisingEvents = true;
        _server.Exited += (_, _) =>
            _address.TrySetException(
                new InvalidOperationException($"The server ended before it listened:\n{Output}")
            );
        _server.Start();
        _server.BeginOutputReadLine();
        _server.BeginErrorReadLine();
        _watchdog = StartWatchdog(_server.Id);
    }

    public HttpClient Http { get; private set; } = null!;

    public ServiceClient Service { get; private set; } = null!;

    /// <summary>The last lines that it printed.</summary>
    public string Output
    {
        get
        {
            lock (_output)
            {
                return string.Join('\n', _output);
            }
        }
    }

    /// <summary>Starts it on the folder and a free port, and answers when it is ready.</summary>
    /// <param name="until">Which of its healths must be well: one whose clock is wrong lives and is not ready.</param>
    public static async Task<ServerProcess> StartAsync(
        string folder,
        CancellationToken stop,
        IReadOnlyDictionary<string, string>? environment = null,
        string until = "/health/ready"
    )
    {
        var start = new ProcessStartInfo("dotnet")
        {
            ArgumentList =
            {
                Executable(),
                "serve",
                "--data",
                folder,
                "--urls",
                "http://127.0.0.1:0",
            },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        var server = new ServerProcess(new Process { StartInfo = start });
        try
        {
            await server.BecomeReadyAsync(folder, until, stop);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>SIGKILL: nothing of the process runs any more.</summary>
    public async Task KillAsync()
    {
        _server.Kill();
        await _server.WaitForExitAsync(CancellationToken.None);
    }

    /// <summary>SIGTERM; answers the exit code.</summary>
    public async Task<int> TerminateAsync(CancellationToken stop)
    {
        await AskToEndAsync(stop);
        return await EndAsync(stop);
    }

    /// <summary>SIGTERM; it goes on with what it has begun.</summary>
    public async Task AskToEndAsync(CancellationToken stop)
    {
        using var kill = Process.Start(
            "kill",
            ["-TERM", _server.Id.ToString(CultureInfo.InvariantCulture)]
        );
        await kill.WaitForExitAsync(stop);
    }

    /// <summary>Waits until it has ended; answers the exit code.</summary>
    public async Task<int> EndAsync(CancellationToken stop)
    {
        await _server.WaitForExitAsync(stop);
        return _server.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        Http?.Dispose();
        if (!_server.HasExited)
        {
            await KillAsync();
        }

        _watchdog.Kill();
        await _watchdog.WaitForExitAsync(CancellationToken.None);
        _watchdog.Dispose();
        _server.Dispose();
    }

    /// <summary>Beside this test's own output, in the same configuration.</summary>
    private static string Executable()
    {
        var own = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        return Path.Combine(
            own.Parent!.Parent!.FullName,
            "Rookery.Server",
            own.Name,
            "Rookery.Server.dll"
        );
    }

    private static Process StartWatchdog(int server) =>
        Process.Start(
            new ProcessStartInfo("sh")
            {
                ArgumentList = { "-c", "read -r _; kill -9 \"$0\" 2>/dev/null", $"{server}" },
                RedirectStandardInput = true,
            }
        )!;

    private async Task BecomeReadyAsync(string folder, string until, CancellationToken stop)
    {
        Http = ServerInProcess.NewClient(
            await _address.Task.WaitAsync(TimeSpan.FromSeconds(60), stop)
        );
        await Wait.UntilAsync(
            async () =>
            {
                using var response = await Http.GetAsync(until, stop);
                return response.IsSuccessStatusCode;
            },
            () => $"{until} is well\n{Output}",
            stop
        );
        var key = await File.ReadAllTextAsync(Path.Combine(folder, "service.key"), stop);
        Service = new ServiceClient(Http, key.Trim());
    }

    private void Take(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_output)
        {
            _output.Enqueue(line);
            while (_output.Count > OutputLines)
            {
                _output.Dequeue();
            }
        }

        if (ListeningAddress().Match(line) is { Success: true } address)
        {
            _address.TrySetResult(new Uri(address.Value));
        }
    }

    [GeneratedRegex(@"http://127\.0\.0\.1:[1-9][0-9]*")]
    private static partial Regex ListeningAddress();
}
