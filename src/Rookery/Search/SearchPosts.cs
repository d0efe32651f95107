using Microsoft.Extensions.Options;
using Rookery.Posts;

namespace Rookery.Search;

/// <summary>
/// Finds what a prepared query asks for, in this process's index and in the shards that others hold. Whether the searcher may see each post, the reader of
/// the answer decides, as in every list: what is found may be gone, or by somebody who is blocked.
/// </summary>
internal sealed class SearchPosts(
    SearchIn search,
    AskShards shards,
    IPosts posts,
    IOptions<SearchOptions> options
)
{
    public const int MaxQueryLength = 500;

    /// <summary>Posts among which the most noticed are chosen.</summary>
    private const int RankedAmong = ShardQuestion.MostPosts;

    /// <summary>What one search may look at, however many stretches it takes.</summary>
    public SearchBudget NewBudget() => new(options.Value.PostsPerSearch);

    /// <summary>A stretch of what is found within the page's bounds: shorter than that asks for only where nothing follows, or where it says so.</summary>
    public async ValueTask<FoundPosts> LatestAsync(
        PreparedSearch asked,
        Page page,
        SearchBudget budget,
        CancellationToken token
    )
    {
        // Before it searches itself: the others work meanwhile, each with as much to spend.
        var mayRead = budget.Posts;
        var question = asked.QuestionFor(page, mayRead);
        var elsewhere = shards.AskAsync((shard, stop) => shard.FindAsync(question, stop), token);
        var here = await search.HandleAsync(asked, page, budget, token);
        var others = await elsewhere;
        var most = others.Answers.Select(answer => answer.Read).DefaultIfEmpty().Max();
        budget.SpendPosts(Math.Max(0, most - (mayRead - budget.Posts)));
        var found = FoundPosts.Of(
            others.Answers.SelectMany(answer => answer.Ids).Concat(here.Ids),
            page.NearestOf([here.Reached, .. others.Answers.Select(answer => answer.ReachedId)]),
            page
        );
        budget.SpendPosts(found.Ids.Count);
        return found with { IsPartial = others.IsPartial };
    }

    /// <summary>Of the newest within the page's bounds all that stand, the most noticed first.</summary>
    public async ValueTask<FoundPosts> TopAsync(
        PreparedSearch asked,
        Page page,
        SearchBudget budget,
        CancellationToken token
    )
    {
        var among = new Page(RankedAmong, page.MaxId, SinceId: new PostId(page.Above));
        var newest = await LatestAsync(asked, among, budget, token);
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
                    .Select(post => post.Id),
            ],
        };
    }
}
