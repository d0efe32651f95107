namespace Rookery.Kernel;

/// <summary>
/// The store cannot be reached or cannot take a write now (full disk, closed, overloaded). Nothing was stored, unless the
/// message says that nobody knows: a commit that failed may have reached the disk.
/// A consumer that meets it pauses without counting an attempt; a request answers 503.
/// </summary>
public sealed class StoreUnavailableException : Exception
{
    public StoreUnavailableException(string message)
        : base(message) { }

    public StoreUnavailableException(string message, Exception inner)
        : base(message, inner) { }

    /// <summary>What a client may be told: what is wrong, and that nothing was stored. Null where that is not known.</summary>
    public string? Told { get; init; }

    /// <summary>Where only parts of a store are away: which, in its own words. What lies elsewhere was done.</summary>
    public IReadOnlyList<string> Parts { get; init; } = [];

    public StoreUnavailableException()
        : base("The store is unavailable.") { }
}
