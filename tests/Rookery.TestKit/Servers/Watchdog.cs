using System.Diagnostics;

namespace Rookery.TestKit.Servers;

/// <summary>
/// Ends what the test began, when the test's end of a pipe closes: however the test process ends, also by SIGKILL.
/// </summary>
internal sealed class Watchdog : IDisposable
{
    private readonly Process _shell;

    private Watchdog(string onEnd, string argument)
    {
        // In a session of its own: what is sent to all of the test's processes must not reach it.
        _shell = Process.Start(
            new ProcessStartInfo("setsid")
            {
                ArgumentList = { "sh", "-c", $"read -r _; {onEnd}", argument },
                RedirectStandardInput = true,
            }
        )!;
    }

    public static Watchdog OverProcess(int process) =>
        new("kill -9 \"$0\" 2>/dev/null", $"{process}");

    /// <summary>Servers that were killed in the same moment may still be writing.</summary>
    public static Watchdog OverFolder(string folder) =>
        new("rm -rf \"$0\" 2>/dev/null || { sleep 1; rm -rf \"$0\"; }", folder);

    /// <summary>What the end of the test process does.</summary>
    public void LetGo() => _shell.StandardInput.Close();

    public void Dispose()
    {
        _shell.Kill();
        _shell.WaitForExit();
        _shell.Dispose();
    }
}
