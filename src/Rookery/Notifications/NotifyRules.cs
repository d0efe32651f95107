using Rookery.Accounts;
using Rookery.Graph;
using Rookery.Moderation;
using Rookery.Posts;

namespace Rookery.Notifications;

/// <summary>The posts that events name and that stand, and whom those that were posted mention.</summary>
internal sealed record NotifyingPosts(
    IReadOnlyDictionary<PostId, Post> Standing,
    IReadOnlyDictionary<PostId, IReadOnlyList<AccountId>> Mentions
)
{
    public static readonly NotifyingPosts None = new(
        new Dictionary<PostId, Post>(),
        new Dictionary<PostId, IReadOnlyList<AccountId>>()
    );

    public bool Mention(PostId post, AccountId account) =>
        Mentions.TryGetValue(post, out var mentioned) && mentioned.Contains(account);
}

/// <summary>
/// Who is told of what, decided on what was loaded before. A notification stands while what it tells of stands, whether it was read or not, so that no list says what is no longer so; and it is told
/// once, so that taking back and doing again tells nobody twice.
/// </summary>
internal static class NotifyRules
{
    /// <summary>What the event would tell, and of whom; whether the two may hear of each other is asked with <see cref="Keeps"/>.</summary>
    public static IEnumerable<NotificationChange> ChangesOf(
        DomainEvent happened,
        NotifyingPosts found
    ) =>
        happened switch
        {
            Followed followed => [OfFollow(followed.Followee, followed.Follower, true)],
            Unfollowed ended => [OfFollow(ended.Followee, ended.Follower, false)],
            FollowRequested asked => [OfRequest(asked.Followee, asked.Follower, true)],
            FollowRequestEnded ended => [OfRequest(ended.Followee, ended.Follower, false)],
            AccountSuspended suspended => [OfSuspension(suspended)],
            ReportFiled filed => OfReport(filed),
            PostLiked liked => OfLike(liked.Account, liked.Post, true, found),
            PostUnliked ended => OfLike(ended.Account, ended.Post, false, found),
            PostAccepted accepted when found.Standing.TryGetValue(accepted.Post, out var post) =>
                OfPost(post, found),
            PostDeleted { Kind: PostKind.Repost } ended => OfEndedRepost(ended, found),
            _ => [],
        };

    /// <summary>What is taken back is taken back always.</summary>
    public static bool Keeps(
        in NotificationChange change,
        NotifyingPosts found,
        IReadOnlyDictionary<NotificationKey, Relationship> sights
    )
    {
        var key = change.Key;
        if (!change.Stands || !Asks(key))
        {
            return true;
        }

        return sights.TryGetValue(key, out var sight)
            && !IsHidden(sight)
            && key.Kind switch
            {
                NotificationKind.Follow => sight.FollowedBy,
                NotificationKind.FollowRequest => sight.RequestedBy,
                NotificationKind.Reply => Sees(found.Standing[key.Post], key, sight, found),
                NotificationKind.Status => sight.Following,
                // Who is named in a post sees it, and so does who wrote it.
                _ => true,
            };
    }

    /// <summary>Whether it hangs on what stands between the two. What moderators did to a member is told, also while he cannot be asked about.</summary>
    public static bool Asks(in NotificationKey key) => key.Kind != NotificationKind.Moderation;

    /// <summary>A block hides both ways, a mute one.</summary>
    public static bool IsHidden(in Relationship sight) =>
        sight.Blocking || sight.BlockedBy || sight.Muting;

    /// <summary>Who rang at its author is told of it: not of what is passed on, of answers to others, and of what is written for those alone whom it names.</summary>
    public static bool RingsBells(Post post) =>
        post.Visibility != Visibility.Direct
        && (
            post.Kind == PostKind.Post
            || (post.Kind == PostKind.Reply && post.ParentAuthor == post.Author)
        );

    private static NotificationChange OfFollow(
        AccountId followee,
        AccountId follower,
        bool stands
    ) => new(new(followee, NotificationKind.Follow, follower, default), stands);

    private static NotificationChange OfRequest(
        AccountId followee,
        AccountId follower,
        bool stands
    ) => new(new(followee, NotificationKind.FollowRequest, follower, default), stands);

    private static NotificationChange OfSuspension(AccountSuspended suspended) =>
        new(
            new(
                suspended.Account,
                NotificationKind.Moderation,
                suspended.Account,
                NotificationKey.About(suspended.Version)
            ),
            true
        );

    private static IEnumerable<NotificationChange> OfReport(ReportFiled filed) =>
        filed.Moderators.Select(moderator => new NotificationChange(
            new(
                moderator,
                NotificationKind.Report,
                filed.Reporter,
                NotificationKey.About(filed.Report.Value)
            ),
            true
        ));

    private static NotificationChange[] OfLike(
        AccountId account,
        PostId id,
        bool stands,
        NotifyingPosts found
    )
    {
        if (!found.Standing.TryGetValue(id, out var post))
        {
            return stands ? [] : [TakenBack(NotificationKind.Like, account, id)];
        }

        return post.Author == account
            ? []
            : [new(new(post.Author, NotificationKind.Like, account, id), stands)];
    }

    private static IEnumerable<NotificationChange> OfPost(Post post, NotifyingPosts found)
    {
        if (post.Kind == PostKind.Repost)
        {
            return OfRepost(post.OriginalAuthor, post.Author, post.Original, true);
        }

        var told = found
            .Mentions.GetValueOrDefault(post.Id, [])
            .Where(account => account != post.Author && account != post.ParentAuthor)
            .Select(account => Of(account, NotificationKind.Mention));
        return post.Kind == PostKind.Reply && post.ParentAuthor != post.Author
            ? told.Prepend(Of(post.ParentAuthor, NotificationKind.Reply))
            : told;

        NotificationChange Of(AccountId recipient, NotificationKind kind) =>
            new(new(recipient, kind, post.Author, post.Id), true);
    }

    private static NotificationChange[] OfEndedRepost(PostDeleted ended, NotifyingPosts found) =>
        found.Standing.TryGetValue(ended.Original, out var original)
            ? OfRepost(original.Author, ended.Author, ended.Original, false)
            : [TakenBack(NotificationKind.Repost, ended.Author, ended.Original)];

    /// <summary>The post's author is suspended, and would read what is no longer so when that is lifted; or the post is gone, and nobody was told anything.</summary>
    private static NotificationChange TakenBack(
        NotificationKind kind,
        AccountId actor,
        PostId post
    ) => new(new(default, kind, actor, post), false);

    private static NotificationChange[] OfRepost(
        AccountId author,
        AccountId by,
        PostId original,
        bool stands
    ) => author == by ? [] : [new(new(author, NotificationKind.Repost, by, original), stands)];

    private static bool Sees(
        Post post,
        NotificationKey key,
        in Relationship sight,
        NotifyingPosts found
    ) =>
        post.Visibility switch
        {
            Visibility.Public or Visibility.Unlisted => true,
            Visibility.Followers => sight.Following || found.Mention(post.Id, key.Recipient),
            _ => found.Mention(post.Id, key.Recipient),
        };
}
