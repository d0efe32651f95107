namespace Rookery.Accounts;

/// <summary>By how much one account's counters change.</summary>
public readonly record struct CountChange(AccountId Account, AccountCounts By);

/// <summary>What one event changes.</summary>
/// <param name="Outbox">Whose sequence it is; null: the outbox beside the counters.</param>
public sealed record CountedEvent(
    long Sequence,
    IReadOnlyList<CountChange> Changes,
    string? Outbox = null
);

/// <summary>The counters that are held for an account.</summary>
public readonly record struct HeldCounts(AccountId Account, AccountCounts Counts);

/// <summary>Counters that are not what a new count says.</summary>
public readonly record struct CountDifference(
    AccountId Account,
    AccountCounts Held,
    AccountCounts True
);

/// <summary>Of all active accounts together.</summary>
/// <param name="Posts">That they wrote, reposts among them.</param>
/// <param name="Lately">Of the accounts, those a session of which was used since a time.</param>
public sealed record MemberTotals(long Accounts, long Posts, long Lately);

/// <summary>
/// The counters of accounts.
/// <para>Idempotence: an event is applied once, however often it comes: its mark and its effect are one transaction.</para>
/// <para>Order: any; a minus that overtakes its plus is kept as a debt, and readers are shown no number below 0.</para>
/// <para>Loss: derived; <c>RecountThings</c> repairs them. Changes are announced as <see cref="AccountsCounted"/>.</para>
/// </summary>
public interface IAccountCountStore
{
    /// <summary>Applies those of the events that were not applied before. Accounts that do not exist or are deleted are left out.</summary>
    Task ApplyAsync(string consumer, IReadOnlyList<CountedEvent> events, CancellationToken token);

    /// <summary>What is held for the accounts that are not deleted, in ascending order, strictly above <paramref name="after"/>; 0 where nothing is.</summary>
    ValueTask<IReadOnlyList<HeldCounts>> ReadAfterAsync(
        AccountId after,
        int limit,
        CancellationToken token
    );

    /// <summary>What is held for these accounts, as <see cref="ReadAfterAsync"/> says it.</summary>
    ValueTask<IReadOnlyList<HeldCounts>> ReadAsync(
        ReadOnlyMemory<AccountId> accounts,
        CancellationToken token
    );

    /// <summary>Goes through all accounts.</summary>
    ValueTask<MemberTotals> TotalsAsync(DateTimeOffset since, CancellationToken token);

    /// <summary>The active accounts with the most followers, most first; of equals the older first.</summary>
    ValueTask<IReadOnlyList<AccountId>> MostFollowedAsync(int limit, CancellationToken token);

    /// <summary>Sets each account to the true count if it still holds what the difference says; answers how many were set.</summary>
    Task<int> RepairAsync(IReadOnlyList<CountDifference> differences, CancellationToken token);
}
