using Rookery.Accounts;

namespace Rookery.Search;

/// <summary>
/// Brings what accounts say of themselves into the index: what they are called, and whether strangers may find what they post. Both may be told twice and in
/// any order: what is so now is read each time.
/// </summary>
internal sealed class IndexAccounts(IAccounts accounts, AddToIndex add)
{
    private const int Batch = 500;

    /// <summary>What is so of these accounts now.</summary>
    public async Task ApplyAsync(
        IndexedPosts into,
        IReadOnlyCollection<AccountId> changed,
        CancellationToken token
    )
    {
        foreach (var some in changed.Chunk(Batch))
        {
            var cards = await accounts.CardsAsync(some, token);
            foreach (var gone in some.Except(cards.Select(card => card.Id)))
            {
                into.Accounts.Remove(gone);
            }

            foreach (var card in cards)
            {
                await ApplyAsync(into, card, token);
            }
        }
    }

    /// <summary>All accounts, one after another.</summary>
    public async Task ReadAllAsync(IndexedPosts into, CancellationToken token)
    {
        var standing = new HashSet<AccountId>();
        AccountId last = default;
        IReadOnlyList<AccountCard> some;
        do
        {
            some = await accounts.AllAboveAsync(last, token);
            foreach (var card in some)
            {
                standing.Add(card.Id);
                await ApplyAsync(into, card, token);
                last = card.Id;
            }
        } while (some.Count > 0);

        // One that was made meanwhile is asked about again, not taken for one that is gone.
        await ApplyAsync(into, into.Accounts.Without(standing), token);
    }

    private async Task ApplyAsync(IndexedPosts into, AccountCard card, CancellationToken token)
    {
        into.Accounts.Put(card);
        if (card.IsIndexable != into.Public.Hides(card.Id))
        {
            return;
        }

        if (card.IsIndexable)
        {
            into.Public.Show(card.Id);
        }
        else
        {
            into.Public.Hide(card.Id);
        }

        // What it posted is then found by those who may: itself, who is mentioned, who likes it; or by all again.
        await add.AddAllOfAsync(into, card.Id, token);
    }
}
