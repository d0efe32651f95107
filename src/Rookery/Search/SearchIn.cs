using Rookery.Posts;
using Rookery.Search.Index;

namespace Rookery.Search;

/// <summary>Finds what a prepared query asks for in this process's index, newest first.</summary>
internal sealed class SearchIn(SearchIndex index, IPosts posts)
{
    /// <summary>Documents that one search looks at: some 20 ms of one core.</summary>
    private const long Work = 8 * PostIndex.UsualWork;

    private const int Batch = 64;

    /// <summary>A stretch of what is found within the page's bounds: shorter than that asks for only where nothing follows, or where it says so.</summary>
    public async ValueTask<FoundPosts> HandleAsync(
        PreparedSearch search,
        Page page,
        CancellationToken token
    )
    {
        var searched = index.Now;
        var isPartial = false;
        var found = new SortedSet<PostId>();
        foreach (var (part, query, plan) in PartsOf(search, searched))
        {
            isPartial |= await FindAsync(part, query, plan, page, found, token);
        }

        var ids = page.FromBelow
            ? found.Take(page.Count).Reverse()
            : found.Reverse().Take(page.Count);
#if SEEDED_BUGS
        ids = SeededBugs.Is("search-page-skips-one") && page.MaxId is not null ? ids.Skip(1) : ids;
#endif
        return new FoundPosts([.. ids], isPartial);
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
#if SEEDED_BUGS
        match = SeededBugs.Is("phrase-not-read") ? null : match;
#endif
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
