using Rookery.Posts;
using Rookery.Search.Index;

namespace Rookery.Search;

/// <summary>Finds hashtags of public posts in this process's index by how they begin.</summary>
internal sealed class HashtagsIn(SearchIndex index, IndexPosts follow, IPosts posts)
{
    private static readonly char[] Signs = ['#', '\uFF03'];

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
        var found = searched
            .TermsLike(TermKind.Hashtag, begun.Bytes, HashtagsQuestion.Most)
            .Where(one => one.Term != begun)
            .Prepend(itself)
            .Where(one => one.Posts > 0)
            .Select(one => (Hashtag: one, Newest: NewestWith(searched, one.Term)))
            .Where(one => one.Newest is not null)
            .Take(count)
            .ToList();
        var texts = await TextsAsync([.. found.Select(one => one.Newest!.Value).Distinct()], token);
        return
        [
            .. found.Select(one => new FoundHashtag(
                one.Hashtag.Term.ToString(),
                one.Hashtag.Posts,
                SpellingIn(texts.GetValueOrDefault(one.Newest!.Value, ""), one.Hashtag.Term)
            )),
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

    /// <summary>Null where nobody finds one.</summary>
    private static PostId? NewestWith(PostIndex searched, Utf8Term hashtag)
    {
        var plan = QueryPlan.Of(new SearchNode.Term(TermKind.Hashtag, hashtag));
        using var cursor = searched.Open(plan, new Page(1));
        Span<PostId> newest = stackalloc PostId[1];
        var isFound = cursor.NextBatch(newest) > 0;
#if SEEDED_BUGS
        isFound |= SeededBugs.Is("hashtag-suggested-unfound");
#endif
        return isFound ? newest[0] : null;
    }

    /// <summary>None where they cannot be read: a hashtag without its accents is better than none.</summary>
    private async ValueTask<Dictionary<PostId, string>> TextsAsync(
        PostId[] some,
        CancellationToken token
    )
    {
        try
        {
            return (await posts.GetManyAsync(some, token)).ToDictionary(
                post => post.Id,
                post => $"{post.Warning}\n{post.Text}"
            );
        }
        catch (StoreUnavailableException)
        {
            return [];
        }
    }

    /// <summary>The index has hashtags without accents; their timelines have them as they were written.</summary>
    private static string? SpellingIn(string text, Utf8Term hashtag)
    {
        Span<byte> folded = stackalloc byte[TermBuffer.MaxLength];
        for (var at = text.IndexOfAny(Signs); at >= 0; at = text.IndexOfAny(Signs, at + 1))
        {
            var written = text.AsSpan(at, Hashtag.LengthAt(text, at));
            if (
                written.Length > 1
                && CutText.FoldedName(written[1..], folded).SequenceEqual(hashtag.Bytes)
            )
            {
                return Hashtag.Fold(written[1..]);
            }
        }

        return null;
    }
}
