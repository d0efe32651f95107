namespace Rookery.Accounts;

/// <summary>Where the cards come from that are not in memory.</summary>
public interface IAccountCards
{
    /// <summary>The cards of the active accounts among <paramref name="ids"/>, in no particular order.</summary>
    /// <exception cref="StoreUnavailableException">They cannot be read.</exception>
    ValueTask<IReadOnlyList<AccountCard>> CardsAsync(
        ReadOnlyMemory<AccountId> ids,
        CancellationToken token
    );
}
