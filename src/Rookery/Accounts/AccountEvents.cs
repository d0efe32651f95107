using System.Text.Json.Serialization;

namespace Rookery.Accounts;

public sealed record AccountCreated(AccountId Account) : DomainEvent;

/// <summary>An import made these accounts, at most <see cref="MaxAccounts"/> in one event; none of them has an event of its own.</summary>
public sealed record AccountsImported(IReadOnlyList<AccountId> Accounts) : DomainEvent
{
    /// <summary>20 KB of JSON: small enough for a broker's message.</summary>
    public const int MaxAccounts = 1000;
}

/// <summary>What others see of the account changed; <paramref name="Version"/> is the row's after the change.</summary>
public sealed record ProfileChanged(AccountId Account, long Version) : DomainEvent;

/// <summary>From now on the account is asked before it is followed.</summary>
public sealed record AccountLocked(AccountId Account) : DomainEvent;

/// <summary>Whoever wants to follow the account does, and so do those who have asked before.</summary>
public sealed record AccountUnlocked(AccountId Account) : DomainEvent;

/// <summary>The account shows these of itself no longer: nothing needs them any more.</summary>
public sealed record AccountPicturesLeft(AccountId Account, IReadOnlyList<MediaId> Media)
    : DomainEvent;

/// <summary>The account is gone. Its posts, follows and marks are closed at once and removed behind this.</summary>
public sealed record AccountDeleted(AccountId Account) : DomainEvent;

/// <summary>
/// Nothing of the account is shown until <see cref="AccountRestored"/>, and all its sessions are over. <paramref name="Version"/> is the row's after the
/// change: of what is told of one account the larger counts, in whatever order it comes.
/// </summary>
public sealed record AccountSuspended(AccountId Account, long Version) : DomainEvent;

/// <summary>The suspension was lifted: everything of the account is there again, but for its sessions.</summary>
public sealed record AccountRestored(AccountId Account, long Version) : DomainEvent;

/// <summary>Some or all tokens of the account were revoked: no cached answer about them holds any longer.</summary>
public sealed record SessionsEnded(AccountId Account) : DomainEvent;

/// <summary>Counters of some accounts changed. Told to observers only; it stands in the outbox where several processes follow it.</summary>
public sealed record AccountsCounted(IReadOnlyList<AccountId> Accounts) : DomainEvent;

[JsonSerializable(typeof(AccountCreated))]
[JsonSerializable(typeof(AccountsImported))]
[JsonSerializable(typeof(ProfileChanged))]
[JsonSerializable(typeof(AccountLocked))]
[JsonSerializable(typeof(AccountUnlocked))]
[JsonSerializable(typeof(AccountPicturesLeft))]
[JsonSerializable(typeof(AccountDeleted))]
[JsonSerializable(typeof(AccountSuspended))]
[JsonSerializable(typeof(AccountRestored))]
[JsonSerializable(typeof(SessionsEnded))]
[JsonSerializable(typeof(AccountsCounted))]
internal sealed partial class AccountEventsJson : JsonSerializerContext;

public static class AccountEvents
{
    public static IReadOnlyList<EventType> Types { get; } =
    [
        new("account.created", 1, AccountEventsJson.Default.AccountCreated),
        new("account.imported", 1, AccountEventsJson.Default.AccountsImported),
        new("account.profile-changed", 1, AccountEventsJson.Default.ProfileChanged),
        new("account.locked", 1, AccountEventsJson.Default.AccountLocked, Narrows: true),
        new("account.unlocked", 1, AccountEventsJson.Default.AccountUnlocked),
        new("account.pictures-left", 1, AccountEventsJson.Default.AccountPicturesLeft),
        new("account.deleted", 1, AccountEventsJson.Default.AccountDeleted, Narrows: true),
        new("account.suspended", 1, AccountEventsJson.Default.AccountSuspended, Narrows: true),
        new("account.restored", 1, AccountEventsJson.Default.AccountRestored),
        new("account.sessions-ended", 1, AccountEventsJson.Default.SessionsEnded, Narrows: true),
        new("account.counted", 1, AccountEventsJson.Default.AccountsCounted, OnlyObserved: true),
    ];
}
