using System.Text.Json.Serialization;

namespace Rookery.Posts;

/// <summary>A post, reply or repost stands. <paramref name="Recipients"/>: those who are mentioned in a direct post.</summary>
public sealed record PostAccepted(
    PostId Post,
    AccountId Author,
    PostKind Kind,
    Visibility Visibility,
    AuthorClass Class,
    PostId Parent,
    PostId Original,
    IReadOnlyList<AccountId> Recipients
) : DomainEvent;

/// <summary>
/// A post is gone, and with it its likes. A deleted original's reposts are hidden with it, and each has an event of its own later, when it is
/// removed. <paramref name="Recipients"/>: whom a direct post mentioned.
/// </summary>
public sealed record PostDeleted(
    PostId Post,
    AccountId Author,
    PostKind Kind,
    PostId Parent,
    PostId Original,
    Visibility Visibility,
    IReadOnlyList<AccountId> Recipients
) : DomainEvent;

/// <summary>A post that is deleted was what these media were for.</summary>
public sealed record PostMediaLeft(PostId Post, IReadOnlyList<MediaId> Media) : DomainEvent;

public sealed record PostLiked(AccountId Account, PostId Post) : DomainEvent;

public sealed record PostUnliked(AccountId Account, PostId Post) : DomainEvent;

/// <summary>None of the author's posts may be shown any longer; they are being removed.</summary>
public sealed record AuthorClosed(AccountId Author) : DomainEvent;

/// <summary>None of the author's posts may be shown until <see cref="AuthorRestored"/>; all of them are kept.</summary>
public sealed record AuthorSuspended(AccountId Author) : DomainEvent;

/// <summary>The author's posts may be shown again, all of them: whatever was made while they might not has holes.</summary>
public sealed record AuthorRestored(AccountId Author) : DomainEvent;

/// <summary>From now on the author's posts are merged at read instead of pushed. Never taken back.</summary>
public sealed record AuthorMerged(AccountId Author) : DomainEvent;

/// <summary>
/// Posts were imported under ids of the past: whatever is held of the author's timeline has holes. <paramref name="Newest"/>: the largest of their
/// ids, which may be larger than that of any post made here.
/// </summary>
public sealed record PostsImported(AccountId Author, PostId Newest) : DomainEvent;

/// <summary>The numbers of likes, reposts and replies that a post has now.</summary>
public readonly record struct PostNumbers(PostId Post, PostCounts Counts);

/// <summary>New numbers of some posts. Told to observers only; it stands in the outbox where several processes follow it.</summary>
public sealed record PostsCounted(IReadOnlyList<PostNumbers> Numbers) : DomainEvent;

[JsonSerializable(typeof(PostAccepted))]
[JsonSerializable(typeof(PostDeleted))]
[JsonSerializable(typeof(PostMediaLeft))]
[JsonSerializable(typeof(PostLiked))]
[JsonSerializable(typeof(PostUnliked))]
[JsonSerializable(typeof(AuthorClosed))]
[JsonSerializable(typeof(AuthorSuspended))]
[JsonSerializable(typeof(AuthorRestored))]
[JsonSerializable(typeof(AuthorMerged))]
[JsonSerializable(typeof(PostsImported))]
[JsonSerializable(typeof(PostsCounted))]
internal sealed partial class PostEventsJson : JsonSerializerContext;

public static class PostEvents
{
    public static IReadOnlyList<EventType> Types { get; } =
    [
        new("post.accepted", 1, PostEventsJson.Default.PostAccepted),
        new("post.deleted", 1, PostEventsJson.Default.PostDeleted, Narrows: true),
        new("post.media-left", 1, PostEventsJson.Default.PostMediaLeft),
        new("post.liked", 1, PostEventsJson.Default.PostLiked),
        new("post.unliked", 1, PostEventsJson.Default.PostUnliked),
        new("author.closed", 1, PostEventsJson.Default.AuthorClosed, Narrows: true),
        new("author.suspended", 1, PostEventsJson.Default.AuthorSuspended, Narrows: true),
        new("author.restored", 1, PostEventsJson.Default.AuthorRestored),
        new("author.merged", 1, PostEventsJson.Default.AuthorMerged),
        new("author.posts-imported", 1, PostEventsJson.Default.PostsImported),
        new("post.counted", 1, PostEventsJson.Default.PostsCounted, OnlyObserved: true),
    ];
}
