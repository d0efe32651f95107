namespace Rookery.Accounts;

/// <summary>All accounts for an operator, in the order in which they were made, page by page.</summary>
internal sealed class ListAccounts(IAccountStore store)
{
    public const int MaxCount = 1_000;

    /// <param name="after">The last id of the page before; default for the first.</param>
    public ValueTask<IReadOnlyList<AccountRow>> HandleAsync(
        AccountId after,
        int count,
        CancellationToken token
    ) => store.ListAsync(after, Math.Clamp(count, 1, MaxCount), token);
}
