using System.Diagnostics;

namespace Rookery.SystemTests.Faults;

/// <summary>A file system of a few megabytes that a test may fill.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("rookery-disk-");

    public SmallDisk(int megabytes)
    {
        Run("mount", "-t", "tmpfs", "-o", $"size={megabytes}m,mode=0700", "tmpfs", Path);
    }

    public string Path => _folder.FullName;

    private string Filler => System.IO.Path.Combine(Path, "filler");

    /// <summary>Writes until no more than so much is free.</summary>
    public void Fill(long leave)
    {
        var drive = new DriveInfo(Path);
        using var file = new FileStream(
            Filler,
            FileMode.Append,
            FileAccess.Write,
            FileShare.None,
            0
        );
        var block = new byte[4096];
        try
        {
            while (drive.AvailableFreeSpace > leave)
            {
                file.Write(block);
            }
        }
        catch (IOException)
        {
            // It is full: somebody else wrote the last of it.
        }
    }

    public void MakeRoom() => File.Delete(Filler);

    public void Dispose()
    {
        Run("umount", Path);
        _folder.Delete();
    }

    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(
            new ProcessStartInfo(program, arguments) { RedirectStandardError = true }
        )!;
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException(
                $"The test of a full disk needs a small one, and `{program} {string.Join(' ', arguments)}` is not permitted here: {error.Trim()}. Run the tests as root."
            );
        }
    }
}
