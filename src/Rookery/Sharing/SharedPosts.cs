using Rookery.Posts;

namespace Rookery.Sharing;

/// <summary>Posts that processes share, before those of the store. Everything but single posts by their ids is asked of the store.</summary>
internal sealed class SharedPosts(IPosts store, SharedReads reads) : IPosts
{
    private static readonly PostForm Form = new();

    public ValueTask<IReadOnlyList<Post>> GetManyAsync(
        ReadOnlyMemory<PostId> ids,
        CancellationToken token
    ) => reads.ReadAsync(Form, Values(ids, id => id.Value), FromStoreAsync, token);

    public ValueTask<IReadOnlyList<AuthorIds>> NewestOfAsync(
        ReadOnlyMemory<AccountId> authors,
        PostId below,
        int perAuthor,
        CancellationToken token
    ) => store.NewestOfAsync(authors, below, perAuthor, token);

    public ValueTask<IReadOnlyList<AuthorIds>> OldestOfAsync(
        ReadOnlyMemory<AccountId> authors,
        PostId above,
        int perAuthor,
        CancellationToken token
    ) => store.OldestOfAsync(authors, above, perAuthor, token);

    public ValueTask<IReadOnlyList<PostId>> ListAsync(
        PostList list,
        Page page,
        CancellationToken token
    ) => store.ListAsync(list, page, token);

    public ValueTask<IReadOnlyList<PostReplies>> RepliesToAsync(
        ReadOnlyMemory<PostId> parents,
        int perParent,
        CancellationToken token
    ) => store.RepliesToAsync(parents, perParent, token);

    public ValueTask<IReadOnlyDictionary<PostId, ViewerMarks>> MarksAsync(
        AccountId viewer,
        ReadOnlyMemory<PostId> ids,
        CancellationToken token
    ) => store.MarksAsync(viewer, ids, token);

    public ValueTask<NewestMarks> NewestMarksAsync(
        AccountId viewer,
        int limit,
        CancellationToken token
    ) => store.NewestMarksAsync(viewer, limit, token);

    public ValueTask<IReadOnlySet<PostId>> MentioningAsync(
        AccountId account,
        ReadOnlyMemory<PostId> ids,
        CancellationToken token
    ) => store.MentioningAsync(account, ids, token);

    public ValueTask<IReadOnlyDictionary<PostId, IReadOnlyList<AccountId>>> MentionedInAsync(
        ReadOnlyMemory<PostId> ids,
        CancellationToken token
    ) => store.MentionedInAsync(ids, token);

    public ValueTask<IReadOnlyList<Post>> AllAboveAsync(
        PostId above,
        int limit,
        CancellationToken token
    ) => store.AllAboveAsync(above, limit, token);

    public Task<AttachedMedia> AttachedAsync(
        ReadOnlyMemory<MediaId> media,
        CancellationToken token
    ) => store.AttachedAsync(media, token);

    public ValueTask<IReadOnlySet<PostId>> HiddenWithOriginalsAsync(
        ReadOnlyMemory<PostId> ids,
        CancellationToken token
    ) => store.HiddenWithOriginalsAsync(ids, token);

    public ValueTask<PostId> NewestIdAsync(CancellationToken token) => store.NewestIdAsync(token);

    public ValueTask<IReadOnlyList<AccountId>> MergedAuthorsAsync(CancellationToken token) =>
        store.MergedAuthorsAsync(token);

    public Task MergeAuthorAsync(AccountId author, CancellationToken token) =>
        store.MergeAuthorAsync(author, token);

    internal static long[] Values<TId>(ReadOnlyMemory<TId> ids, Func<TId, long> valueOf)
    {
        var values = new long[ids.Length];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = valueOf(ids.Span[i]);
        }

        return values;
    }

    private ValueTask<IReadOnlyList<Post>> FromStoreAsync(
        IReadOnlyList<long> ids,
        CancellationToken token
    ) => store.GetManyAsync(ids.Select(id => new PostId(id)).ToArray(), token);
}
