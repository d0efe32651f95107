using Rookery.Accounts;
using Rookery.Graph;

namespace Rookery.Search;

/// <summary>Finds accounts by the beginnings of their names. Whoever blocks the searcher, or is blocked by it, is not there.</summary>
internal sealed class SearchAccounts(
    SearchIndex index,
    IndexPosts follow,
    IAccounts accounts,
    IGraph graph
)
{
    public const int MaxCount = 80;

    /// <summary>Of which the first are chosen by what is known of them at this moment.</summary>
    private const int Considered = 3 * MaxCount;

    /// <summary>Accounts whose handle is the text first, then those with the most followers.</summary>
    public async ValueTask<FoundAccounts> HandleAsync(
        string text,
        AccountId? searcher,
        int count,
        CancellationToken token
    )
    {
        await follow.NearlyCaughtUpAsync(token);
        var isPartial = !index.IsWhole;
        var name = NameIn(text);
        var found = index.Now.Accounts.Find(name, Considered);
        var exact = await ExactAsync(name, token);
        var cards = await accounts.CardsAsync(found.Concat(exact).Distinct().ToArray(), token);
        var hidden = searcher is { } viewer ? await HiddenFromAsync(viewer, token) : null;
        return new FoundAccounts(
            [
                .. cards
                    .Where(card => hidden?.Blocks(card.Id) is not true)
                    .OrderByDescending(card => exact.Contains(card.Id))
                    .ThenByDescending(card => card.Counts.Followers)
                    .ThenBy(card => card.Id)
                    .Take(count),
            ],
            isPartial
        );
    }

    /// <summary>As people write it: with a sign before it, and the server behind it.</summary>
    private static string NameIn(string text)
    {
        var name = text.Trim();
        return name.StartsWith('@') ? name.TrimStart('@').Split('@', 2)[0] : name;
    }

    private async ValueTask<IReadOnlySet<AccountId>> ExactAsync(
        string name,
        CancellationToken token
    ) =>
        Handle.Standing(name) is { } handle
            ? (await accounts.ResolveAsync([handle.Folded], token)).Values.ToHashSet()
            : new HashSet<AccountId>();

    private async ValueTask<HiddenAccounts> HiddenFromAsync(
        AccountId viewer,
        CancellationToken token
    )
    {
        HiddenAccounts? hidden;
        while ((hidden = graph.HiddenFrom(viewer)) is null)
        {
            await graph.LoadAsync(viewer, token);
        }

        return hidden;
    }
}

/// <param name="IsPartial">Somebody may be missing: not all accounts were read yet.</param>
internal sealed record FoundAccounts(IReadOnlyList<AccountCard> Accounts, bool IsPartial);
