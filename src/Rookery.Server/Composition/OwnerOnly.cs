using System.Runtime.InteropServices;

namespace Rookery.Server.Composition;

/// <summary>
/// Passwords' hashes and everybody's private posts lie in the data folder, and the folder may be one that somebody made for all to read: so
/// each file in it is its owner's alone.
/// </summary>
internal static partial class OwnerOnly
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const uint GroupAndOthers = 0b000_111_111;

    /// <summary>What this process makes from now on, SQLite's files included, and what stands in the folder.</summary>
    public static void Protect(string folder)
    {
        _ = umask(GroupAndOthers);
        foreach (var file in Directory.EnumerateFiles(folder, "rookery.*"))
        {
            if (!OperatingSystem.IsWindows() && File.GetUnixFileMode(file) != Owner)
            {
                File.SetUnixFileMode(file, Owner);
            }
        }
    }

    [LibraryImport("libc")]
    private static partial uint umask(uint forbidden);
}
