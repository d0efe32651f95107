using System.Diagnostics;

namespace Rookery.SystemTests.Commands;

/// <summary>The built program serving a folder on a free port, in a process of its own.</summary>
internal sealed class RunningServer : IDisposable
{
    private const string Ready = "Rookery is ready at ";

    private readonly Process _process;

    private RunningServer(Process process, Uri address) => (_process, Address) = (process, address);

    public Uri Address { get; }

    public static async Task<RunningServer> StartAsync(string data)
    {
        var process = Process.Start(
            new ProcessStartInfo(
                "dotnet",
                [CommandProcess.Program, "serve", "--data", data, "--urls", "http://127.0.0.1:0"]
            )
            {
                RedirectStandardOutput = true,
            }
        )!;
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.StartsWith(Ready, StringComparison.Ordinal))
            {
                // What it prints from now on must not fill the pipe.
                _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
                return new RunningServer(process, new Uri(line[Ready.Length..]));
            }
        }

        throw new InvalidOperationException("The server ended before it was ready.");
    }

    /// <summary>As a crash does: its socket stays behind.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            Kill();
        }

        _process.Dispose();
    }
}
