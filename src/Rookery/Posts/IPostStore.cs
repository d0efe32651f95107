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
)
{
    /// <summary>Each is the author's, and held for this post until <see cref="HeldUntil"/>.</summary>
    public IReadOnlyList<Attachment> Media { get; init; } = [];

    /// <summary>A post with media that would be stored later is not stored at all: they may be gone.</summary>
    public DateTimeOffset HeldUntil { get; init; }

    /// <inheritdoc cref="Post.Warning"/>
    public string Warning { get; init; } = "";

    /// <inheritdoc cref="Post.IsSensitive"/>
    public bool IsSensitive { get; init; }
}

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
/// Its reads are the door's: <see cref="IPosts"/>.
/// </summary>
public interface IPostStore : IPosts
{
    /// <summary>
    /// Stores the post. Problems: the author is closed (NotFound), the parent or original does not stand (NotFound), the key stands for
    /// another request (KeyReused), a medium was on a post before (Conflict), the media are held no longer (Unavailable). Reposting what is reposted answers the standing repost as repeated.
    /// </summary>
    Task<Result<AcceptedPost>> AcceptAsync(NewPost post, CancellationToken token);

    /// <summary>
    /// What the account's key stands for: the first request's answer, or KeyReused where that was another request. Null where the key is new or
    /// was used more than 24 hours ago.
    /// </summary>
    Task<Result<AcceptedPost>?> FindAnswerAsync(
        AccountId author,
        IdempotencyKey key,
        CancellationToken token
    );

    /// <summary>
    /// Deletes the post; from now on no read finds it or a repost of it. Answers false where it was deleted before; NotFound where there never was such a
    /// post; Forbidden where it is not by <paramref name="author"/>, unless that is null: then anybody's.
    /// </summary>
    Task<Result<bool>> DeleteAsync(PostId post, AccountId? author, CancellationToken token);

    /// <summary>Ends the account's repost of the original, if it stands.</summary>
    Task<bool> UnrepostAsync(AccountId account, PostId original, CancellationToken token);

    /// <summary>Answers false where it was liked before; NotFound where the post does not stand.</summary>
    Task<Result<bool>> LikeAsync(AccountId account, PostId post, CancellationToken token);

    Task<bool> UnlikeAsync(AccountId account, PostId post, CancellationToken token);

    /// <summary>The author's posts may not be shown from now on; posting is refused. Idempotent, also for an account that never posted.</summary>
    Task CloseAuthorAsync(AccountId author, CancellationToken token);

    /// <summary>
    /// While an author is suspended its posts may not be shown, and posting is refused; nothing is removed. Of what is said of one author the largest
    /// <paramref name="version"/> counts, in whatever order it comes and however often; who is closed stays closed.
    /// </summary>
    Task SuspendAuthorAsync(
        AccountId author,
        bool isSuspended,
        long version,
        CancellationToken token
    );

    /// <summary>Removes up to <paramref name="limit"/> of what a closed author left; false when nothing is left.</summary>
    Task<bool> RemoveSomeOfAsync(AccountId author, int limit, CancellationToken token);

    /// <summary>
    /// Removes up to <paramref name="limit"/> reposts and likes of posts that are deleted, and answers how many. Each repost ends with a
    /// <see cref="PostDeleted"/> of its own, likes without an event.
    /// </summary>
    Task<int> RemoveSomeOnAsync(IReadOnlyList<PostId> deleted, int limit, CancellationToken token);

    /// <summary>
    /// Applies the events to the counters of posts, each once however often it comes: the mark of having applied it and its effect are one
    /// transaction. The new numbers are announced as <see cref="PostsCounted"/>.
    /// </summary>
    Task CountAsync(string consumer, IReadOnlyList<Committed> events, CancellationToken token);

    /// <summary>
    /// Stores posts of the past in one commit, public and with ids made of their dates; answers what became of each, in their order. Nobody is
    /// notified: the only event is one <see cref="PostsImported"/> for each author of a stored post, and counters are to be recounted.
    /// </summary>
    Task<IReadOnlyList<ImportOutcome>> ImportAsync(
        IReadOnlyList<ImportedPost> posts,
        CancellationToken token
    );
}
