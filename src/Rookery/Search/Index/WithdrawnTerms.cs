using System.Collections.Concurrent;

namespace Rookery.Search.Index;

/// <summary>
/// In how many withdrawn posts of a sealed segment each term is, by where the term ends in the dictionary: in so many fewer it counts. One writer; readers see a
/// number as soon as it is set.
/// </summary>
internal sealed class WithdrawnTerms
{
    // Most segments never have any.
    private ConcurrentDictionary<int, int>? _posts;

    public WithdrawnTerms() { }

    public WithdrawnTerms(ReadOnlySpan<int> terms, ReadOnlySpan<int> posts)
    {
        for (var i = 0; i < Math.Min(terms.Length, posts.Length); i++)
        {
            Add(terms[i], posts[i]);
        }
    }

    /// <summary>Terms, not posts.</summary>
    public int Count { get; private set; }

    public IEnumerable<(int Term, int Posts)> All =>
        _posts is null ? [] : _posts.Select(one => (one.Key, one.Value));

    public int Of(int term) =>
        Volatile.Read(ref _posts) is { } posts && posts.TryGetValue(term, out var count)
            ? count
            : 0;

    public void Add(int term, int posts)
    {
        var before = Of(term);
        Count += before == 0 ? 1 : 0;
        var all = _posts ?? new ConcurrentDictionary<int, int>();
        all[term] = before + posts;
        Volatile.Write(ref _posts, all);
    }

    /// <summary>As they are at this moment.</summary>
    public WithdrawnTerms Copy()
    {
        var copy = new WithdrawnTerms();
        foreach (var (term, posts) in All)
        {
            copy.Add(term, posts);
        }

        return copy;
    }
}
