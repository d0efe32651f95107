namespace Rookery.Kernel;

/// <summary>How often one caller may do something: <paramref name="Permits"/> at once, then one more every window / permits; no permits means no limit.</summary>
/// <param name="Name">Stands where processes count together; lower case and hyphens.</param>
/// <param name="AtOnce">
/// No process grants what another has granted already, which may cost a round trip. Otherwise nobody waits: others know of hundredths of the
/// permits, and a moment later; what was granted too much meanwhile is taken off what comes.
/// </param>
/// <param name="MostWindows">More than is granted in so many windows is never taken: so long nothing is granted at most.</param>
public sealed record RateTerms(
    string Name,
    int Permits,
    TimeSpan Window,
    bool AtOnce = false,
    int MostWindows = 2
);

/// <summary>What is left of a limit for one caller.</summary>
/// <param name="Permits">Granted at once when none was taken.</param>
/// <param name="FullIn">Until so many are granted at once again.</param>
public readonly record struct RateLeft(int Permits, int Remaining, TimeSpan FullIn);

/// <summary>
/// Counts who does what how often, for this process or for all that share a store.
/// <para>Never fails and never waits long: where the store is away or slow, what this process has counted itself holds.</para>
/// <para>What is refused is not counted: who comes back when told is let in.</para>
/// <para>Loss: what was counted may be forgotten; then somebody is granted more.</para>
/// </summary>
public interface IRateLimits
{
    /// <summary>Called once for each limit.</summary>
    IRateLimit Open(RateTerms terms);
}

/// <summary>One limit, counted for each key by itself.</summary>
public interface IRateLimit
{
    /// <summary>Null: granted. Otherwise how long until the next one is.</summary>
    /// <exception cref="OperationCanceledException">By the token. It may have been counted.</exception>
    ValueTask<TimeSpan?> TakeAsync(RateKey key, CancellationToken token);

    /// <summary>Takes <paramref name="more"/> where what was granted turned out to be as much as several. Nobody is refused by it.</summary>
    /// <exception cref="OperationCanceledException">By the token. It may have been counted.</exception>
    ValueTask ChargeAsync(RateKey key, int more, CancellationToken token);

    /// <summary>What is left of it as far as this process knows; null where nothing is limited. Counts nothing.</summary>
    RateLeft? LeftOf(RateKey key);
}
