using Rookery.Accounts;

namespace Rookery.TestKit;

/// <summary>An accounts' door that knows the accounts it is told of, and nothing of them but their ids.</summary>
internal sealed class KnownAccounts(params IEnumerable<AccountId> known) : IAccounts
{
    private readonly HashSet<AccountId> _known = [.. known];

    public void Delete(AccountId account) => _known.Remove(account);

    public ValueTask<IReadOnlyList<AccountCard>> CardsAsync(
        ReadOnlyMemory<AccountId> ids,
        CancellationToken token
    ) =>
        ValueTask.FromResult<IReadOnlyList<AccountCard>>([
            .. ids.ToArray()
                .Where(_known.Contains)
                .Select(id => new AccountCard(
                    id,
                    $"u{id}",
                    $"u{id}",
                    "",
                    DateTimeOffset.UnixEpoch,
                    default
                )),
        ]);

    public ValueTask<IReadOnlyList<AccountId>> UnknownAsync(
        ReadOnlyMemory<AccountId> ids,
        CancellationToken token
    ) =>
        ValueTask.FromResult<IReadOnlyList<AccountId>>([
            .. ids.ToArray().Where(id => !_known.Contains(id)),
        ]);

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

    public int ProfileVersion(int ordinal) => 0;
}
