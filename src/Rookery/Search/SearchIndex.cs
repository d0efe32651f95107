using Microsoft.Extensions.Options;
using Rookery.Search.Index;
using Rookery.Search.Spelling;

namespace Rookery.Search;

/// <summary>
/// What is searched: public posts, and apart from them those that only some may find, so that nothing of them, not even how often a word occurs,
/// plays a part in what others are answered.
/// </summary>
internal sealed record IndexedPosts(PostIndex Public, PostIndex Guarded, KnownWords Words)
{
    /// <summary>Who can be found by name.</summary>
    public AccountNames Accounts { get; } = new();

    /// <summary>Authors of whom not all posts are where they want them: a fault came between. The writer's alone.</summary>
    public HashSet<AccountId> Unmoved { get; } = [];

    public static IndexedPosts Empty(SearchOptions options)
    {
        var words = new KnownWords(options.WordBytes);
        var limits = new IndexLimits();
        return new IndexedPosts(new PostIndex(limits, words), new PostIndex(limits), words);
    }

    /// <summary>True where there may be more to merge.</summary>
    public bool Merge() => Public.Merge() | Guarded.Merge() | Accounts.Merge();

    /// <summary>For good, wherever it is.</summary>
    public void Remove(PostId post)
    {
        Public.Remove(post);
        Guarded.Remove(post);
    }

    /// <summary>Whether nothing by this author is to be found, whatever it wishes: images keep it.</summary>
    public bool IsClosed(AccountId author) => Guarded.Hides(author);

    /// <summary>What was closed is found again, once <see cref="IndexAccounts"/> has asked how the author wishes it and has read what it posted.</summary>
    public void Open(AccountId author)
    {
        Guarded.Show(author);
        Unmoved.Add(author);
    }

    /// <summary>Nothing by this author is found any more.</summary>
    public void Close(AccountId author)
    {
        Public.Hide(author);
        Guarded.Hide(author);
    }
}

/// <summary>The index that is searched now. Where it was lost, another takes its place once it has everything.</summary>
internal sealed class SearchIndex(IOptions<SearchOptions> options)
{
    private IndexedPosts _now = IndexedPosts.Empty(options.Value);
    private bool _isBuilt;
    private bool _isDoubtful;

    public IndexedPosts Now => Volatile.Read(ref _now);

    /// <summary>False until everything that stood at the start is in it.</summary>
    public bool IsBuilt => Volatile.Read(ref _isBuilt);

    /// <summary>False where answers may lack something: right after the start, and while an index that missed something is built again.</summary>
    public bool IsWhole => IsBuilt && !Volatile.Read(ref _isDoubtful);

    /// <summary>An empty one, to be filled. Where there was none before, it is searched while it fills.</summary>
    public IndexedPosts Begin()
    {
        var fresh = IndexedPosts.Empty(options.Value);
        if (!IsBuilt)
        {
            Volatile.Write(ref _now, fresh);
        }

        return fresh;
    }

    /// <summary>From now on this one is searched; it has everything.</summary>
    public void Use(IndexedPosts whole)
    {
        Volatile.Write(ref _now, whole);
        Volatile.Write(ref _isDoubtful, false);
        Volatile.Write(ref _isBuilt, true);
    }

    /// <summary>Something was missed: it is searched on until another takes its place.</summary>
    public void Doubt() => Volatile.Write(ref _isDoubtful, true);
}
