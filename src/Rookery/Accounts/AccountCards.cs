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

    /// <summary>Call before cards are read; hand the answer to <see cref="Keep"/>.</summary>
    public long BeginRead() => _cards.BeginRead();

    public void Keep(IReadOnlyList<AccountCard> cards, long begun)
    {
        foreach (var card in cards)
        {
            if (_cards.IsUnchanged(begun, card.Id, out var ordinal, out var version))
            {
                _cache.Put(card.Id, new Kept(card, ordinal, version));
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
        _profiles.AllChanged();
        _cards.AllChanged();
    }

    private void ProfileOf(AccountId account)
    {
        _profiles.Changed(account);
        _cards.Changed(account);
    }

    private sealed record Kept(AccountCard Card, int Ordinal, int Version);
}
