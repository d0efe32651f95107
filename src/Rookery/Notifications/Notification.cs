namespace Rookery.Notifications;

/// <summary>What a notification tells of. The numbers stand in the database: they only grow. 6 to 8 are kept for requests to follow, security and moderation.</summary>
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
}

/// <summary>What makes two notifications the same one.</summary>
/// <param name="Post">The one that names or answers the recipient, the recipient's that is liked or passed on; 0 for a follow.</param>
public readonly record struct NotificationKey(
    AccountId Recipient,
    NotificationKind Kind,
    AccountId Actor,
    PostId Post
);

/// <summary>One that stands.</summary>
public sealed record Notification(NotificationId Id, NotificationKey Key)
{
    public NotificationKind Kind => Key.Kind;

    public AccountId Actor => Key.Actor;

    public PostId Post => Key.Post;

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
