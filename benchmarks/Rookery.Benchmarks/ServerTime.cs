using System.Globalization;

namespace Rookery.Benchmarks;

/// <summary>Processor time of a server that a benchmark has started.</summary>
internal static class ServerTime
{
    /// <summary>utime and stime of /proc/PID/stat, in hundredths of a second.</summary>
    public static TimeSpan Of(int process) => Read(process).Time;

    /// <summary>Its children's too, as far as they still run: PostgreSQL has one for each connection.</summary>
    public static TimeSpan OfAll(int process)
    {
        var all = Of(process);
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (
                int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var other)
                && TryRead(other) is { } child
                && child.Parent == process
            )
            {
                all += child.Time;
            }
        }

        return all;
    }

    private static (TimeSpan Time, int Parent)? TryRead(int process)
    {
        try
        {
            return Read(process);
        }
        catch (IOException)
        {
            // It ended meanwhile.
            return null;
        }
    }

    private static (TimeSpan Time, int Parent) Read(int process)
    {
        var stat = File.ReadAllText($"/proc/{process}/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return (
            TimeSpan.FromMilliseconds(10 * (Number(fields[11]) + Number(fields[12]))),
            (int)Number(fields[1])
        );
    }

    private static long Number(string field) => long.Parse(field, CultureInfo.InvariantCulture);
}
