using Rookery.Posts;

namespace Rookery.Search;

/// <summary>
/// Finds what a prepared query asks for, in this process's index and in the shards that others hold. Whether the searcher may see each post, the reader of
/// the answer decides, as in every list: what is found may be gone, or by somebody who is blocked.
/// </summary>
internal sealed class SearchPosts(SearchIn search, AskShards shards, IPosts posts)
{
    public const int MaxQueryLength = 500;

    /// <summary>Posts among which the most noticed are chosen.</summary>
    private const int RankedAmong = ShardQuestion.MostPosts;

    /// <summary>A stretch of what is found within the page's bounds: shorter than that asks for only where nothing follows, or where it says so.</summary>
    public ValueTask<FoundPosts> HandleAsync(
        PreparedSearch asked,
        Page page,
        CancellationToken token
    ) =>
        asked.Query.Sort == SortOrder.Top
            ? TopAsync(asked, page, token)
            : LatestAsync(asked, page, token);

    private async ValueTask<FoundPosts> LatestAsync(
        PreparedSearch asked,
        Page page,
        CancellationToken token
    )
    {
        // Before it searches itself: the others work meanwhile.
        var question = asked.QuestionFor(page);
        var elsewhere = shards.AskAsync((shard, stop) => shard.FindAsync(question, stop), token);
        var here = await search.HandleAsync(asked, page, token);
        var others = await elsewhere;
        var isPartial =
            here.IsPartial || others.IsPartial || others.Answers.Any(answer => answer.IsPartial);
        if (others.Answers.Count == 0)
        {
            return here with { IsPartial = isPartial };
        }

        var ids = others.Answers.SelectMany(answer => answer.Ids).Concat(here.Ids).Distinct();
        return new FoundPosts(
            page.FromBelow
                ? [.. ids.Order().Take(page.Count).Reverse()]
                : [.. ids.OrderDescending().Take(page.Count)],
            isPartial
        );
    }

    private async ValueTask<FoundPosts> TopAsync(
        PreparedSearch asked,
        Page page,
        CancellationToken token
    )
    {
        var newest = await LatestAsync(asked, page with { Count = RankedAmong }, token);
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
}
