using System.Diagnostics;

namespace Rookery.Load;

/// <summary>A data folder that the program's own commands fill.</summary>
internal sealed class ImportedFolder : IDisposable
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    private readonly string _path = Directory.CreateTempSubdirectory("rookery-graph-").FullName;

    public string Data => Path.Combine(_path, "data");

    /// <summary>Processor time of the last command, which others on the machine do not change.</summary>
    public double CpuSeconds { get; private set; }

    public long BytesOnDisk =>
        new DirectoryInfo(Data).EnumerateFiles("rookery.db*").Sum(file => file.Length);

    public string Write(string name, IEnumerable<string> lines)
    {
        var path = Path.Combine(_path, name);
        File.WriteAllLines(path, lines);
        return path;
    }

    /// <summary>Runs a command on the folder; its last line says how long an import took.</summary>
    public string[] Run(params string[] command)
    {
        var start = new ProcessStartInfo(ServerProcess.Executable(), [.. command, "--data", Data])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEndAsync();
        // Of one that has ended the system says nothing more.
        while (!process.WaitForExit(Look))
        {
            CpuSeconds = ServerProcess.CpuOf($"/proc/{process.Id}/stat");
        }

        return process.ExitCode == 0
            ? output.GetAwaiter().GetResult().TrimEnd().Split('\n')
            : throw new InvalidOperationException(
                $"{string.Join(' ', command)}: {process.ExitCode} {error.GetAwaiter().GetResult()}"
            );
    }

    /// <summary>The ids of the accounts uN, by N. Asked for by one who signs up for it, so once for a folder.</summary>
    public Dictionary<long, long> Ids(long[] accounts)
    {
        using var server = ServerProcess.Start(null, Data);
        using var people = new People(server);
        var token = people.WithTokens(1)[0].Token;
        return accounts.Zip(people.Named(accounts, token)).ToDictionary();
    }

    public void Dispose() => Directory.Delete(_path, recursive: true);
}
