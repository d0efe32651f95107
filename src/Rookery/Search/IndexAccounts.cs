using System.Runtime.CompilerServices;
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
            await ApplyAsync(into, await NowAsync(some, token), token);
        }
    }

    /// <summary>What was read of some accounts a moment ago.</summary>
    public async Task ApplyAsync(IndexedPosts into, AccountsNow read, CancellationToken token)
    {
        foreach (var gone in read.Gone)
        {
            into.Accounts.Remove(gone);
        }

        foreach (var card in read.Cards)
        {
            await ApplyAsync(into, card, token);
        }
    }

    /// <summary>All accounts, one after another.</summary>
    public async Task ReadAllAsync(IndexedPosts into, CancellationToken token)
    {
        await foreach (var some in AllAsync(into, token))
        {
            await ApplyAsync(into, some, token);
        }
    }

    /// <summary>All accounts, and those that are known and gone. Any thread may go through them: nothing is changed.</summary>
    public async IAsyncEnumerable<AccountsNow> AllAsync(
        IndexedPosts known,
        [EnumeratorCancellation] CancellationToken token
    )
    {
        var standing = new HashSet<AccountId>();
        AccountId last = default;
        IReadOnlyList<AccountCard> some;
        do
        {
            some = await accounts.AllAboveAsync(last, token);
            standing.UnionWith(some.Select(card => card.Id));
            last = some.Count > 0 ? some[^1].Id : last;
            yield return new AccountsNow(some, []);
        } while (some.Count > 0);

        // One that was made meanwhile is asked about again, not taken for one that is gone.
        foreach (var others in known.Accounts.Without(standing).Chunk(Batch))
        {
            yield return await NowAsync(others, token);
        }
    }

    private async Task<AccountsNow> NowAsync(AccountId[] some, CancellationToken token)
    {
        var cards = await accounts.CardsAsync(some, token);
        return new AccountsNow(cards, [.. some.Except(cards.Select(card => card.Id))]);
    }

    private async Task ApplyAsync(IndexedPosts into, AccountCard card, CancellationToken token)
    {
        into.Accounts.Put(card);
        if (into.IsClosed(card.Id))
        {
            return;
        }

#if SEEDED_BUGS
        if (SeededBugs.Is("choice-not-indexed"))
            return;
#endif
        if (card.IsIndexable != into.Public.Hides(card.Id) && !into.Unmoved.Contains(card.Id))
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
        into.Unmoved.Add(card.Id);
        await add.AddAllOfAsync(into, card.Id, token);
        into.Unmoved.Remove(card.Id);
    }
}

/// <summary>What some accounts say of themselves.</summary>
/// <param name="Gone">Asked about, and no accounts any more.</param>
internal sealed record AccountsNow(IReadOnlyList<AccountCard> Cards, IReadOnlyList<AccountId> Gone);
