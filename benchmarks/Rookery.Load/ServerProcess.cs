using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Rookery.Load;

/// <summary>The Release server as a process of its own on a folder that is gone afterwards.</summary>
internal sealed class ServerProcess : IDisposable
{
    private const double TicksPerSecond = 100;

    private readonly Process _process;
    private readonly bool _keeps;

    private ServerProcess(Process process, string data, bool keeps, int port)
    {
        (_process, Data, _keeps, Port) = (process, data, keeps, port);
    }

    public int Port { get; }

    public string Data { get; }

    public string ServiceKey => File.ReadAllText(Path.Combine(Data, "service.key")).Trim();

    /// <summary>From the start of the process to the first 200 of <c>/health/ready</c>.</summary>
    public TimeSpan TimeToReady { get; private set; }

    /// <summary>Processor time of the process so far, in seconds.</summary>
    public double CpuSeconds => CpuOf($"/proc/{_process.Id}/stat");

    /// <summary>
    /// Processor time of the thread that compiles hot code again, in seconds. It ends when it has nothing to do, and a later one starts at 0.
    /// </summary>
    public double CompilerSeconds =>
        Directory
            .EnumerateDirectories($"/proc/{_process.Id}/task")
            .Where(task =>
                File.ReadAllText(Path.Combine(task, "comm"))
                    .StartsWith(".NET Tiered", StringComparison.Ordinal)
            )
            .Sum(task => CpuOf(Path.Combine(task, "stat")));

    public double ResidentMegabytes =>
        Number(
            File.ReadLines($"/proc/{_process.Id}/status")
                .First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal))
                .Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]
        ) / 1024;

    /// <param name="cores">As <c>taskset -c</c> takes them, and the client goes to core 1; null: both have all.</param>
    /// <param name="data">A folder to serve and keep; null: an empty one that is removed.</param>
    /// <param name="tight">Collects garbage early, so that what is resident is what is held.</param>
    /// <param name="postgres">Connects to the database to use; null: SQLite in the folder.</param>
    /// <param name="settings">Others, as environment variables.</param>
    public static ServerProcess Start(
        string? cores,
        string? data = null,
        bool tight = false,
        string? postgres = null,
        IReadOnlyDictionary<string, string>? settings = null
    )
    {
        var folder = data ?? Directory.CreateTempSubdirectory("rookery-load-").FullName;
        var port = FreePort();
        var command = new List<string>();
        if (cores is not null)
        {
            // The kernel moves only the main thread, which is the one that measures.
            if (OperatingSystem.IsLinux())
            {
                Process.GetCurrentProcess().ProcessorAffinity = 1 << 1;
            }

            command.AddRange(["taskset", "-c", cores]);
        }

        command.AddRange([
            Executable(),
            "serve",
            "--data",
            folder,
            "--urls",
            string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"),
        ]);
        var start = new ProcessStartInfo(command[0], command.Skip(1))
        {
            RedirectStandardOutput = true,
        };
        // Accounts are set up here, not measured: their passwords need not be slow to try.
        start.Environment["Accounts__PasswordRounds"] = "1000";
        foreach (var (name, value) in settings ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        if (postgres is not null)
        {
            start.Environment["Databases__Default"] = postgres;
        }

        if (tight)
        {
            // Hexadecimal: 2 MB are allocated between two collections.
            start.Environment["DOTNET_GCgen0size"] = "200000";
        }

        var since = Stopwatch.GetTimestamp();
        var process = Process.Start(start)!;
        var server = new ServerProcess(process, folder, data is not null, port);
        try
        {
            server.WaitUntilReady();
            server.TimeToReady = Stopwatch.GetElapsedTime(since);
            return server;
        }
        catch
        {
            server.Dispose();
            throw;
        }
    }

    public static string Executable()
    {
        for (
            var folder = AppContext.BaseDirectory;
            folder is not null;
            folder = Path.GetDirectoryName(folder)
        )
        {
            var built = Path.Combine(folder, "artifacts/bin/Rookery.Server/release/Rookery.Server");
            if (File.Exists(built))
            {
                return built;
            }
        }

        throw new FileNotFoundException(
            "Build the server first: dotnet build -c Release src/Rookery.Server"
        );
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        if (!_keeps)
        {
            Directory.Delete(Data, recursive: true);
        }
    }

    private void WaitUntilReady()
    {
        // The first line says that it listens.
        if (_process.StandardOutput.ReadLine() is null)
        {
            throw new InvalidOperationException("The server ended before it listened.");
        }

        _ = _process.StandardOutput.ReadToEndAsync();
        using var client = new LoadClient(Port, 1);
        var status = 0;
        while (status != 200)
        {
            var asked = false;
            client.RunClosed(
                new Workload(
                    _ => asked ? default : Ask(out asked),
                    (_, answer, _) => status = answer
                ),
                TimeSpan.FromSeconds(1)
            );
        }
    }

    private static ReadOnlyMemory<byte> Ask(out bool asked)
    {
        asked = true;
        return Requests.Get("/health/ready");
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    public static double CpuOf(string statFile)
    {
        // The fields behind the name, which stands in brackets and may hold blanks.
        var stat = File.ReadAllText(statFile);
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return (Number(fields[11]) + Number(fields[12])) / TicksPerSecond;
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
