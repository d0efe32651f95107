namespace Rookery.Notifications;

/// <summary>What a notification tells of. The numbers stand in the database: they only grow. 7 is kept for security.</summary>
public enum NotificationKind
{
    /// <summary>The actor follows the recipient.</summary>
    Follow = 0,

    /// <summary>A post names the recipient.</summary>
    Mention = 1,

    /// <summary>A post answers one of the recipient's.</summary>
    Reply = 2,

    /// <summary>The actor has passed on a post of the recipient's.</summary>
    Repost = 3,

    /// <summary>The actor likes a post of the recipient's.</summary>
    Like = 4,

    /// <summary>Somebody whose bell the recipient rang has posted.</summary>
    Status = 5,

    /// <summary>The actor has asked to follow the recipient, and waits.</summary>
    FollowRequest = 6,

    /// <summary>Moderators suspended the recipient, who is the actor too; that was lifted by the time it is read.</summary>
    Moderation = 8,

    /// <summary>The actor has told the moderators something, of whom the recipient is one.</summary>
    Report = 9,
}

/// <summary>What makes two notifications the same one.</summary>
/// <param name="Post">The one that names or answers the recipient, the recipient's that is liked or passed on; 0 for a follow and a request; for what is about no post,
/// less than 0: which of several it is (<see cref="About"/>).</param>
public readonly record struct NotificationKey(
    AccountId Recipient,
    NotificationKind Kind,
    AccountId Actor,
    PostId Post
)
{
    /// <summary>What stands in the place of a post: no post has such an id.</summary>
    /// <param name="subject">Above 0: a report's id, or the account's version with which it was suspended.</param>
    public static PostId About(long subject) => new(-subject);
}

/// <summary>One that stands.</summary>
public sealed record Notification(NotificationId Id, NotificationKey Key)
{
    public NotificationKind Kind => Key.Kind;

    public AccountId Actor => Key.Actor;

    /// <summary>0 where it is about none.</summary>
    public PostId Post => Key.Post.Value > 0 ? Key.Post : default;

    /// <summary>Which one it tells of; null where it tells of none.</summary>
    public ReportId? Report =>
        Kind == NotificationKind.Report ? new ReportId(-Key.Post.Value) : null;

    public DateTimeOffset CreatedAt => Id.CreatedAt;
}

/// <summary>Of which kinds, and by whom; nothing said: all.</summary>
public sealed record NotificationFilter(
    IReadOnlySet<NotificationKind>? Kinds = null,
    AccountId? Actor = null
)
{
    public static readonly NotificationFilter All = new();
}
