namespace Rookery.Search.Index;

/// <summary>
/// Counts who reads an index, so that its writer learns that nobody has what it published before. A reader enters before it takes the view and leaves when it has let
/// go of it; one that never leaves keeps memory from being used again, nothing else.
/// </summary>
internal sealed class Readers
{
    private int _count;

    /// <summary>
    /// Where this is true after a new view was published, nobody holds an older one: whoever enters later takes the new view. Both sides are full fences.
    /// </summary>
    public bool AreNone => Interlocked.CompareExchange(ref _count, 0, 0) == 0;

    public void Enter() => Interlocked.Increment(ref _count);

    public void Leave() => Interlocked.Decrement(ref _count);
}
