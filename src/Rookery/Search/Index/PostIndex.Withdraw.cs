namespace Rookery.Search.Index;

// How posts are taken out as if they had never been there.
internal sealed partial class PostIndex
{
    /// <summary>Whether a post is there, hidden or not.</summary>
    public bool Has(PostId post)
    {
        lock (_writing)
        {
            return TryFind(post.Value, out _, out _);
        }
    }

    /// <summary>
    /// Takes a post out that may be added again, and its terms, those that it was added with, out of all counts at once: not only when it is merged away. False
    /// where it is not there.
    /// </summary>
    public bool Withdraw(PostId post, AccountId author, PostTerms terms)
    {
        terms.AddAccount(TermKind.Author, author);
        lock (_writing)
        {
            if (!TryFind(post.Value, out var marks, out var document))
            {
                return false;
            }

            marks.Remove(document);
            Volatile.Write(ref _changes, _changes + 1);
            CountNoMore(terms, marks);
            return true;
        }
    }

    /// <param name="marks">Of the segment in which the post was.</param>
    private void CountNoMore(PostTerms terms, SegmentMarks marks)
    {
        var open = Array.Find<OpenSegment>([_view.Live, _view.Late], one => one.Marks == marks);
        var segment = Array.Find(_view.Sealed, one => one.Marks == marks);
        var once = new HashSet<Utf8Term>();
        foreach (var term in terms)
        {
            if (once.Add(new Utf8Term(term.Key)))
            {
                open?.Withdraw(term.Key, term.Hash, _words);
                segment?.Withdraw(term.Key, posts: 1, _words);
            }
        }
    }

    /// <summary>What was withdrawn from the source while it was being merged is in the merged segment, and counted there.</summary>
    private void Withdraw(SealedSegment merged, SealedSegment source, WithdrawnTerms then)
    {
        foreach (var (end, posts) in source.Marks.Withdrawn.All)
        {
            var since = posts - then.Of(end);
            if (since > 0)
            {
                var term = source.ReadThrough(end);
                _words?.Replace(term.Key, WordCounts.Of(term.Posts), term.Posts + since);
                merged.Withdraw(term.Key, since, _words);
            }
        }
    }
}
