namespace Rookery.Accounts;

/// <summary>
/// Counts anew, in the truth of its own capability, what accounts hold counters of. Each fills in the counters that it knows and leaves the others.
/// </summary>
public interface IAccountTally
{
    /// <summary>Fills <paramref name="counts"/>, which stand in the order of <paramref name="accounts"/>.</summary>
    ValueTask TallyAsync(
        ReadOnlyMemory<AccountId> accounts,
        Memory<AccountCounts> counts,
        CancellationToken token
    );
}
