using Rookery.Search.Index;

namespace Rookery.Search;

/// <summary>Finds hashtags of public posts by how they begin.</summary>
internal sealed class SearchHashtags(SearchIndex index, IndexPosts follow)
{
    public const int MaxCount = 80;

    /// <summary>Of which those are left out that no post has that anybody may find.</summary>
    private const int Considered = 3 * MaxCount;

    /// <summary>The hashtag itself first, then those of the most posts.</summary>
    public async ValueTask<FoundHashtags> HandleAsync(
        string text,
        int count,
        CancellationToken token
    )
    {
        await follow.NearlyCaughtUpAsync(token);
        var isPartial = !index.IsWhole;
        if (Fold(text) is not { } begun)
        {
            return new FoundHashtags([], isPartial);
        }

        var searched = index.Now.Public;
        return new FoundHashtags(
            [
                .. searched
                    .TermsLike(TermKind.Hashtag, begun.Bytes, Considered)
                    .OrderByDescending(one => one.Term == begun)
                    .Where(one => IsFound(searched, one.Term))
                    .Take(count)
                    .Select(one => new FoundHashtag(one.Term.ToString(), one.Posts)),
            ],
            isPartial
        );
    }

    /// <summary>As a post with it would have it; null where it can be none.</summary>
    private static Utf8Term? Fold(string text)
    {
        var terms = new PostTerms();
        var sink = terms.Writer;
        var post = new SearchablePost
        {
            Id = new PostId(1),
            Author = new AccountId(1),
            Text = $"#{text.Trim().TrimStart('#', '\uFF03')}",
        };
        new PostAnalyzer().Analyze(post, ref sink);
        foreach (var term in terms)
        {
            if (term.Key[0] == (byte)TermKind.Hashtag)
            {
                return new Utf8Term(term.Key[1..]);
            }
        }

        return null;
    }

    private static bool IsFound(PostIndex searched, Utf8Term hashtag)
    {
        var plan = QueryPlan.Of(new SearchNode.Term(TermKind.Hashtag, hashtag));
        using var cursor = searched.Open(plan, new Page(1));
        return cursor.NextBatch(stackalloc PostId[1]) > 0;
    }
}

/// <param name="Name">Without its sign, folded: hashtags that differ in case or accents are one.</param>
/// <param name="Posts">Public ones with it, those that were deleted lately perhaps among them.</param>
internal readonly record struct FoundHashtag(string Name, long Posts);

/// <param name="IsPartial">Some may be missing: the index is not whole yet.</param>
internal sealed record FoundHashtags(IReadOnlyList<FoundHashtag> Hashtags, bool IsPartial);
