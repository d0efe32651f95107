using Microsoft.Extensions.Options;

namespace Rookery.Accounts;

/// <summary>Cards of accounts kept in memory, each for as long as neither its profile nor its counters change.</summary>
internal sealed class AccountCards(AccountOrdinals ordinals, IOptions<AccountsOptions> options)
    : ICommitObserver
{
    private readonly AccountVersions _profiles = new(ordinals);
    private readonly AccountVersions _cards = new(ordinals);
    private readonly BoundedCache<AccountId, Kept> _cache = new(options.Value.CachedCards);

    public int ProfileVersion(int ordinal) => _profiles.Of(ordinal);

    public AccountCard? Find(AccountId account) =>
        _cache.Find(account) is { } kept && _cards.Of(kept.Ordinal) == kept.Version
            ? kept.Card
            : null;

    /// <summary>That there is this active account. A card whose counters are outdated says so as well as another.</summary>
    public bool Knows(AccountId account) => FindUncounted(account) is not null;

    /// <summary>The card whose counters may be outdated, and nothing else of it.</summary>
    public AccountCard? FindUncounted(AccountId account) =>
        _cache.Find(account) is { } kept && _profiles.Of(kept.Ordinal) == kept.ProfileVersion
            ? kept.Card
            : null;

    /// <summary>Call before cards are read; hand the answer to <see cref="Keep"/>.</summary>
    public long BeginRead() => _cards.BeginRead();

    public void Keep(IReadOnlyList<AccountCard> cards, long begun)
    {
        foreach (var card in cards)
        {
            // Before it is asked whether anything changed: a change of the profile is counted as one of the card first.
            var profile = _profiles.Of(ordinals.GetOrAdd(card.Id));
            if (_cards.IsUnchanged(begun, card.Id, out var ordinal, out var version))
            {
                _cache.Put(card.Id, new Kept(card, ordinal, version, profile));
            }
        }
    }

    public void OnCommitted(IReadOnlyList<Committed> group)
    {
        foreach (var committed in group)
        {
            switch (committed.Event)
            {
                case ProfileChanged changed:
                    ProfileOf(changed.Account);
                    break;
                case AccountDeleted deleted:
                    ProfileOf(deleted.Account);
                    break;
#if SEEDED_BUGS
                case AccountSuspended when SeededBugs.Is("suspended-still-rendered"):
                    break;
#endif
                case AccountSuspended suspended:
                    ProfileOf(suspended.Account);
                    break;
                case AccountRestored restored:
                    ProfileOf(restored.Account);
                    break;
                case AccountsCounted counted:
                    foreach (var account in counted.Accounts)
                    {
                        _cards.Changed(account);
                    }

                    break;
            }
        }
    }

    public void Forget()
    {
        _cards.AllChanged();
        _profiles.AllChanged();
    }

    private void ProfileOf(AccountId account)
    {
        _cards.Changed(account);
        _profiles.Changed(account);
    }

    private sealed record Kept(AccountCard Card, int Ordinal, int Version, int ProfileVersion);
}
