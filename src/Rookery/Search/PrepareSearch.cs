using System.Globalization;
using Rookery.Accounts;
using Rookery.Graph;
using Rookery.Posts;

namespace Rookery.Search;

/// <summary>Reads a query, corrects words that are nowhere, and says who its names are and what the searcher may find.</summary>
internal sealed class PrepareSearch(
    SearchIndex index,
    IndexPosts follow,
    IAccounts accounts,
    AskShards shards,
    IGraph graph,
    AccountOrdinals ordinals,
    IPosts posts
)
{
    /// <summary>Followees that <c>in:home</c> looks among; more are left out.</summary>
    private const int MostFollowees = 5_000;

    /// <summary>A searcher's newest likes, among which posts are found that only some may see.</summary>
    private const int MostLiked = 1_000;

    public async ValueTask<PreparedSearch> HandleAsync(
        string text,
        AccountId? searcher,
        CancellationToken token
    )
    {
        var asked = await LiterallyAsync(text, searcher, token);
        var (root, instead) = Correct(asked.Query);
        // A word that is in what only the searcher may find is no slip, nor one that is in another shard.
        return instead is null || FindsGuarded(asked) || await OthersFindAsync(asked, token)
            ? asked
            : await GuardedAsync(instead, asked.Query, root, instead, searcher, token);
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

    private async ValueTask<bool> OthersFindAsync(PreparedSearch asked, CancellationToken token)
    {
        var others = await shards.AskAsync(asked.QuestionFor(new Page(1)), token);
        return others.Any(answer => answer.Ids.Count > 0);
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
        var guarded = searcher is { } account ? await GuardAsync(resolved, account, token) : null;
        return new PreparedSearch(text, searcher, query, resolved, guarded, instead);
    }

    private bool FindsGuarded(PreparedSearch search)
    {
        if (search.GuardedPlan is not { } plan)
        {
            return false;
        }

        using var cursor = index.Now.Guarded.Open(plan, new Page(1));
        return cursor.NextBatch(stackalloc PostId[1]) > 0;
    }

    private (SearchNode Root, string? Instead) Correct(SearchQuery query)
    {
        var searched = index.Now;
        var corrected = new Dictionary<SearchNode.Term, SearchNode.Term>();
        var literal = new HashSet<SearchNode>();
        foreach (
            var part in query.Parts.Where(part =>
                part.Leaf is SearchNode.Term { Kind: TermKind.Word }
            )
        )
        {
            var word = (SearchNode.Term)part.Leaf!;
            if (part.IsExcluded || part.Text.StartsWith('"'))
            {
                literal.Add(word);
            }
            else if (
                searched.Words.Correct(
                    word.Text.Bytes,
                    searched.Public.CountOf(TermKind.Word, word.Text.Bytes)
                ) is
                { } right
            )
            {
                corrected[word] = new SearchNode.Term(TermKind.Word, right);
            }
        }

        corrected = corrected
            .Where(one => !literal.Contains(one.Key))
            .ToDictionary(one => one.Key, one => one.Value);
        return corrected.Count == 0
            ? (query.Root, null)
            : (
                query.Root.Rewrite(leaf =>
                    leaf is SearchNode.Term term && corrected.TryGetValue(term, out var right)
                        ? right
                        : leaf
                ),
                query.ToText(term =>
                    corrected.TryGetValue(term, out var right) ? right.Text.ToString() : null
                )
            );
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
        return root.Rewrite(leaf =>
            leaf switch
            {
                SearchNode.FromName from => Of(TermKind.Author, from.Name, known),
                SearchNode.ToName to => Of(TermKind.To, to.Name, known),
                SearchNode.FromMe => searcher is { } me
                    ? Of(TermKind.Author, me)
                    : new SearchNode.Nothing(),
                SearchNode.InHome => home,
                _ => leaf,
            }
        );
    }

    private async ValueTask<SearchNode> HomeAsync(AccountId searcher, CancellationToken token)
    {
        var followees = new int[256];
        int count;
        while ((count = graph.CopyFollowees(searcher, ref followees)) < 0)
        {
            await graph.LoadAsync(searcher, token);
        }

        return SearchNodes.Any(
            followees
                .Take(Math.Min(count, MostFollowees))
                .Select(ordinals.IdOf)
                .Append(searcher)
                .Select(author => Of(TermKind.Author, author))
        );
    }

    /// <summary>Of posts that only some may find those that the searcher always may: its own, and those that it is mentioned in or has liked.</summary>
    private async ValueTask<SearchNode> GuardAsync(
        SearchNode root,
        AccountId searcher,
        CancellationToken token
    )
    {
        var liked = (await posts.NewestMarksAsync(searcher, MostLiked, token)).Liked;
        return SearchNodes.All([
            root,
            SearchNodes.Any([
                Of(TermKind.Author, searcher),
                Of(TermKind.Mentioned, searcher),
                liked.Count == 0
                    ? new SearchNode.Nothing()
                    : new SearchNode.OneOf([.. liked.Order()]),
            ]),
        ]);
    }

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
