using Rookery.Search.Index;

namespace Rookery.Search;

/// <summary>Finds hashtags of public posts in this process's index by how they begin.</summary>
internal sealed class HashtagsIn(SearchIndex index, IndexPosts follow)
{
    /// <summary>The hashtag itself first, then those of the most posts; without those that no post has that anybody may find.</summary>
    public async ValueTask<IReadOnlyList<FoundHashtag>> HandleAsync(
        Utf8Term begun,
        int count,
        CancellationToken token
    )
    {
        await follow.NearlyCaughtUpAsync(token);
        var searched = index.Now.Public;
        var itself = new TermCount(begun, searched.CountOf(TermKind.Hashtag, begun.Bytes));
        return
        [
            .. searched
                .TermsLike(TermKind.Hashtag, begun.Bytes, HashtagsQuestion.Most)
                .Where(one => one.Term != begun)
                .Prepend(itself)
                .Where(one => one.Posts > 0 && IsFound(searched, one.Term))
                .Take(count)
                .Select(one => new FoundHashtag(one.Term.ToString(), one.Posts)),
        ];
    }

    /// <summary>As a post with it would have it; null where it can be none.</summary>
    public static Utf8Term? Fold(string text)
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
#if SEEDED_BUGS
        if (SeededBugs.Is("hashtag-suggested-unfound"))
            return true;
#endif
        var plan = QueryPlan.Of(new SearchNode.Term(TermKind.Hashtag, hashtag));
        using var cursor = searched.Open(plan, new Page(1));
        return cursor.NextBatch(stackalloc PostId[1]) > 0;
    }
}
