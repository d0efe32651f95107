using System.Diagnostics;

namespace Rookery.SystemTests.Docs;

/// <summary>The built program, started as an operator starts it: in a folder, with its data beside it.</summary>
internal sealed class DocServer : IAsyncDisposable
{
    private const string Ready = "Rookery is ready at ";

    private readonly Process _process;

    /// <summary>What it prints later is read too: a full pipe would stop it.</summary>
    private readonly Task<string> _rest;

    private DocServer(Process process, string address)
    {
        _process = process;
        _rest = process.StandardOutput.ReadToEndAsync();
        Address = address;
    }

    public string Address { get; }

    public static async Task<DocServer> StartAsync(string folder, CancellationToken token)
    {
        var process = Process.Start(
            new ProcessStartInfo("dotnet", [Program(), "--urls", "http://127.0.0.1:0"])
            {
                WorkingDirectory = folder,
                RedirectStandardOutput = true,
            }
        )!;
        while (await process.StandardOutput.ReadLineAsync(token) is { } line)
        {
            if (line.StartsWith(Ready, StringComparison.Ordinal))
            {
                return new DocServer(process, line[Ready.Length..]);
            }
        }

        throw new InvalidOperationException($"The server ended with {process.ExitCode}.");
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _rest;
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    /// <summary>Beside this test's own output, in the same configuration.</summary>
    private static string Program()
    {
        var own = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        var all = own.Parent!.Parent!.FullName;
        return Path.Combine(all, "Rookery.Server", own.Name, "Rookery.Server.dll");
    }
}
