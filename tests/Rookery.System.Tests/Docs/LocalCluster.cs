using System.Diagnostics;
using System.Globalization;
using Rookery.TestKit;

namespace Rookery.SystemTests.Docs;

/// <summary>A cluster of <c>deploy/cluster</c> in a folder of its own, which goes with the test.</summary>
internal sealed class LocalCluster : IAsyncDisposable
{
    private readonly TemporaryFolder _parent = new();

    private LocalCluster()
    {
        Folder = Path.Combine(_parent.Path, "cluster");
        // Its parts run as nobody.
        File.SetUnixFileMode(
            _parent.Path,
            File.GetUnixFileMode(_parent.Path)
                | UnixFileMode.OtherExecute
                | UnixFileMode.GroupExecute
        );
    }

    public string Folder { get; }

    /// <summary>The balancer's.</summary>
    public Uri Address { get; private set; } = null!;

    public static async Task<LocalCluster> StartAsync(CancellationToken stop)
    {
        var cluster = new LocalCluster();
        try
        {
            var up = await cluster.RunAsync("up", stop);
            if (up.ExitCode != 0 || !up.Output.Contains("service key: ", StringComparison.Ordinal))
            {
                throw new InvalidOperationException(up.Output);
            }

            cluster.Address = new Uri(
                up
                    .Output.Split('\n')
                    .Single(line => line.StartsWith("address: ", StringComparison.Ordinal))[
                    "address: ".Length..
                ]
            );
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    public int PidOf(string part) =>
        int.Parse(
            File.ReadAllText(Path.Combine(Folder, "pid", part)),
            CultureInfo.InvariantCulture
        );

    /// <summary>The process that the scripts take for the part from now on.</summary>
    public Task NoteAsync(string part, int pid, CancellationToken stop) =>
        InScriptAsync("note", stop, part, pid.ToString(CultureInfo.InvariantCulture));

    /// <summary>The port that a part listens on, as its file of ports names it.</summary>
    public int PortOf(string variable) =>
        int.Parse(
            File.ReadLines(Path.Combine(Folder, "ports"))
                .Single(line => line.StartsWith($"{variable}=", StringComparison.Ordinal))
                .Split('=')[1],
            CultureInfo.InvariantCulture
        );

    /// <summary>SIGKILL to the part and all that it started.</summary>
    public Task KillAsync(string part, CancellationToken stop) => SignalAsync(part, "KILL", stop);

    /// <summary>A signal, such as <c>STOP</c>, to the part and all that it started.</summary>
    public async Task SignalAsync(string part, string signal, CancellationToken stop)
    {
        var pid = PidOf(part);
        await ProgramAsync("kill", stop, $"-{signal}", "--", $"-{pid}");
        // PostgreSQL's children are in groups of their own.
        await ProgramAsync("pkill", stop, $"-{signal}", "-P", $"{pid}");
    }

    /// <summary>One of the program's commands, which the process of a role runs.</summary>
    public Task<(int ExitCode, string Output)> CommandAsync(
        string part,
        CancellationToken stop,
        params string[] command
    ) =>
        ProgramAsync(
            "dotnet",
            stop,
            [
                Path.Combine(Folder, "server", "Rookery.Server.dll"),
                .. command,
                "--data",
                Path.Combine(Folder, part),
            ]
        );

    /// <summary>A command to one node of Redis.</summary>
    public Task<(int ExitCode, string Output)> RedisAsync(
        int number,
        CancellationToken stop,
        params string[] command
    ) => ProgramAsync("redis-cli", stop, ["-p", $"{PortOf($"REDIS_{number}")}", .. command]);

    /// <summary>A command to the broker, such as <c>add_vhost</c>.</summary>
    public Task BrokerAsync(CancellationToken stop, params string[] command) =>
        InScriptAsync("rabbitmqctl", stop, ["1", .. command]);

    /// <summary>Runs one of the cluster's scripts.</summary>
    public Task<(int ExitCode, string Output)> RunAsync(
        string script,
        CancellationToken stop,
        params string[] arguments
    ) => ProgramAsync(Tree.PathOf($"deploy/cluster/{script}"), stop, arguments);

    public async ValueTask DisposeAsync()
    {
        if (Directory.Exists(Folder))
        {
            await RunAsync("down", CancellationToken.None);
        }

        _parent.Dispose();
    }

    /// <summary>One of the functions that the scripts share.</summary>
    private async Task InScriptAsync(
        string function,
        CancellationToken stop,
        params string[] arguments
    )
    {
        var run = await ProgramAsync(
            "bash",
            stop,
            [
                "-c",
                $". {Tree.PathOf("deploy/cluster/parts.sh")}; load_ports; {function} \"$@\"",
                function,
                .. arguments,
            ]
        );
        if (run.ExitCode != 0)
        {
            throw new InvalidOperationException(run.Output);
        }
    }

    private async Task<(int ExitCode, string Output)> ProgramAsync(
        string program,
        CancellationToken stop,
        params string[] arguments
    )
    {
        using var process = new Process
        {
            StartInfo = new ProcessStartInfo(program, arguments)
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                Environment = { ["ROOKERY_CLUSTER"] = Folder },
            },
        };
        foreach (var (name, value) in World.FastSettings)
        {
            var variable = name.Replace(":", "__", StringComparison.Ordinal);
            process.StartInfo.Environment[variable] = value;
        }

        process.Start();
        var output = await Task.WhenAll(
            process.StandardOutput.ReadToEndAsync(stop),
            process.StandardError.ReadToEndAsync(stop)
        );
        await process.WaitForExitAsync(stop);
        return (process.ExitCode, string.Concat(output));
    }
}
