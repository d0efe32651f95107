using System.Diagnostics;
using System.Globalization;

namespace Rookery.Load;

/// <summary>A local cluster that <c>deploy/cluster/up</c> started, by the folder it lives in.</summary>
internal sealed class RunningCluster(string folder)
{
    private readonly Dictionary<string, string> _ports = File.ReadLines(
            Path.Combine(folder, "ports")
        )
        .Select(line => line.Split('=', 2))
        .ToDictionary(parts => parts[0], parts => parts[1]);

    /// <summary>The balancer's.</summary>
    public int Port => int.Parse(_ports["ADDRESS"], CultureInfo.InvariantCulture);

    public string ServiceKey => _ports["SERVICE_KEY"];

    public People People(int connections = 64) => new(Port, ServiceKey, folder, connections);

    /// <summary>Processor time of a part so far, in seconds; 0 for one that does not run.</summary>
    public double CpuSecondsOf(string part)
    {
        var stat = $"/proc/{File.ReadAllText(Path.Combine(folder, "pid", part)).Trim()}/stat";
        return File.Exists(stat) ? ServerProcess.CpuOf(stat) : 0;
    }

    /// <summary>One of the program's commands, inside the process of a role.</summary>
    public void Run(string part, params string[] command)
    {
        using var process = Process.Start(
            ServerProcess.Executable(),
            [.. command, "--data", Path.Combine(folder, part)]
        );
        Wait(process);
    }

    /// <summary>Asks the part to end, as an operator does.</summary>
    public void Stop(string part)
    {
        using var ending = Process.GetProcessById(
            int.Parse(PidOf(part), CultureInfo.InvariantCulture)
        );
        using var kill = Process.Start("kill", [PidOf(part)]);
        Wait(kill);
        ending.WaitForExit();
    }

    private string PidOf(string part) => File.ReadAllText(Path.Combine(folder, "pid", part)).Trim();

    private static void Wait(Process process)
    {
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException(
                $"{process.StartInfo.FileName} ended with {process.ExitCode}."
            );
        }
    }
}
