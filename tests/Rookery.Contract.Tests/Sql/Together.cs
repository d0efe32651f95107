using Rookery.Adapters.Sql;

namespace Rookery.Contract.Tests.Sql;

/// <summary>Writes of one group.</summary>
internal static class Together
{
    /// <summary>Begins them while the commit thread is held, so that all of them wait when it goes on.</summary>
    public static async Task<T> BeginAsync<T>(
        CommitQueue writes,
        Func<T> begin,
        CancellationToken stop
    )
    {
        using var begun = new ManualResetEventSlim();
        using var enough = new ManualResetEventSlim();
        var first = writes.RunAsync(
            _ =>
            {
                begun.Set();
                enough.Wait(stop);
                return 0;
            },
            stop
        );
        begun.Wait(stop);
        var started = begin();
        enough.Set();
        await first;
        return started;
    }
}
