namespace Rookery.Accounts;

/// <summary>What moderators are shown, and whether somebody is one.</summary>
internal sealed class ReadModeration(IModerationStore store)
{
    public const int ActsOnPage = 40;

    /// <summary>Asked of the truth each time: a role that was taken away counts from then on.</summary>
    public ValueTask<AccountRole> RoleAsync(AccountId account, CancellationToken token) =>
        store.RoleAsync(account, token);

    public ValueTask<IReadOnlyList<ModeratedAccount>> ModeratorsAsync(CancellationToken token) =>
        store.ModeratorsAsync(token);

    /// <summary>Those of the accounts that are not deleted.</summary>
    public async ValueTask<IReadOnlyDictionary<AccountId, ModeratedAccount>> AccountsAsync(
        IEnumerable<AccountId> ids,
        CancellationToken token
    ) =>
        ids.Distinct().ToArray() is { Length: > 0 } some
            ? (await store.AccountsAsync(some, token)).ToDictionary(account => account.Id)
            : [];

    public async ValueTask<Result<ModeratedAccount>> AccountAsync(
        string username,
        CancellationToken token
    ) =>
        Handle.Standing(username)?.Folded is { } folded
        && await store.AccountAsync(folded, token) is { } found
            ? found
            : Problem.NotFound("There is no account with this username.", "username");

    /// <summary>The newest first.</summary>
    public ValueTask<IReadOnlyList<Act>> ActsAsync(
        AccountId? about,
        ActId? below,
        CancellationToken token
    ) => store.ActsAsync(about, below ?? new ActId(long.MaxValue), ActsOnPage, token);
}
