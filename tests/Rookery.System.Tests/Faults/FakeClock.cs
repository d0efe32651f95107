using System.Globalization;
using Rookery.TestKit;

namespace Rookery.SystemTests.Faults;

/// <summary>The wall clock of a process that is started with <see cref="Environment"/>, set while it runs.</summary>
internal sealed class FakeClock : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _file;

    public FakeClock()
    {
        _file = Path.Combine(_folder.Path, "offset");
        Set(TimeSpan.Zero);
        Environment = new Dictionary<string, string>
        {
            ["LD_PRELOAD"] = Library(),
            ["FAKETIME_TIMESTAMP_FILE"] = _file,
            // Else a change is seen after ten seconds.
            ["FAKETIME_NO_CACHE"] = "1",
            // Timers and waits are the machine's: a corrected clock leaves them alone too.
            ["FAKETIME_DONT_FAKE_MONOTONIC"] = "1",
        };
    }

    public IReadOnlyDictionary<string, string> Environment { get; }

    /// <summary>How far it is from the right time. The file is replaced, so no reader finds half of it.</summary>
    public void Set(TimeSpan offset)
    {
        var seconds = offset.TotalSeconds.ToString("+0;-0;+0", CultureInfo.InvariantCulture);
        File.WriteAllText(_file + ".new", seconds + "\n");
        File.Move(_file + ".new", _file, overwrite: true);
    }

    public void Dispose() => _folder.Dispose();

    private static string Library() =>
        Directory
            .EnumerateDirectories("/usr/lib")
            .Select(folder => Path.Combine(folder, "faketime", "libfaketimeMT.so.1"))
            .FirstOrDefault(File.Exists)
        ?? throw new InvalidOperationException(
            "The test of the clock needs the package libfaketime; ./test.sh installs it."
        );
}
