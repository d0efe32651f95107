using System.Globalization;
using Rookery.Accounts;
using Rookery.Graph;

namespace Rookery.Search;

/// <summary>Reads a query, corrects words that are nowhere, and says who its names are and what the searcher may find.</summary>
internal sealed class PrepareSearch(
    IndexPosts follow,
    CorrectQuery correct,
    IAccounts accounts,
    IGraph graph,
    AccountOrdinals ordinals,
    SearcherLikes likes
)
{
    /// <summary>Followees that <c>in:home</c> looks among; more are left out.</summary>
    private const int MostFollowees = 5_000;

    public async ValueTask<PreparedSearch> HandleAsync(
        string text,
        AccountId? searcher,
        CancellationToken token
    )
    {
        var asked = await LiterallyAsync(text, searcher, token);
        return await correct.HandleAsync(asked, token) switch
        {
            null => asked,
            { IsNeeded: false } offered => asked with { Suggestion = offered.Text },
            var (root, instead) => await GuardedAsync(
                instead,
                asked.Query,
                root,
                instead,
                searcher,
                token
            ),
        };
    }

    /// <summary>As it stands: no word of it is taken for a slip.</summary>
    public async ValueTask<PreparedSearch> LiterallyAsync(
        string text,
        AccountId? searcher,
        CancellationToken token
    )
    {
        await follow.NearlyCaughtUpAsync(token);
        var query = ParseQuery.Handle(text);
        return await GuardedAsync(text, query, query.Root, null, searcher, token);
    }

    private async ValueTask<PreparedSearch> GuardedAsync(
        string text,
        SearchQuery query,
        SearchNode root,
        string? instead,
        AccountId? searcher,
        CancellationToken token
    )
    {
        var resolved = await ResolveAsync(root, searcher, token);
        // Whatever everybody finds is in the one part of the index, and nothing of it in the other.
        var everybodys = InPublicBecomes(resolved, new SearchNode.Not(new SearchNode.Nothing()));
        var others = InPublicBecomes(resolved, new SearchNode.Nothing());
        var guarded = searcher is { } account ? await GuardAsync(others, account, token) : null;
        return new PreparedSearch(text, searcher, query, everybodys, guarded, instead);
    }

    private async ValueTask<SearchNode> ResolveAsync(
        SearchNode root,
        AccountId? searcher,
        CancellationToken token
    )
    {
        var leaves = root.Leaves().ToList();
        var names = leaves.Select(NameIn).OfType<string>().ToHashSet(StringComparer.Ordinal);
        var known =
            names.Count == 0
                ? new Dictionary<string, AccountId>()
                : await accounts.ResolveAsync(names, token);
        var home =
            leaves.Any(leaf => leaf is SearchNode.InHome) && searcher is { } account
                ? await HomeAsync(account, token)
                : new SearchNode.Nothing();
        var library =
            leaves.Any(leaf => leaf is SearchNode.InLibrary) && searcher is { } reader
                ? await LibraryAsync(reader, token)
                : new SearchNode.Nothing();
        return root.Rewrite(leaf =>
            leaf switch
            {
                SearchNode.FromName from => Of(TermKind.Author, from.Name, known),
                SearchNode.ToName to => Of(TermKind.To, to.Name, known),
                SearchNode.FromMe => searcher is { } me
                    ? Of(TermKind.Author, me)
                    : new SearchNode.Nothing(),
                SearchNode.InHome => home,
                SearchNode.InLibrary => library,
                _ => leaf,
            }
        );
    }

    private async ValueTask<SearchNode> HomeAsync(AccountId searcher, CancellationToken token)
    {
        var followees = await graph.FolloweesAsync(searcher, ordinals, token);
        return SearchNodes.Any(
            followees
                .Take(MostFollowees)
                .Append(searcher)
                .Select(author => Of(TermKind.Author, author))
        );
    }

    /// <summary>Of posts that only some may find those that the searcher always may.</summary>
    private async ValueTask<SearchNode> GuardAsync(
        SearchNode root,
        AccountId searcher,
        CancellationToken token
    ) => SearchNodes.All([root, await LibraryAsync(searcher, token)]);

    /// <summary>The searcher's own posts, and those that it is mentioned in or has liked.</summary>
    private async ValueTask<SearchNode> LibraryAsync(AccountId searcher, CancellationToken token)
    {
        var liked = await likes.OfAsync(searcher, token);
        return SearchNodes.Any([
            Of(TermKind.Author, searcher),
            Of(TermKind.Mentioned, searcher),
            liked.Count == 0 ? new SearchNode.Nothing() : new SearchNode.OneOf(liked),
        ]);
    }

    private static SearchNode InPublicBecomes(SearchNode root, SearchNode node) =>
        root.Rewrite(leaf => leaf is SearchNode.InPublic ? node : leaf);

    private static string? NameIn(SearchNode leaf) =>
        leaf switch
        {
            SearchNode.FromName from => from.Name,
            SearchNode.ToName to => to.Name,
            _ => null,
        };

    private static SearchNode Of(
        TermKind kind,
        string name,
        IReadOnlyDictionary<string, AccountId> known
    ) => known.TryGetValue(name, out var account) ? Of(kind, account) : new SearchNode.Nothing();

    private static SearchNode.Term Of(TermKind kind, AccountId account) =>
        new(kind, Utf8Term.Of(account.Value.ToString(CultureInfo.InvariantCulture)));
}
