namespace Rookery.TestKit;

/// <summary>What some work allocates on the thread that does it.</summary>
public static class LeastAllocated
{
    /// <summary>
    /// Bytes of the least of several rounds. What the work allocates it does in each; what is counted beside it in few: a collection that others bring on counts
    /// what was left of the thread's piece of the heap, and compiling allocates too.
    /// </summary>
    public static long Of(Action work)
    {
        work();
        var least = long.MaxValue;
        for (var round = 0; round < 5; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            work();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
