using Rookery.Notifications;
using Rookery.Posts;

namespace Rookery.Live;

internal enum LiveKind
{
    /// <summary>A post stands.</summary>
    Update,

    /// <summary>It is gone.</summary>
    Delete,

    /// <summary>Notifications were raised, whosever they are.</summary>
    Raised,

    /// <summary>Those of one account among them: from one id to another it has no others.</summary>
    Notified,

    /// <summary>A second has passed.</summary>
    Tick,

    /// <summary>A sign of life.</summary>
    Thump,

    /// <summary>Tokens of the account may have ended.</summary>
    Sessions,

    /// <summary>Something was not heard, and nobody knows what.</summary>
    Lost,

    /// <summary>A stream has one subscription more, which is told of what comes behind this.</summary>
    Begun,

    /// <summary>What a stream's reader asked for is not to be had.</summary>
    Refused,
}

/// <summary>Something that streams are told of: one object for all of them.</summary>
/// <param name="At">Where it stands: the id that it is sent with.</param>
/// <param name="Author">Of the post; whose tokens; who was told of something.</param>
internal sealed record LiveEvent(LiveKind Kind, LivePosition At, AccountId Author = default)
{
    private readonly PostId[] _posts = [];

    public PostId Post
    {
        get => _posts[0];
        init => _posts = [value];
    }

    /// <summary>The post, for who reads several.</summary>
    public IReadOnlyList<PostId> Posts => _posts;

    public Visibility Visibility { get; init; }

    public bool IsRepost { get; init; }

    /// <summary>Who is mentioned in a direct post.</summary>
    public IReadOnlyList<AccountId> Recipients { get; init; } = [];

    /// <summary>Which notifications.</summary>
    public IReadOnlyList<RaisedNotification> Raised { get; init; } = [];

    /// <summary>The first of the account's notifications; the last is where it stands.</summary>
    public NotificationId First { get; init; }

    /// <summary>The one that has begun.</summary>
    public LiveSubscription? Subscription { get; init; }

    /// <summary>Why it is not to be had.</summary>
    public Problem? Refusal { get; init; }

    /// <summary>It is on the timeline of everybody's posts.</summary>
    public bool IsEverybodys =>
        Kind is LiveKind.Update or LiveKind.Delete && Visibility == Visibility.Public && !IsRepost;
}
