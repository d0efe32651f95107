namespace Rookery.Kernel;

/// <summary>
/// Whether what this process holds in memory contains all that was acknowledged anywhere: where several processes write, each of them learns of
/// the others' commits, and an act that takes something away (an unfollow, a block, a deletion) is acknowledged only when every process has
/// learned of it or has lost its lease.
/// </summary>
public interface ICommitLease
{
    /// <summary>True: what is in memory may be answered from.</summary>
    bool IsHeld { get; }

    /// <summary>How long ago it was last certain that nothing is missing; zero while the lease is held.</summary>
    TimeSpan Lapsed { get; }

    /// <summary>
    /// Of all processes this is the one that does what one can do for all. When it stands still or ends, another is first within seconds; for a moment two
    /// may hold themselves for it.
    /// </summary>
    bool IsFirst { get; }

    /// <summary>Learns what is missing, for at most a second; false where the database does not answer.</summary>
    ValueTask<bool> RenewAsync(CancellationToken token);
}
