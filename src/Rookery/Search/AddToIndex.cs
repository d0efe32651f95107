using Rookery.Posts;
using Rookery.Search.Index;

namespace Rookery.Search;

/// <summary>Reads posts and puts them into the index they belong in.</summary>
internal sealed class AddToIndex(IPosts posts, ShardLayout layout)
{
    private readonly Lock _lock = new();
    private readonly PostAnalyzer _analyzer = new();
    private readonly PostTerms _terms = new();

    /// <summary>Those of them that stand, and are this shard's.</summary>
    public async Task AddAsync(
        IndexedPosts into,
        IReadOnlyList<PostId> ids,
        CancellationToken token
    )
    {
        var own = ids.Where(layout.Owns).ToArray();
        if (own.Length > 0)
        {
            await AddAsync(into, await posts.GetManyAsync(own, token), token);
        }
    }

    public async Task AddAsync(
        IndexedPosts into,
        IReadOnlyList<Post> standing,
        CancellationToken token
    )
    {
        standing = layout.IsDivided ? [.. standing.Where(post => layout.Owns(post.Id))] : standing;
        if (standing.Count == 0)
        {
            return;
        }

        var mentioned = await posts.MentionedInAsync(
            standing.Select(post => post.Id).ToArray(),
            token
        );
        lock (_lock)
        {
            foreach (var post in standing.OrderBy(post => post.Id))
            {
                Analyze(post, mentioned.GetValueOrDefault(post.Id) ?? []);
                if (into.Public.Hides(post.Author))
                {
                    // What an author withholds from strangers is found as what only some may see.
                    into.Guarded.Add(post.Id, post.Author, _terms);
                    into.Public.Withdraw(post.Id, post.Author, _terms);
                }
                else
                {
                    var isPublic = post.Visibility == Visibility.Public;
                    (isPublic ? into.Public : into.Guarded).Add(post.Id, post.Author, _terms);
                }
            }
        }
    }

    /// <summary>All posts of an author that are not yet where they belong, or are still where they do not.</summary>
    public async Task AddAllOfAsync(IndexedPosts into, AccountId author, CancellationToken token)
    {
        var list = new PostList.ByAuthor(author);
        var isWithheld = into.Public.Hides(author);
        bool IsDue(PostId post) =>
            isWithheld
                ? !into.Guarded.HasAlive(post) || into.Public.Has(post)
                : !into.Public.HasAlive(post);
        var page = new Page(Page.MaxCount);
        IReadOnlyList<PostId> ids;
        do
        {
            ids = await posts.ListAsync(list, page, token);
            await AddAsync(into, [.. ids.Where(IsDue)], token);
            page = ids.Count > 0 ? page with { MaxId = ids[^1] } : page;
        } while (ids.Count == page.Count);
    }

    private void Analyze(Post post, IReadOnlyList<AccountId> mentioned)
    {
        _terms.Clear();
        var sink = _terms.Writer;
        _analyzer.Analyze(SearchablePost.Of(post, [.. mentioned]), ref sink);
    }
}
