using Rookery.Posts;
using Rookery.Sharing;
using Rookery.TestKit;
using Rookery.Tests.Api;

namespace Rookery.Tests.Sharing;

/// <summary>One truth, one shared cache, and processes that learn of commits when a test tells them to.</summary>
internal sealed class SharingWorld
{
    private readonly Dictionary<long, Post> _posts = [];
    private readonly HashSet<long> _closed = [];
    private readonly List<DomainEvent> _log = [];

    public MemorySharedCache Cache { get; } = new();

    public long Last => _log.Count;

    public IEnumerable<long> Posts => _posts.Keys;

    public SharingProcess Start() => new(this);

    public void Accept(long id, long author = 1, long original = 0, long originalAuthor = 0) =>
        _posts[id] = new Post(
            new PostId(id),
            new AccountId(author),
            original == 0 ? PostKind.Post : PostKind.Repost,
            Visibility.Public,
            $"post {id}",
            default,
            default,
            new PostId(original),
            new AccountId(originalAuthor),
            default
        );

    public long Delete(long id)
    {
        var post = _posts[id];
        _posts.Remove(id);
        return Commit(
            new PostDeleted(
                post.Id,
                post.Author,
                post.Kind,
                post.Parent,
                post.Original,
                post.Visibility,
                []
            )
        );
    }

    public long Close(long author)
    {
        _closed.Add(author);
        return Commit(new AuthorClosed(new AccountId(author)));
    }

    public long Like(long id)
    {
        var liked = _posts[id] with { Counts = new PostCounts(_posts[id].Counts.Likes + 1, 0, 0) };
        _posts[id] = liked;
        return Commit(new PostsCounted([new PostNumbers(liked.Id, liked.Counts)]));
    }

    /// <summary>Something that no shared value depends on.</summary>
    public long Other() => Commit(new PostLiked(new AccountId(1), new PostId(1)));

    public bool Stands(long id) =>
        _posts.TryGetValue(id, out var post)
        && !_closed.Contains(post.Author.Value)
        && (post.Kind != PostKind.Repost || Stands(post.Original.Value));

    public IReadOnlyList<Post> Read(IEnumerable<long> ids) =>
        [.. ids.Where(Stands).Select(id => _posts[id])];

    public IReadOnlyList<Committed> Between(long after, long through) =>
        [
            .. _log.Skip((int)after)
                .Take((int)(through - after))
                .Select((happened, i) => new Committed(after + i + 1, happened)),
        ];

    private long Commit(DomainEvent happened)
    {
        _log.Add(happened);
        return Last;
    }
}

/// <summary>A process: what it was told, its lease, and its reads.</summary>
internal sealed class SharingProcess
{
    private readonly SharingWorld _world;

    public SharingProcess(SharingWorld world, ISharedCache? cache = null)
    {
        _world = world;
        Told = world.Last;
        Reads = new SharedReads(cache ?? world.Cache, Changes, Lease, OwnMeters.Unheard());
    }

    public ChangesSeen Changes { get; } = new(isUsed: true, bits: 12);

    public ScriptedLease Lease { get; } = new();

    public SharedReads Reads { get; }

    public long Told { get; private set; }

    /// <summary>How often truth was asked.</summary>
    public int Asked { get; private set; }

    /// <summary>As a process that has read none of the past: it knows what comes from now on.</summary>
    public SharingProcess Knowing()
    {
        Changes.Knows(_world.Last, _world.Last, Changes.Era);
        return this;
    }

    /// <summary>What it is told of is what it would have been told of; a test may leave something out.</summary>
    public void Tell(long? through = null, Func<DomainEvent, bool>? hears = null)
    {
        var to = through ?? _world.Last;
        var group = _world.Between(Told, to);
        Told = to;
        Changes.OnCommitted([.. group.Where(committed => hears?.Invoke(committed.Event) ?? true)]);
    }

    /// <summary>It was away for too long: it drops everything and goes on from here.</summary>
    public void Forget()
    {
        Changes.Forget();
        Told = _world.Last;
    }

    public Task<IReadOnlyList<Post>> ReadAsync(params long[] ids) => ReadAsync(ids, missed: []);

    /// <param name="missed">Takes up what truth was asked for.</param>
    public async Task<IReadOnlyList<Post>> ReadAsync(long[] ids, List<long> missed) =>
        await Reads.ReadAsync(
            new PostForm(),
            ids,
            (missing, _) =>
            {
                Asked++;
                missed.AddRange(missing);
                return ValueTask.FromResult(_world.Read(missing));
            },
            default
        );
}
