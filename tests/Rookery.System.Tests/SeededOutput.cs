using System.Diagnostics;
using Xunit;

namespace Rookery.SystemTests;

/// <summary>The product and these tests, built with the seeded bugs, and one run of them.</summary>
public sealed class SeededOutput : IAsyncLifetime
{
    /// <summary>Enough that every bug was found each time it was looked for.</summary>
    private const string Kills = "20";
    private const string Histories = "60";

    private static string Root { get; } = FindRoot();

    public async ValueTask InitializeAsync()
    {
        var (code, output) = await RunAsync(
            "dotnet",
            [
                "build",
                Path.Combine(Root, "tests", "Rookery.System.Tests"),
                "-c",
                "Release",
                "-p:SeededBugs=true",
                "-nodeReuse:false",
            ],
            [],
            TestContext.Current.CancellationToken
        );
        Assert.True(code == 0, output);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>Plays a test of that output; answers its exit code and what it printed.</summary>
    internal static Task<(int Code, string Output)> PlayAsync(
        string test,
        string bug,
        CancellationToken stop
    )
    {
        var folder = Path.Combine(
            Root,
            "artifacts-seeded",
            "bin",
            "Rookery.System.Tests",
            "release"
        );
        return RunAsync(
            Path.Combine(folder, "Rookery.System.Tests"),
            ["-method", test],
            new()
            {
                ["ROOKERY_SEEDED_BUG"] = bug,
                ["ROOKERY_KILLS"] = Kills,
                ["ROOKERY_HISTORIES"] = Histories,
                ["ROOKERY_SHRINK"] = "no",
            },
            stop
        );
    }

    private static async Task<(int Code, string Output)> RunAsync(
        string program,
        string[] arguments,
        Dictionary<string, string> environment,
        CancellationToken stop
    )
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Root,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(stop);
            var errors = process.StandardError.ReadToEndAsync(stop);
            var all = await output + await errors;
            await process.WaitForExitAsync(stop);
            return (process.ExitCode, all);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Rookery.slnx")))
        {
            folder = folder.Parent!;
        }

        return folder.FullName;
    }
}
