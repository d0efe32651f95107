using System.Diagnostics;
using Rookery.TestKit;

namespace Rookery.SystemTests.Docs;

/// <summary>A folder as the scripts of <c>deploy/cluster</c> find one, made by hand: nothing runs in it that a test does not begin.</summary>
internal sealed class ClusterFolder : IDisposable
{
    private readonly TemporaryFolder _parent = new();

    public ClusterFolder()
    {
        // Parts run as nobody.
        Open(_parent.Path);
    }

    public string Path => In("cluster");

    /// <summary>A folder before the system's own on the path, for programs that stand in for others.</summary>
    private string Programs => In("programs");

    public string In(string name) => System.IO.Path.Combine(_parent.Path, name);

    public string Inside(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>A program by that name that runs these lines.</summary>
    public void StandIn(string program, string lines)
    {
        Directory.CreateDirectory(Programs);
        Open(Programs);
        var path = System.IO.Path.Combine(Programs, program);
        File.WriteAllText(path, $"#!/bin/sh\n{lines}\n");
        Open(path);
    }

    /// <summary>What <c>up</c> leaves: ports that nobody listens on, and no part that runs.</summary>
    public async Task MakeAsync(CancellationToken stop)
    {
        Directory.CreateDirectory(Path);
        Open(Path);
        foreach (var name in (string[])["home", "pid", "started", "log"])
        {
            Directory.CreateDirectory(Inside(name));
        }

        Open(Inside("log"));
        (
            await BashAsync(
                """
                {
                  for name in LOGS POSTGRES_PRIMARY POSTGRES_STANDBY RABBIT_NAMES CEPH_MONITOR S3 ADDRESS MEMCACHED_1 MEMCACHED_2 \
                    REDIS_{1,2,3,4,5,6} RABBIT_{1,2,3} RABBIT_DISTRIBUTION_{1,2,3} \
                    PORT_{accounts,graph,posts,fanout,timelines,media,notifications,web}_{1,2} PORT_search_{1,2,3,4}; do echo "$name=$(free_port)"; done
                  echo S3_SECRET=x
                  echo SERVICE_KEY=y
                } >"$FOLDER/ports"
                """,
                stop
            )
        ).Require(0);
    }

    /// <summary>Runs one of the scripts.</summary>
    public Task<ScriptEnd> RunAsync(
        string script,
        CancellationToken stop,
        params string[] arguments
    ) => StartAsync(Tree.PathOf($"deploy/cluster/{script}"), stop, arguments);

    /// <summary>Runs lines that use what the scripts share.</summary>
    public Task<ScriptEnd> BashAsync(string lines, CancellationToken stop) =>
        StartAsync("bash", stop, "-c", $". {Tree.PathOf("deploy/cluster/parts.sh")}\n{lines}");

    public void Dispose() => _parent.Dispose();

    public static void Open(string path) =>
        File.SetUnixFileMode(
            path,
            File.GetUnixFileMode(path) | (UnixFileMode)Convert.ToInt32("755", 8)
        );

    private async Task<ScriptEnd> StartAsync(
        string program,
        CancellationToken stop,
        params string[] arguments
    )
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["ROOKERY_CLUSTER"] = Path;
        start.Environment["PATH"] = $"{Programs}:{start.Environment["PATH"]}";
        using var process = Process.Start(start)!;
        // What a script begins holds no end of these: each part writes to its own log.
        var output = await Task.WhenAll(
            process.StandardOutput.ReadToEndAsync(stop),
            process.StandardError.ReadToEndAsync(stop)
        );
        await process.WaitForExitAsync(stop);
        return new ScriptEnd(process.ExitCode, string.Concat(output));
    }
}

/// <summary>How a script ended, and all it said.</summary>
internal sealed record ScriptEnd(int ExitCode, string Output)
{
    public ScriptEnd Require(int exitCode) =>
        ExitCode == exitCode
            ? this
            : throw new InvalidOperationException($"Exit code {ExitCode}: {Output}");
}
