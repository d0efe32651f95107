using System.Diagnostics;

namespace Rookery.Adapters.Sql;

/// <summary>
/// What a process writes before it serves. It says the same however often it is repeated, so a database that does not confirm it in time, because
/// twenty processes start at once or its standby is just joining, is asked again instead of ending the start.
/// </summary>
internal static class StartWrites
{
    /// <summary>As long as a start is waited for by who watches over it.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <param name="work">May be run several times, and committed several times.</param>
    /// <exception cref="StoreUnavailableException">The database took it at no time.</exception>
    public static async Task<T> RunAsync<T>(
        CommitQueue writes,
        Func<CommitContext, T> work,
        CancellationToken token
    )
    {
        for (var started = Stopwatch.GetTimestamp(); ; )
        {
            try
            {
                return await writes.RunAsync(work, token);
            }
            catch (StoreUnavailableException) when (Stopwatch.GetElapsedTime(started) < Patience)
            {
                await Task.Delay(Pause, TimeProvider.System, token);
            }
        }
    }
}
