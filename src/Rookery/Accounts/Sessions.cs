using Microsoft.Extensions.Options;

namespace Rookery.Accounts;

/// <summary>
/// Whose token a request carries, from memory where it was asked before. A revocation is counted on the commit thread before it is answered,
/// and every answer kept here holds only as long as its account's count, and only until truth has to be asked whether the session has ended by
/// itself. Its use is noted once a day, so that all other reads stay free of writes. Unknown tokens leave nothing behind.
/// </summary>
internal sealed class Sessions(
    IAccountStore store,
    AccountOrdinals ordinals,
    IOptions<AccountsOptions> options,
    TimeProvider time
) : ICommitObserver
{
    /// <summary>How long an answer is kept whose use could not be noted: reading goes on while the disk takes nothing.</summary>
    private static readonly TimeSpan Retry = TimeSpan.FromMinutes(1);

    private readonly TimeSpan _idle = TimeSpan.FromDays(options.Value.SessionIdleDays);
    private readonly TimeSpan _longest = TimeSpan.FromDays(options.Value.SessionDays);

    private readonly AccountVersions _revocations = new(ordinals);
    private readonly BoundedCache<TokenHash, Session> _cache = new(options.Value.CachedSessions);

    /// <summary>Allocates nothing. False says only that the answer is not in memory: then <see cref="AuthenticateAsync"/>.</summary>
    public bool TryAuthenticate(ReadOnlySpan<char> token, out AccountId account)
    {
        account = default;
        return TokenHash.TryOf(token, out var hash) && TryFind(hash, out account);
    }

    /// <summary>Half of the idle time at most, so that nobody who comes back in time is too late.</summary>
    private TimeSpan NoteEvery =>
        _idle / 2 < TimeSpan.FromDays(1) ? _idle / 2 : TimeSpan.FromDays(1);

    /// <summary>Null for a token that is unknown, ended, revoked or of an account that is not active.</summary>
    public async ValueTask<AccountId?> AuthenticateAsync(string authToken, CancellationToken token)
    {
        if (!TokenHash.TryOf(authToken, out var hash))
        {
            return null;
        }

        return TryFind(hash, out var account) ? account : await LoadAsync(hash, token);
    }

    /// <summary>Asks truth, and notes no use.</summary>
    public async ValueTask<bool> IsOpenAsync(TokenHash session, CancellationToken token) =>
        await store.SessionAsync(session, token) is { } stored
        && time.GetUtcNow() < options.Value.EndOf(stored);

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
                case AccountSuspended suspended:
                    _revocations.Changed(suspended.Account);
                    break;
            }
        }
    }

    public void Forget() => _revocations.AllChanged();

    private bool TryFind(TokenHash hash, out AccountId account)
    {
        if (
            _cache.Find(hash) is { } session
            && _revocations.Of(session.Ordinal) == session.Version
            && time.GetUtcNow() < session.Until
        )
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
        if (
            await store.SessionAsync(hash, token) is not { } stored
            || time.GetUtcNow() >= options.Value.EndOf(stored)
        )
        {
            return null;
        }

        var until = await NoteUseAsync(hash, stored, token);
        if (_revocations.IsUnchanged(begun, stored.Account, out var ordinal, out var version))
        {
            _cache.Put(hash, new Session(stored.Account, ordinal, version, until));
        }

        return stored.Account;
    }

    /// <summary>Answers until when truth need not be asked again.</summary>
    private async ValueTask<DateTimeOffset> NoteUseAsync(
        TokenHash hash,
        StoredSession session,
        CancellationToken token
    )
    {
        var now = time.GetUtcNow();
        if (session.UsedAt is { } used && now < used + NoteEvery)
        {
            return Earlier(options.Value.EndOf(session), used + NoteEvery);
        }

        try
        {
            await store.NoteUseAsync(hash, token);
            return Earlier(session.OpenedAt + _longest, now + NoteEvery);
        }
        catch (StoreUnavailableException)
        {
            return Earlier(options.Value.EndOf(session), now + Retry);
        }
    }

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) =>
        one < other ? one : other;

    private sealed record Session(
        AccountId Account,
        int Ordinal,
        int Version,
        DateTimeOffset Until
    );
}
