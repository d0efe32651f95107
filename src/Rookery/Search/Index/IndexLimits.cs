namespace Rookery.Search.Index;

/// <summary>Sizes of an index. Tests make them small.</summary>
internal sealed record IndexLimits
{
    /// <summary>Posts in the segment that takes new ones. Sealing it stops the writer for some 20 ms.</summary>
    public int LiveDocuments { get; init; } = 32 * 1024;

    /// <summary>Posts in the segment that takes late ones, which a query reads without an order.</summary>
    public int LateDocuments { get; init; } = 4 * 1024;

    /// <summary>How much older than the newest post one may be, in ids, and still not be late: a minute.</summary>
    public long LateAfter { get; init; } = Snowflake.Compose(60_000, 0, 0, 0);

    /// <summary>Segments of about one size that are merged into one; the next size is so many times larger.</summary>
    public int MergeAt { get; init; } = 8;

    /// <summary>Posts of a segment that is merged no further, except to get rid of removed ones.</summary>
    public int LargestSegment { get; init; } = 4 << 20;

    /// <summary>Sealed segments beyond which the writer merges on its own before it goes on.</summary>
    public int MostSegments { get; init; } = 64;

    /// <summary>Removals that are remembered, so that a removed post that arrives again, or only now, stays out.</summary>
    public int RememberedRemovals { get; init; } = 1 << 20;
}
