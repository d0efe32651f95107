using Microsoft.Extensions.Options;

namespace Rookery.Accounts;

/// <summary>
/// Whose token a request carries, from memory where it was asked before. A revocation is counted on the commit thread before it is answered,
/// and every answer kept here holds only as long as its account's count. Unknown tokens leave nothing behind.
/// </summary>
internal sealed class Sessions(
    IAccountStore store,
    AccountOrdinals ordinals,
    IOptions<AccountsOptions> options
) : ICommitObserver
{
    private readonly AccountVersions _revocations = new(ordinals);
    private readonly BoundedCache<TokenHash, Session> _cache = new(options.Value.CachedSessions);

    /// <summary>Allocates nothing. False says only that the answer is not in memory: then <see cref="AuthenticateAsync"/>.</summary>
    public bool TryAuthenticate(ReadOnlySpan<char> token, out AccountId account)
    {
        account = default;
        return TokenHash.TryOf(token, out var hash) && TryFind(hash, out account);
    }

    /// <summary>Null for a token that is unknown, revoked or of an account that is not active.</summary>
    public async ValueTask<AccountId?> AuthenticateAsync(string authToken, CancellationToken token)
    {
        if (!TokenHash.TryOf(authToken, out var hash))
        {
            return null;
        }

        return TryFind(hash, out var account) ? account : await LoadAsync(hash, token);
    }

    public void OnCommitted(IReadOnlyList<Committed> group)
    {
        foreach (var committed in group)
        {
            switch (committed.Event)
            {
                case SessionsEnded ended:
                    _revocations.Changed(ended.Account);
                    break;
                case AccountDeleted deleted:
                    _revocations.Changed(deleted.Account);
                    break;
            }
        }
    }

    public void Forget() => _revocations.AllChanged();

    private bool TryFind(TokenHash hash, out AccountId account)
    {
        if (_cache.Find(hash) is { } session && _revocations.Of(session.Ordinal) == session.Version)
        {
            account = session.Account;
            return true;
        }

        account = default;
        return false;
    }

    private async ValueTask<AccountId?> LoadAsync(TokenHash hash, CancellationToken token)
    {
        var begun = _revocations.BeginRead();
        if (await store.SessionAsync(hash, token) is not { } account)
        {
            return null;
        }

        if (_revocations.IsUnchanged(begun, account, out var ordinal, out var version))
        {
            _cache.Put(hash, new Session(account, ordinal, version));
        }

        return account;
    }

    private sealed record Session(AccountId Account, int Ordinal, int Version);
}
