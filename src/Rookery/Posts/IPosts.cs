namespace Rookery.Posts;

/// <summary>
/// The door of posts. Reads of many are one round trip each, answer in no particular order unless said, and leave out what is not
/// there. A fault of the store is a <see cref="StoreUnavailableException"/>.
/// </summary>
public interface IPosts
{
    /// <summary>The standing posts among <paramref name="ids"/>, by authors that are not closed. A repost stands as long as its original does.</summary>
    ValueTask<IReadOnlyList<Post>> GetManyAsync(
        ReadOnlyMemory<PostId> ids,
        CancellationToken token
    );

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

    /// <summary>
    /// Of each of these posts up to <paramref name="perParent"/> of what answers it directly, the oldest first, for whomever it is written; posts that nothing answers are not there.
    /// </summary>
    ValueTask<IReadOnlyList<PostReplies>> RepliesToAsync(
        ReadOnlyMemory<PostId> parents,
        int perParent,
        CancellationToken token
    );

    ValueTask<IReadOnlyDictionary<PostId, ViewerMarks>> MarksAsync(
        AccountId viewer,
        ReadOnlyMemory<PostId> ids,
        CancellationToken token
    );

    /// <summary>What the viewer has liked and reposted: of each the newest posts, newest first, at most <paramref name="limit"/>.</summary>
    ValueTask<NewestMarks> NewestMarksAsync(AccountId viewer, int limit, CancellationToken token);

    /// <summary>Of these direct or followers-only posts, those that mention the account.</summary>
    ValueTask<IReadOnlySet<PostId>> MentioningAsync(
        AccountId account,
        ReadOnlyMemory<PostId> ids,
        CancellationToken token
    );

    /// <summary>Whom each of these posts mentions, whatever it is written for; posts that mention nobody are not there.</summary>
    ValueTask<IReadOnlyDictionary<PostId, IReadOnlyList<AccountId>>> MentionedInAsync(
        ReadOnlyMemory<PostId> ids,
        CancellationToken token
    );

    /// <summary>
    /// Of all standing posts, by whomever and for whomever, up to <paramref name="limit"/> with the smallest ids above <paramref name="above"/>, in their order: for who goes
    /// through everything, and past what is kept for readers.
    /// </summary>
    ValueTask<IReadOnlyList<Post>> AllAboveAsync(PostId above, int limit, CancellationToken token);

    /// <summary>Those of them that are reposts and stand, and are not shown for as long as the author of their original is suspended.</summary>
    ValueTask<IReadOnlySet<PostId>> HiddenWithOriginalsAsync(
        ReadOnlyMemory<PostId> ids,
        CancellationToken token
    );

    /// <summary>Those of the media that stand on posts which are not deleted; whoever posts at the same time is waited for.</summary>
    Task<AttachedMedia> AttachedAsync(ReadOnlyMemory<MediaId> media, CancellationToken token);

    /// <summary>The largest id ever given to a post; 0 before the first.</summary>
    ValueTask<PostId> NewestIdAsync(CancellationToken token);

    /// <summary>Authors whose posts are merged at read.</summary>
    ValueTask<IReadOnlyList<AccountId>> MergedAuthorsAsync(CancellationToken token);

    /// <summary>Makes the author's future posts merged at read. Idempotent.</summary>
    Task MergeAuthorAsync(AccountId author, CancellationToken token);
}

/// <summary>What answers one post, the oldest first.</summary>
public readonly record struct PostReplies(PostId Parent, IReadOnlyList<PostId> Ids);

public sealed record NewestMarks(IReadOnlyList<PostId> Liked, IReadOnlyList<PostId> Reposted);

/// <summary>A list of posts that truth keeps an index for.</summary>
public abstract record PostList
{
    /// <summary>All of one author that are written for as many as <paramref name="Most"/> or more; direct posts among them unless that says less.</summary>
    public sealed record ByAuthor(AccountId Author, Visibility Most = Visibility.Direct) : PostList
    {
        /// <summary>And of the others those that mention this account.</summary>
        public AccountId? Mentioning { get; init; }

        /// <summary>Only those with media; what mentions <see cref="Mentioning"/> is among them with or without.</summary>
        public bool OnlyMedia { get; init; }
    }

    /// <summary>Public posts and replies of everybody; no reposts.</summary>
    public sealed record Everybody : PostList;

    /// <summary>Public posts with the hashtag, folded as post texts fold it.</summary>
    public sealed record WithHashtag(string Hashtag) : PostList;

    /// <summary>What answers a post directly, for whomever it is written.</summary>
    public sealed record RepliesTo(PostId Parent) : PostList;

    /// <summary>Direct posts by the authors that mention the account.</summary>
    public sealed record DirectTo(AccountId Account, IReadOnlyList<AccountId> Authors) : PostList;
}
