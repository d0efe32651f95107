using Rookery.Accounts;

namespace Rookery.TestKit;

/// <summary>An accounts' door that knows the accounts it is told of, and nothing of them but their ids.</summary>
internal sealed class KnownAccounts(params IEnumerable<AccountId> known) : IAccounts
{
    private readonly HashSet<AccountId> _known = [.. known];

    private readonly HashSet<AccountId> _locked = [];

    public void Delete(AccountId account) => _known.Remove(account);

    public void Lock(AccountId account) => _locked.Add(account);

    public void Unlock(AccountId account) => _locked.Remove(account);

    public ValueTask<IReadOnlyList<AccountCard>> CardsAsync(
        ReadOnlyMemory<AccountId> ids,
        CancellationToken token
    ) =>
        ValueTask.FromResult<IReadOnlyList<AccountCard>>([
            .. ids.ToArray().Where(_known.Contains).Select(CardOf),
        ]);

    public ValueTask<IReadOnlyList<AccountCard>> AllAboveAsync(
        AccountId after,
        CancellationToken token
    ) =>
        ValueTask.FromResult<IReadOnlyList<AccountCard>>([
            .. _known.Where(id => id > after).Order().Take(IAccounts.PageOfAll).Select(CardOf),
        ]);

    public bool TellsOfChanges => true;

    public ValueTask<IReadOnlyList<AccountId>> UnknownAsync(
        ReadOnlyMemory<AccountId> ids,
        CancellationToken token
    ) =>
        ValueTask.FromResult<IReadOnlyList<AccountId>>([
            .. ids.ToArray().Where(id => !_known.Contains(id)),
        ]);

    public ValueTask<AccountLocks> LocksAsync(
        ReadOnlyMemory<AccountId> ids,
        CancellationToken token
    ) =>
        ValueTask.FromResult(
            new AccountLocks(
                [.. ids.ToArray().Where(id => !_known.Contains(id))],
                [.. ids.ToArray().Where(id => _known.Contains(id) && _locked.Contains(id))]
            )
        );

    public ValueTask<IReadOnlyDictionary<string, AccountId>> ResolveAsync(
        IReadOnlyCollection<string> foldedUsernames,
        CancellationToken token
    ) =>
        ValueTask.FromResult<IReadOnlyDictionary<string, AccountId>>(
            _known.Where(id => foldedUsernames.Contains($"u{id}")).ToDictionary(id => $"u{id}")
        );

    /// <summary>An account's token is its username.</summary>
    public ValueTask<AccountId?> AuthenticateAsync(string authToken, CancellationToken token) =>
        ValueTask.FromResult<AccountId?>(
            _known.Where(id => authToken == $"u{id}").Select(id => (AccountId?)id).FirstOrDefault()
        );

    /// <summary>All others are open.</summary>
    public HashSet<TokenHash> EndedSessions { get; } = [];

    public ValueTask<bool> IsSessionOpenAsync(TokenHash session, CancellationToken token) =>
        ValueTask.FromResult(!EndedSessions.Contains(session));

    public int ProfileVersion(int ordinal) => 0;

    private static AccountCard CardOf(AccountId id) =>
        new(id, $"u{id}", $"u{id}", "", DateTimeOffset.UnixEpoch, default, true);
}
