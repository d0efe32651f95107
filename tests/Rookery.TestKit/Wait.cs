using System.Diagnostics;

namespace Rookery.TestKit;

/// <summary>Waits on conditions, never for a time.</summary>
internal static class Wait
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    public static async Task UntilAsync(
        Func<Task<bool>> holds,
        Func<string> what,
        CancellationToken stop,
        TimeSpan? every = null
    )
    {
        using var look = new PeriodicTimer(every ?? TimeSpan.FromMilliseconds(2));
        var started = Stopwatch.GetTimestamp();
        while (!await holds())
        {
            Promise.Keep(
                Stopwatch.GetElapsedTime(started) < Longest,
                Promise.DeliveryDrains,
                () => $"Not within {Longest.TotalSeconds} s: {what()}"
            );
            await look.WaitForNextTickAsync(stop);
        }
    }
}
