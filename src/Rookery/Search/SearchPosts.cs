using Rookery.Posts;
using Rookery.Search.Index;

namespace Rookery.Search;

/// <summary>
/// Finds what a prepared query asks for in the index. Whether the searcher may see each post, the reader of the answer decides, as in every list: what
/// is found may be gone, or by somebody who is blocked.
/// </summary>
internal sealed class SearchPosts(SearchIndex index, IPosts posts)
{
    public const int MaxQueryLength = 500;

    /// <summary>Documents that one search looks at: some 20 ms of one core.</summary>
    private const long Work = 8 * PostIndex.UsualWork;

    /// <summary>Posts among which the most noticed are chosen.</summary>
    private const int RankedAmong = 1_000;

    private const int Batch = 64;

    /// <summary>A stretch of what is found within the page's bounds: shorter than that asks for only where nothing follows, or where it says so.</summary>
    public async ValueTask<FoundPosts> HandleAsync(
        PreparedSearch search,
        Page page,
        CancellationToken token
    )
    {
        if (search.Query.Sort == SortOrder.Top)
        {
            return await TopAsync(search, page, token);
        }

        var searched = index.Now;
        var isPartial = !index.IsWhole;
        var found = new SortedSet<PostId>();
        foreach (var (part, query, plan) in PartsOf(search, searched))
        {
            isPartial |= await FindAsync(part, query, plan, page, found, token);
        }

        var ids = page.FromBelow
            ? found.Take(page.Count).Reverse()
            : found.Reverse().Take(page.Count);
        return new FoundPosts([.. ids], isPartial);
    }

    private async ValueTask<FoundPosts> TopAsync(
        PreparedSearch search,
        Page page,
        CancellationToken token
    )
    {
        var latest = search with { Query = search.Query with { Sort = SortOrder.Latest } };
        var newest = await HandleAsync(latest, page with { Count = RankedAmong }, token);
        var standing = await posts.GetManyAsync(newest.Ids.ToArray(), token);
        return newest with
        {
            Ids =
            [
                .. standing
                    .OrderByDescending(post =>
                        post.Counts.Likes + (2 * post.Counts.Reposts) + post.Counts.Replies
                    )
                    .ThenByDescending(post => post.Id)
                    .Take(page.Count)
                    .Select(post => post.Id),
            ],
        };
    }

    private static IEnumerable<(PostIndex, SearchNode, QueryPlan)> PartsOf(
        PreparedSearch search,
        IndexedPosts searched
    )
    {
        yield return (searched.Public, search.Root, search.Plan);
        if (search is { Guarded: { } guarded, GuardedPlan: { } plan })
        {
            yield return (searched.Guarded, guarded, plan);
        }
    }

    /// <summary>Adds up to a page of one part; true where there may be more than was looked at.</summary>
    private async ValueTask<bool> FindAsync(
        PostIndex part,
        SearchNode query,
        QueryPlan plan,
        Page page,
        SortedSet<PostId> found,
        CancellationToken token
    )
    {
        using var cursor = part.Open(plan, page, Work);
        var batch = new PostId[plan.NeedsTexts ? Math.Max(Batch, page.Count) : page.Count];
        var match = plan.NeedsTexts ? new MatchPost() : null;
        for (var kept = 0; kept < page.Count; )
        {
            var count = cursor.NextBatch(batch);
            if (count == 0)
            {
                break;
            }

            var ids = match is null
                ? batch[..count]
                : await MatchingAsync(match, query, batch.AsMemory(0, count), token);
            kept += ids.Count;
            found.UnionWith(ids);
        }

        return cursor.IsOutOfWork;
    }

    private async ValueTask<IReadOnlyList<PostId>> MatchingAsync(
        MatchPost match,
        SearchNode query,
        ReadOnlyMemory<PostId> candidates,
        CancellationToken token
    )
    {
        var texts = await posts.GetManyAsync(candidates, token);
        var mentioned = await posts.MentionedInAsync(candidates, token);
        return
        [
            .. texts
                .Where(post =>
                    match.Matches(query, post, [.. mentioned.GetValueOrDefault(post.Id) ?? []])
                )
                .Select(post => post.Id),
        ];
    }
}
