using Microsoft.Extensions.Options;
using Rookery.Posts;

namespace Rookery.Search;

/// <summary>
/// The newest likes of those who searched lately, so that their next search does not ask the database. Readers take no lock. Loads and events meet under one: a
/// like of the searcher's during its load makes the load start over.
/// </summary>
internal sealed class SearcherLikes(IPosts posts, IOptions<SearchOptions> options) : ICommitObserver
{
    /// <summary>Of one searcher, by the age of the posts. Those of posts that are gone count too until they are read again.</summary>
    public const int Most = 1_000;

    private readonly Lock _changing = new();

    /// <summary>Loads on their way. Where a like changes meanwhile, the account is taken out, and no load begun before may put in what it read.</summary>
    private readonly Dictionary<AccountId, object> _loading = [];

    /// <summary>Oldest first, and never written to: a change puts another in its place.</summary>
    private BoundedCache<AccountId, PostId[]> _held = new(options.Value.CachedSearchers);

    /// <summary>At most <see cref="Most"/>, the oldest post first.</summary>
    public ValueTask<IReadOnlyList<PostId>> OfAsync(AccountId searcher, CancellationToken token) =>
        Volatile.Read(ref _held).Find(searcher) is { } likes
            ? ValueTask.FromResult<IReadOnlyList<PostId>>(likes)
            : LoadAsync(searcher, token);

    public void OnCommitted(IReadOnlyList<Committed> group)
    {
        foreach (var committed in group)
        {
            switch (committed.Event)
            {
                case PostLiked liked:
                    Change(liked.Account, liked.Post, isLiked: true);
                    break;
#if SEEDED_BUGS
                case PostUnliked when SeededBugs.Is("unlike-leaves-likes"):
                    break;
#endif
                case PostUnliked unliked:
                    Change(unliked.Account, unliked.Post, isLiked: false);
                    break;
            }
        }
    }

    public void Forget()
    {
        lock (_changing)
        {
            _loading.Clear();
            Volatile.Write(
                ref _held,
                new BoundedCache<AccountId, PostId[]>(options.Value.CachedSearchers)
            );
        }
    }

    private async ValueTask<IReadOnlyList<PostId>> LoadAsync(
        AccountId searcher,
        CancellationToken token
    )
    {
        while (true)
        {
            var load = BeginLoad(searcher);
            PostId[]? read = null;
            try
            {
                var newest = await posts.NewestMarksAsync(searcher, Most, token);
                read = [.. newest.Liked.Order()];
            }
            finally
            {
                // What was not read is nobody's load any more.
                read = TryEndLoad(searcher, load, read) ? read : null;
            }

            if ((read ?? Volatile.Read(ref _held).Find(searcher)) is { } likes)
            {
                return likes;
            }
        }
    }

    /// <summary>Readers who begin after the same change share one load: what each of them reads is as new as the others'.</summary>
    private object BeginLoad(AccountId searcher)
    {
        lock (_changing)
        {
            if (!_loading.TryGetValue(searcher, out var load))
            {
                _loading.Add(searcher, load = new object());
            }

            return load;
        }
    }

    /// <summary>False where a like changed since the load began, what it read may be older; or where another has put in the same.</summary>
    private bool TryEndLoad(AccountId searcher, object load, PostId[]? read)
    {
        lock (_changing)
        {
            if (!_loading.TryGetValue(searcher, out var current) || current != load)
            {
                return false;
            }

            _loading.Remove(searcher);
            if (read is not null)
            {
                _held.Put(searcher, read);
            }

            return true;
        }
    }

    private void Change(AccountId searcher, PostId post, bool isLiked)
    {
        lock (_changing)
        {
            _loading.Remove(searcher);
            if (_held.Find(searcher) is { } likes)
            {
                if (With(likes, post, isLiked) is { } changed)
                {
                    _held.Put(searcher, changed);
                }
                else
                {
                    _held.Remove(searcher);
                }
            }
        }
    }

    /// <summary>Null where what follows on the oldest has to be read.</summary>
    private static PostId[]? With(PostId[] likes, PostId post, bool isLiked)
    {
        var at = Array.BinarySearch(likes, post);
        return at >= 0 == isLiked ? likes
            : !isLiked
                ? likes.Length == Most ? null
                    : [.. likes[..at], .. likes[(at + 1)..]]
            : likes.Length < Most ? [.. likes[..~at], post, .. likes[~at..]]
            : ~at == 0 ? likes
            : [.. likes[1..~at], post, .. likes[~at..]];
    }
}
