using Rookery.Media;

namespace Rookery.Accounts;

public enum AccountState
{
    Active = 0,
    Suspended = 1,
    Deleted = 2,
}

/// <summary>What others see of an account.</summary>
/// <param name="IsIndexable">Strangers may find its public posts by searching; its owner says so.</param>
/// <param name="Avatar">The file of the picture that stands beside what it posts; null where it has none.</param>
/// <param name="Header">That of the wide one on its profile.</param>
/// <param name="IsLocked">Who wants to follow it asks first.</param>
public sealed record AccountCard(
    AccountId Id,
    string Username,
    string DisplayName,
    string Bio,
    DateTimeOffset CreatedAt,
    AccountCounts Counts,
    bool IsIndexable,
    BlobName? Avatar = null,
    BlobName? Header = null,
    bool IsLocked = false
);

/// <summary>What somebody who wants to follow some accounts must know of them.</summary>
/// <param name="Unknown">Those that are no active accounts.</param>
/// <param name="Locked">Those of the others that are asked first.</param>
public sealed record AccountLocks(
    IReadOnlyList<AccountId> Unknown,
    IReadOnlyList<AccountId> Locked
);

/// <summary>Derived numbers; they follow what they count within moments.</summary>
public readonly record struct AccountCounts(long Posts, long Followers, long Following);

/// <summary>
/// The door of accounts: what other capabilities and the endpoints ask. Deleted accounts do not exist here.
/// A fault of the store is a <see cref="StoreUnavailableException"/>.
/// </summary>
public interface IAccounts
{
    /// <summary>Accounts that <see cref="AllAboveAsync"/> answers at a time.</summary>
    const int PageOfAll = 1_000;

    /// <summary>The active accounts among <paramref name="ids"/>, in no particular order. Counters may be moments old.</summary>
    ValueTask<IReadOnlyList<AccountCard>> CardsAsync(
        ReadOnlyMemory<AccountId> ids,
        CancellationToken token
    );

    /// <summary>
    /// Those of <paramref name="ids"/> that are no active accounts. Cheaper than cards: whom memory knows exists, whatever was counted since.
    /// </summary>
    ValueTask<IReadOnlyList<AccountId>> UnknownAsync(
        ReadOnlyMemory<AccountId> ids,
        CancellationToken token
    );

    /// <summary>
    /// As <see cref="UnknownAsync"/>, as cheap, and which are locked: as acknowledged before the call, and never believed from before.
    /// </summary>
    ValueTask<AccountLocks> LocksAsync(ReadOnlyMemory<AccountId> ids, CancellationToken token);

    /// <summary>The accounts that have these folded usernames; unknown names are left out.</summary>
    ValueTask<IReadOnlyDictionary<string, AccountId>> ResolveAsync(
        IReadOnlyCollection<string> foldedUsernames,
        CancellationToken token
    );

    /// <summary>The next <see cref="PageOfAll"/> active accounts by id; none behind the last.</summary>
    ValueTask<IReadOnlyList<AccountCard>> AllAboveAsync(AccountId after, CancellationToken token);

    /// <summary>Every change is an event in this process too. Where it is not, who keeps something of accounts reads them again now and then.</summary>
    bool TellsOfChanges { get; }

    /// <summary>Whose token this is; null for one that is unknown, revoked or of an account that is not active.</summary>
    ValueTask<AccountId?> AuthenticateAsync(string authToken, CancellationToken token);

    /// <summary>Whether the session is one: it has not ended, is not too old, and its account is active. Nobody uses it by asking.</summary>
    ValueTask<bool> IsSessionOpenAsync(TokenHash session, CancellationToken token);

    /// <summary>
    /// A number that changes whenever what <see cref="CardsAsync"/> says of the account (but its counters) changes. Of this process, in memory:
    /// read it before the card, keep both, and the card holds as long as the number does.
    /// </summary>
    int ProfileVersion(int ordinal);
}
