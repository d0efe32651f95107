using System.Runtime.InteropServices;

namespace Rookery.Benchmarks;

/// <summary>Processor time of the calling thread: what one undisturbed core would take, on a machine that others use too.</summary>
internal static unsafe partial class ThreadTime
{
    private const int OfThisThread = 3;

    public static TimeSpan Now
    {
        get
        {
            long* time = stackalloc long[2];
            _ = clock_gettime(OfThisThread, time);
            return TimeSpan.FromSeconds(time[0]) + TimeSpan.FromMicroseconds(time[1] / 1000.0);
        }
    }

    [LibraryImport("libc")]
    private static partial int clock_gettime(int clock, long* time);
}
