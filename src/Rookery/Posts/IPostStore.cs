namespace Rookery.Posts;

/// <summary>A post to be stored; everything about it that needs no transaction was checked.</summary>
public sealed record NewPost(
    AccountId Author,
    PostKind Kind,
    Visibility Visibility,
    string Text,
    PostId Parent,
    PostId Original,
    IReadOnlyList<AccountId> Mentions,
    IReadOnlyList<string> Hashtags,
    IdempotencyKey? Key
);

/// <summary>The client's key for one post, with a hash of the request it stands for.</summary>
public sealed record IdempotencyKey(string Key, ReadOnlyMemory<byte> RequestHash);

/// <summary>A stored post; <paramref name="Repeated"/>: the key was known, nothing was stored now.</summary>
public sealed record AcceptedPost(Post Post, bool Repeated);

/// <summary>Ids of one author, newest first.</summary>
public readonly record struct AuthorIds(AccountId Author, IReadOnlyList<PostId> Ids);

/// <summary>
/// The truth of posts.
/// <para>Durability: what a write answered is on the disk, together with its event. A write that fails leaves nothing behind.</para>
/// <para>Order: an id is drawn inside the commit; by the time a post is readable, every smaller live id is readable too.</para>
/// <para>Idempotence: a repeated key answers what the first request got; liking, unliking and deleting twice change nothing.</para>
/// <para>Loss: <see cref="StoreUnavailableException"/> when the store cannot be written or read.</para>
/// Reads of many are one round trip each, answer in no particular order unless said, and leave out what is not there.
/// </summary>
public interface IPostStore
{
    /// <summary>
    /// Stores the post. Problems: the author is closed (NotFound), the parent or original does not stand (NotFound), the key stands for
    /// another request (KeyReused). Reposting what is reposted answers the standing repost as repeated.
    /// </summary>
    Task<Result<AcceptedPost>> AcceptAsync(NewPost post, CancellationToken token);

    /// <summary>
    /// Deletes the author's post and all reposts of it. Answers false where it was deleted before; NotFound where there never was such a
    /// post; Forbidden where it is another's.
    /// </summary>
    Task<Result<bool>> DeleteAsync(PostId post, AccountId author, CancellationToken token);

    /// <summary>Ends the account's repost of the original, if it stands.</summary>
    Task<bool> UnrepostAsync(AccountId account, PostId original, CancellationToken token);

    /// <summary>Answers false where it was liked before; NotFound where the post does not stand.</summary>
    Task<Result<bool>> LikeAsync(AccountId account, PostId post, CancellationToken token);

    Task<bool> UnlikeAsync(AccountId account, PostId post, CancellationToken token);

    /// <summary>The author's posts may not be shown from now on; posting is refused. Idempotent, also for an account that never posted.</summary>
    Task CloseAuthorAsync(AccountId author, CancellationToken token);

    /// <summary>Removes up to <paramref name="limit"/> of what a closed author left; false when nothing is left.</summary>
    Task<bool> RemoveSomeOfAsync(AccountId author, int limit, CancellationToken token);

    /// <summary>Makes the author's future posts merged at read. Idempotent.</summary>
    Task MergeAuthorAsync(AccountId author, CancellationToken token);

    /// <summary>The standing posts among <paramref name="ids"/>, by authors that are not closed.</summary>
    ValueTask<IReadOnlyList<Post>> GetManyAsync(
        ReadOnlyMemory<PostId> ids,
        CancellationToken token
    );

    /// <summary>True where the id was once given to a post that is deleted now.</summary>
    ValueTask<bool> WasDeletedAsync(PostId id, CancellationToken token);

    /// <summary>For each author, up to <paramref name="perAuthor"/> newest ids below <paramref name="below"/>; direct posts are not among them.</summary>
    ValueTask<IReadOnlyList<AuthorIds>> NewestOfAsync(
        ReadOnlyMemory<AccountId> authors,
        PostId below,
        int perAuthor,
        CancellationToken token
    );

    /// <summary>For each author, up to <paramref name="perAuthor"/> oldest ids above <paramref name="above"/>, oldest first; no direct posts.</summary>
    ValueTask<IReadOnlyList<AuthorIds>> OldestOfAsync(
        ReadOnlyMemory<AccountId> authors,
        PostId above,
        int perAuthor,
        CancellationToken token
    );

    /// <summary>Up to <see cref="Page.Count"/> ids of the list, newest first, cut as <see cref="Page"/> says.</summary>
    ValueTask<IReadOnlyList<PostId>> ListAsync(PostList list, Page page, CancellationToken token);

    /// <summary>The account's standing repost of the original.</summary>
    ValueTask<PostId?> FindRepostAsync(AccountId account, PostId original, CancellationToken token);

    ValueTask<IReadOnlyDictionary<PostId, ViewerMarks>> MarksAsync(
        AccountId viewer,
        ReadOnlyMemory<PostId> ids,
        CancellationToken token
    );

    /// <summary>Of these direct or followers-only posts, those that mention the account.</summary>
    ValueTask<IReadOnlySet<PostId>> MentioningAsync(
        AccountId account,
        ReadOnlyMemory<PostId> ids,
        CancellationToken token
    );

    /// <summary>Authors whose posts are merged at read.</summary>
    ValueTask<IReadOnlyList<AccountId>> MergedAuthorsAsync(CancellationToken token);

    /// <summary>Authors that are closed.</summary>
    ValueTask<IReadOnlyList<AccountId>> ClosedAuthorsAsync(CancellationToken token);
}

/// <summary>A list of posts that truth keeps an index for.</summary>
public abstract record PostList
{
    /// <summary>All of one author, direct posts among them.</summary>
    public sealed record ByAuthor(AccountId Author) : PostList;

    /// <summary>Public posts and replies of everybody; no reposts.</summary>
    public sealed record Everybody : PostList;

    /// <summary>Public posts with the hashtag, folded as post texts fold it.</summary>
    public sealed record WithHashtag(string Hashtag) : PostList;

    /// <summary>Direct posts that mention the account.</summary>
    public sealed record DirectTo(AccountId Account) : PostList;

    /// <summary>Standing replies to a post.</summary>
    public sealed record RepliesTo(PostId Post) : PostList;
}
