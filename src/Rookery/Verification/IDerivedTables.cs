using Rookery.Notifications;
using Rookery.Posts;

namespace Rookery.Verification;

/// <summary>Tables of truth's database whose rows follow from other tables' rows.</summary>
public enum DerivedTable
{
    /// <summary>Follows by followee, from follows by follower.</summary>
    Followers,

    /// <summary>Blocks by who is blocked, from blocks by who blocks.</summary>
    BlockedBy,

    /// <summary>Likes by post, from likes by account.</summary>
    Likers,

    /// <summary>Mentions, of standing posts only and with the post's visibility.</summary>
    Mentions,
}

/// <summary>A row that is missing, or one that should not be there. Its key, in the order of the table's columns.</summary>
public readonly record struct RowDifference(long First, long Second, bool Missing);

/// <summary>The counters held for a post, and what a new count says.</summary>
public readonly record struct PostCountDifference(PostId Post, PostCounts Held, PostCounts True);

/// <summary>A page of counted posts: how many were compared, those that differ, and the last; 0 at the end.</summary>
public sealed record PostCountPage(
    int Compared,
    PostId Last,
    IReadOnlyList<PostCountDifference> Differences
);

/// <summary>A standing post with the hashtags it is indexed under.</summary>
public sealed record IndexedPost(
    PostId Id,
    Visibility Visibility,
    string Text,
    IReadOnlyList<string> Hashtags
);

/// <summary>Where the outbox, its relay, the foremost of its consumers and their marks stand.</summary>
/// <param name="Database">Which database it is, for messages.</param>
public readonly record struct DeliveryState(
    string Database,
    long LastSequence,
    long PublishedThrough,
    long AppliedThrough,
    long LastMark,
    long Waiting
);

/// <summary>
/// Plain comparisons inside truth's database, written to be obviously right rather than fast; nothing of the product reads through it.
/// <para>Consistency: every read is one statement, so it sees one moment.</para>
/// <para>Repair: each row is looked at again in the transaction that changes it; what is right by then is left alone.</para>
/// </summary>
public interface IDerivedTables
{
    ValueTask<long> CountAsync(DerivedTable table, CancellationToken token);

    ValueTask<IReadOnlyList<RowDifference>> DifferencesAsync(
        DerivedTable table,
        int limit,
        CancellationToken token
    );

    Task<int> RepairAsync(
        DerivedTable table,
        IReadOnlyList<RowDifference> differences,
        CancellationToken token
    );

    ValueTask<PostCountPage> PostCountsAfterAsync(PostId after, int limit, CancellationToken token);

    ValueTask<IReadOnlyList<PostCountDifference>> PostCountsAsync(
        IReadOnlyList<PostId> posts,
        CancellationToken token
    );

    /// <summary>Sets each post to the true count if it still holds what the difference says, and announces the numbers.</summary>
    Task<int> RepairPostCountsAsync(
        IReadOnlyList<PostCountDifference> differences,
        CancellationToken token
    );

    /// <summary>Standing posts by ascending id.</summary>
    ValueTask<IReadOnlyList<IndexedPost>> IndexedPostsAfterAsync(
        PostId after,
        int limit,
        CancellationToken token
    );

    /// <summary>Hashtag rows of posts that do not stand; those of standing posts are told by <see cref="IndexedPostsAfterAsync"/>.</summary>
    ValueTask<IReadOnlyList<(string Hashtag, PostId Post)>> StrayHashtagsAsync(
        int limit,
        CancellationToken token
    );

    /// <summary>Replaces what the post is indexed under; nothing, for one that does not stand or is not public.</summary>
    Task ReindexAsync(PostId post, IReadOnlyList<string> hashtags, CancellationToken token);

    /// <summary>Of each outbox there is.</summary>
    ValueTask<IReadOnlyList<DeliveryState>> DeliveryAsync(CancellationToken token);

    /// <summary>Takes back marks and positions that lie beyond the last event: what comes to stand there would be dropped.</summary>
    Task RepairDeliveryAsync(CancellationToken token);

    /// <summary>Accounts that follow somebody, at most <paramref name="limit"/>, from all over.</summary>
    ValueTask<IReadOnlyList<AccountId>> SampleReadersAsync(int limit, CancellationToken token);

    /// <summary>Every post that ever was, by ascending id.</summary>
    ValueTask<IReadOnlyList<PostId>> PostIdsAfterAsync(
        PostId after,
        int limit,
        CancellationToken token
    );

    /// <summary>For each author its standing posts above the id named with it, newest first, without direct ones.</summary>
    ValueTask<ILookup<AccountId, PostId>> PostsAboveAsync(
        IReadOnlyList<(AccountId Author, PostId Above)> authors,
        CancellationToken token
    );

    /// <summary>The newest entries of a home timeline as the definition says it, newest first, without the owner's own posts.</summary>
    ValueTask<IReadOnlyList<PostId>> HomeAsync(
        AccountId owner,
        DateTimeOffset now,
        int limit,
        CancellationToken token
    );

    /// <summary>Those of which nobody's truth has anything: what they tell of is gone, or one of the two accounts.</summary>
    ValueTask<IReadOnlyList<NotificationKey>> UnfoundedAsync(
        IReadOnlyList<NotificationKey> notifications,
        CancellationToken token
    );

    /// <summary>Those whose reader does not follow the author.</summary>
    ValueTask<IReadOnlyList<Bell>> UnfoundedAsync(
        IReadOnlyList<Bell> bells,
        CancellationToken token
    );

    /// <summary>Makes this process forget all that it holds in memory; it is read again from truth.</summary>
    Task ForgetHeldAsync(CancellationToken token);
}
