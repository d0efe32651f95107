using System.Diagnostics;
using System.Globalization;

namespace Rookery.TestKit.Servers;

/// <summary>A program that runs beside the test, keeps its last lines, and never outlives the test.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private const int OutputLines = 200;

    private readonly Process _process;
    private readonly Watchdog _watchdog;
    private readonly Queue<string> _output = [];
    private readonly Action<string>? _onLine;

    /// <param name="onEnd">Called once when it has ended, whoever ended it.</param>
    public ChildProcess(
        ProcessStartInfo start,
        Action<string>? onLine = null,
        Action<ChildProcess>? onEnd = null
    )
    {
        _onLine = onLine;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Take(line.Data);
        _process.ErrorDataReceived += (_, line) => Take(line.Data);
        if (onEnd is not null)
        {
            _process.EnableRaisingEvents = true;
            _process.Exited += (_, _) => onEnd(this);
        }

        _process.Start();
        _watchdog = Watchdog.OverProcess(_process.Id);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    public bool HasEnded => _process.HasExited;

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

    /// <summary>SIGKILL to it and to what it has started: nothing of it runs any more.</summary>
    public async Task KillAsync()
    {
        if (_process.HasExited)
        {
            return;
        }

        var children = Children();
        _process.Kill();
        await SignalAsync("KILL", children);
        await _process.WaitForExitAsync(CancellationToken.None);
        await Wait.UntilAsync(
            () => Task.FromResult(children.All(IsGone)),
            () => $"the children of {_process.Id} are gone",
            CancellationToken.None
        );
    }

    /// <summary>Sends the signal to it alone.</summary>
    public Task SignalAsync(string signal) => SignalAsync(signal, [_process.Id]);

    /// <summary>Sends the signal to it first, so that it starts nothing more, and to what it has started.</summary>
    public async Task SignalAllAsync(string signal)
    {
        await SignalAsync(signal);
        await SignalAsync(signal, Children());
    }

    /// <summary>Waits until it has ended; answers the exit code.</summary>
    public async Task<int> EndAsync(CancellationToken stop)
    {
        await _process.WaitForExitAsync(stop);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _watchdog.Dispose();
        _process.Dispose();
    }

    private static async Task SignalAsync(string signal, List<int> processes)
    {
        if (processes.Count == 0)
        {
            return;
        }

        // One of them may have ended meanwhile, so how it ends says nothing.
        using var kill = Process.Start(
            new ProcessStartInfo(
                "kill",
                [$"-{signal}", .. processes.Select(id => id.ToString(CultureInfo.InvariantCulture))]
            )
            {
                RedirectStandardError = true,
            }
        )!;
        await kill.WaitForExitAsync(CancellationToken.None);
    }

    /// <summary>A process that nobody has asked about its end stands in /proc as Z.</summary>
    private static bool IsGone(int process) => StatOf(process) is not { } stat || stat.State == 'Z';

    private List<int> Children()
    {
        var parents = Directory
            .EnumerateDirectories("/proc")
            .Select(folder => int.TryParse(Path.GetFileName(folder), out var id) ? id : 0)
            .Where(id => id != 0)
            .ToLookup(id => StatOf(id)?.Parent ?? 0);
        var all = new List<int>(parents[_process.Id]);
        for (var next = 0; next < all.Count; next++)
        {
            all.AddRange(parents[all[next]]);
        }

        return all;
    }

    private static (char State, int Parent)? StatOf(int process)
    {
        try
        {
            // The name, in brackets, may hold anything.
            var stat = File.ReadAllText($"/proc/{process}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return (fields[0][0], int.Parse(fields[1], CultureInfo.InvariantCulture));
        }
        catch (IOException)
        {
            return null;
        }
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

        _onLine?.Invoke(line);
    }
}
