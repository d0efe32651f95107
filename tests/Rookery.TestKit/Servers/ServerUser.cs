using System.Diagnostics;

namespace Rookery.TestKit.Servers;

/// <summary>
/// Who runs a server: for root the user that the server's package comes with, since some refuse to run as root and none needs to; for anybody else
/// themselves.
/// </summary>
/// <param name="Package">The Debian package that has the programs and the user.</param>
/// <param name="Name">The package's user.</param>
/// <param name="Folder">Where the package keeps programs beside the path, or in front of what only root may call there.</param>
internal sealed record ServerUser(string Package, string Name, string? Folder = null)
{
    /// <summary>The program as this user, ready to start.</summary>
    public ProcessStartInfo Start(string folder, string program, IEnumerable<string> arguments)
    {
        var found = Find(program);
        string[] command = Environment.UserName == "root" ? [.. AsUser(), found] : [found];
        return new ProcessStartInfo(command[0], [.. command[1..], .. arguments])
        {
            WorkingDirectory = folder,
            Environment = { ["HOME"] = folder, ["LC_ALL"] = "C.UTF-8" },
        };
    }

    /// <summary>Runs the program to its end; answers what it printed.</summary>
    public Task<string> RunAsync(
        string folder,
        string program,
        IEnumerable<string> arguments,
        CancellationToken stop
    ) => RunAsync(Start(folder, program, arguments), stop);

    public static async Task<string> RunAsync(ProcessStartInfo start, CancellationToken stop)
    {
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(stop);
        var error = process.StandardError.ReadToEndAsync(stop);
        await process.WaitForExitAsync(stop);
        return process.ExitCode == 0
            ? await output
            : throw new InvalidOperationException(
                $"{start.FileName} {string.Join(' ', start.ArgumentList)} ended with {process.ExitCode}:\n{await output}\n{await error}"
            );
    }

    /// <summary>A folder of this user's that is gone when the test process is.</summary>
    public async Task<ServerFolder> NewFolderAsync(CancellationToken stop)
    {
        var folder = new ServerFolder();
        if (Environment.UserName == "root")
        {
            await RunAsync(new ProcessStartInfo("chown", [$"{Name}:", folder.Path]), stop);
        }

        return folder;
    }

    /// <summary>A file that the server may read, whatever this process keeps to itself.</summary>
    public static async Task WriteAsync(string file, string text, CancellationToken stop)
    {
        await File.WriteAllTextAsync(file, text, stop);
        File.SetUnixFileMode(
            file,
            UnixFileMode.UserRead
                | UnixFileMode.UserWrite
                | UnixFileMode.GroupRead
                | UnixFileMode.OtherRead
        );
    }

    private string[] AsUser() =>
        ["setpriv", "--reuid", Name, "--regid", Name, "--clear-groups", "--"];

    private string Find(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(':')
            .Prepend(Folder ?? "")
            .Select(folder => Path.Combine(folder, program))
            .FirstOrDefault(File.Exists)
        ?? throw new FileNotFoundException(
            $"There is no {program}. As root: apt-get install --no-install-recommends {Package}"
        );
}
