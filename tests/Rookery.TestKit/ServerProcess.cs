using System.Diagnostics;
using System.Text.RegularExpressions;
using Rookery.TestKit.Servers;

namespace Rookery.TestKit;

/// <summary>The built program in a process of its own, which dies with the test.</summary>
internal sealed partial class ServerProcess : IAsyncDisposable
{
    private readonly ChildProcess _server;
    private readonly TaskCompletionSource<Uri> _address = new(
        TaskCreationOptions.RunContinuationsAsynchronously
    );

    private ServerProcess(ProcessStartInfo start) =>
        _server = new ChildProcess(
            start,
            FindAddress,
            server =>
                _address.TrySetException(
                    new InvalidOperationException(
                        $"The server ended before it listened:\n{server.Output}"
                    )
                )
        );

    public HttpClient Http { get; private set; } = null!;

    public ServiceClient Service { get; private set; } = null!;

    /// <summary>The last lines that it printed.</summary>
    public string Output => _server.Output;

    /// <summary>Starts it on the folder and a free port, and answers when it is ready.</summary>
    /// <param name="until">Which of its healths must be well: one whose clock is wrong lives and is not ready.</param>
    /// <param name="roles">What it runs; null: everything.</param>
    /// <param name="port">Where it listens; 0: where there is room.</param>
    public static async Task<ServerProcess> StartAsync(
        string folder,
        CancellationToken stop,
        IReadOnlyDictionary<string, string>? environment = null,
        string until = "/health/ready",
        string? roles = null,
        int port = 0
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
                $"http://127.0.0.1:{port}",
            },
            WorkingDirectory = folder,
        };
        if (roles is not null)
        {
            start.ArgumentList.Add("--roles");
            start.ArgumentList.Add(roles);
        }

        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        var server = new ServerProcess(start);
        try
        {
            await server.BecomeReadyAsync(until, stop);
            var key =
                environment?.GetValueOrDefault("Service__Key")
                ?? await File.ReadAllTextAsync(Path.Combine(folder, "service.key"), stop);
            server.Service = new ServiceClient(server.Http, key.Trim());
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>SIGKILL: nothing of the process runs any more.</summary>
    public Task KillAsync() => _server.KillAsync();

    /// <summary>SIGTERM; answers the exit code.</summary>
    public async Task<int> TerminateAsync(CancellationToken stop)
    {
        await AskToEndAsync();
        return await EndAsync(stop);
    }

    /// <summary>SIGTERM; it goes on with what it has begun.</summary>
    public Task AskToEndAsync() => _server.SignalAsync("TERM");

    /// <summary>Waits until it has ended; answers the exit code.</summary>
    public Task<int> EndAsync(CancellationToken stop) => _server.EndAsync(stop);

    public ValueTask DisposeAsync()
    {
        Http?.Dispose();
        return _server.DisposeAsync();
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

    private async Task BecomeReadyAsync(string until, CancellationToken stop)
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
            stop,
            // Each question takes of the same cores.
            every: TimeSpan.FromMilliseconds(20)
        );
    }

    private void FindAddress(string line)
    {
        if (OwnAddress().Match(line) is { Success: true } own)
        {
            _address.TrySetResult(new Uri(own.Groups[1].Value));
        }
    }

    // Its own: lines before it may name those of others.
    [GeneratedRegex(@"^Rookery is ready at (http://127\.0\.0\.1:[1-9][0-9]*)")]
    private static partial Regex OwnAddress();
}
