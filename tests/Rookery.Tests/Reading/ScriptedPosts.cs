using Rookery.Posts;

namespace Rookery.Tests.Reading;

/// <summary>A door of posts that answers what the test says, and nothing else.</summary>
internal sealed class ScriptedPosts : IPosts
{
    public List<Post> Standing { get; } = [];

    public Func<AccountId, Task<NewestMarks>> NewestMarks { get; set; } =
        _ => Task.FromResult(new NewestMarks([], []));

    /// <summary>Marks were asked for posts one by one, because none are held.</summary>
    public int MarksAsked { get; private set; }

    public PostId Newest { get; set; }

    public ValueTask<IReadOnlyList<Post>> GetManyAsync(
        ReadOnlyMemory<PostId> ids,
        CancellationToken token
    )
    {
        PostsAsked++;
        if (IsAway)
        {
            throw new StoreUnavailableException("away");
        }

        return ValueTask.FromResult(Among(ids));
    }

    /// <summary>Single posts are not answered.</summary>
    public bool IsAway { get; set; }

    /// <summary>How often single posts were asked for.</summary>
    public int PostsAsked { get; private set; }

    public async ValueTask<NewestMarks> NewestMarksAsync(
        AccountId viewer,
        int limit,
        CancellationToken token
    ) => await NewestMarks(viewer);

    public ValueTask<IReadOnlyDictionary<PostId, ViewerMarks>> MarksAsync(
        AccountId viewer,
        ReadOnlyMemory<PostId> ids,
        CancellationToken token
    )
    {
        MarksAsked++;
        return ValueTask.FromResult<IReadOnlyDictionary<PostId, ViewerMarks>>(
            new Dictionary<PostId, ViewerMarks>()
        );
    }

    public Task<AttachedMedia> AttachedAsync(
        ReadOnlyMemory<MediaId> media,
        CancellationToken token
    ) => throw new NotSupportedException();

    public ValueTask<IReadOnlySet<PostId>> HiddenWithOriginalsAsync(
        ReadOnlyMemory<PostId> ids,
        CancellationToken token
    ) => throw new NotSupportedException();

    public ValueTask<PostId> NewestIdAsync(CancellationToken token) => ValueTask.FromResult(Newest);

    public ValueTask<IReadOnlyList<AccountId>> MergedAuthorsAsync(CancellationToken token) =>
        ValueTask.FromResult<IReadOnlyList<AccountId>>([]);

    public ValueTask<IReadOnlyList<AuthorIds>> NewestOfAsync(
        ReadOnlyMemory<AccountId> authors,
        PostId below,
        int perAuthor,
        CancellationToken token
    ) =>
        ValueTask.FromResult<IReadOnlyList<AuthorIds>>([
            .. authors
                .ToArray()
                .Select(author => new AuthorIds(
                    author,
                    [
                        .. Standing
                            .Where(post => post.Author == author && post.Id < below)
                            .Select(post => post.Id)
                            .OrderDescending()
                            .Take(perAuthor),
                    ]
                )),
        ]);

    public ValueTask<IReadOnlyList<AuthorIds>> OldestOfAsync(
        ReadOnlyMemory<AccountId> authors,
        PostId above,
        int perAuthor,
        CancellationToken token
    ) =>
        ValueTask.FromResult<IReadOnlyList<AuthorIds>>([
            .. authors
                .ToArray()
                .Select(author => new AuthorIds(
                    author,
                    [
                        .. Standing
                            .Where(post => post.Author == author && post.Id > above)
                            .Select(post => post.Id)
                            .Order()
                            .Take(perAuthor),
                    ]
                )),
        ]);

    /// <summary>What a page of any list is.</summary>
    public Func<Page, IReadOnlyList<PostId>> Listing { get; set; } = _ => [];

    public ValueTask<IReadOnlyList<PostId>> ListAsync(
        PostList list,
        Page page,
        CancellationToken token
    ) => ValueTask.FromResult(Listing(page));

    public ValueTask<IReadOnlyList<PostReplies>> RepliesToAsync(
        ReadOnlyMemory<PostId> parents,
        int perParent,
        CancellationToken token
    ) => throw new NotSupportedException();

    public ValueTask<IReadOnlySet<PostId>> MentioningAsync(
        AccountId account,
        ReadOnlyMemory<PostId> ids,
        CancellationToken token
    ) => throw new NotSupportedException();

    /// <summary>Before everything above an id is answered.</summary>
    public Func<PostId, Task> Reading { get; set; } = _ => Task.CompletedTask;

    /// <summary>Nobody is mentioned anywhere.</summary>
    public ValueTask<IReadOnlyDictionary<PostId, IReadOnlyList<AccountId>>> MentionedInAsync(
        ReadOnlyMemory<PostId> ids,
        CancellationToken token
    ) =>
        ValueTask.FromResult<IReadOnlyDictionary<PostId, IReadOnlyList<AccountId>>>(
            new Dictionary<PostId, IReadOnlyList<AccountId>>()
        );

    public async ValueTask<IReadOnlyList<Post>> AllAboveAsync(
        PostId above,
        int limit,
        CancellationToken token
    )
    {
        await Reading(above);
        lock (Standing)
        {
            return
            [
                .. Standing.Where(post => post.Id > above).OrderBy(post => post.Id).Take(limit),
            ];
        }
    }

    public Task MergeAuthorAsync(AccountId author, CancellationToken token) =>
        throw new NotSupportedException();

    private IReadOnlyList<Post> Among(ReadOnlyMemory<PostId> ids)
    {
        lock (Standing)
        {
            return [.. Standing.Where(post => ids.Span.Contains(post.Id))];
        }
    }
}
