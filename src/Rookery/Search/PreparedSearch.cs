using Rookery.Search.Index;

namespace Rookery.Search;

/// <summary>A query ready to be run, page after page.</summary>
/// <param name="Text">The query that is searched, as text.</param>
/// <param name="Searcher">Who may find more than everybody does.</param>
/// <param name="Query">As it was read.</param>
/// <param name="Root">What to find, names resolved.</param>
/// <param name="Guarded">What of it to find among posts that only some may find; null where there is nothing the searcher may.</param>
/// <param name="Instead">The query that is searched in the place of the one that was asked, because that finds nothing and a word of it is hardly anywhere; null where it is as asked.</param>
internal sealed record PreparedSearch(
    string Text,
    AccountId? Searcher,
    SearchQuery Query,
    SearchNode Root,
    SearchNode? Guarded,
    string? Instead
)
{
    /// <summary>What may have been meant, though the query finds something as it stands; null where no word looks like a slip.</summary>
    public string? Suggestion { get; init; }

    /// <summary>What other shards are asked for a page of it.</summary>
    /// <param name="posts">That each of them may read through.</param>
    public ShardQuestion QuestionFor(Page page, int posts) =>
        ShardQuestion.Of(Text, Searcher, page) with
        {
            MayRead = posts,
        };

    public QueryPlan Plan { get; } = QueryPlan.Of(Root);

    public QueryPlan? GuardedPlan { get; } = Guarded is null ? null : QueryPlan.Of(Guarded);
}
