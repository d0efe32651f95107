using Rookery.Accounts;
using Rookery.Graph;

namespace Rookery.Search;

/// <summary>Finds accounts by the beginnings of their names. Whoever blocks the searcher, or is blocked by it, is not there.</summary>
internal sealed class SearchAccounts(
    SearchIndex index,
    IndexPosts follow,
    IAccounts accounts,
    IGraph graph,
    AccountOrdinals ordinals
)
{
    public const int MaxCount = 80;

    /// <summary>Of which the first are chosen by what is known of them at this moment.</summary>
    private const int Considered = 3 * MaxCount;

    /// <summary>Which part of what is found is asked for.</summary>
    /// <param name="Skip">That are left out before it. Nothing is behind the first 240.</param>
    /// <param name="Followed">Of those alone that the searcher follows, if there is one.</param>
    public readonly record struct Wanted(int Count, int Skip = 0, bool Followed = false);

    /// <summary>Accounts whose handle is the text first, then those with the most followers.</summary>
    public async ValueTask<FoundAccounts> HandleAsync(
        string text,
        AccountId? searcher,
        Wanted wanted,
        CancellationToken token
    )
    {
        await follow.NearlyCaughtUpAsync(token);
        var isPartial = !index.IsWhole;
        var name = NameIn(text);
        var among =
            wanted.Followed && searcher is { } follower
                ? (await graph.FolloweesAsync(follower, ordinals, token)).ToHashSet()
                : null;
        var found = index.Now.Accounts.Find(name, Considered, among);
        var exact = await ExactAsync(name, among, token);
        var cards = await accounts.CardsAsync(found.Concat(exact).Distinct().ToArray(), token);
        var hidden = searcher is { } viewer ? await graph.HiddenFromAsync(viewer, token) : null;
        isPartial |= found.Count == Considered && wanted.Skip > Considered - wanted.Count;
        return new FoundAccounts(
            [
                .. cards
                    .Where(card => hidden?.Blocks(card.Id) is not true)
                    .OrderByDescending(card => exact.Contains(card.Id))
                    .ThenByDescending(card => card.Counts.Followers)
                    .ThenBy(card => card.Id)
                    .Skip(wanted.Skip)
                    .Take(wanted.Count),
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
        HashSet<AccountId>? among,
        CancellationToken token
    ) =>
        Handle.Standing(name) is { } handle
            ? (await accounts.ResolveAsync([handle.Folded], token))
                .Values.Where(account => among?.Contains(account) is not false)
                .ToHashSet()
            : new HashSet<AccountId>();
}

/// <param name="IsPartial">Somebody may be missing: not all accounts were read yet, or the first 240 are not enough.</param>
internal sealed record FoundAccounts(IReadOnlyList<AccountCard> Accounts, bool IsPartial);
