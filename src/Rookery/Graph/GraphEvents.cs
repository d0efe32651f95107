using System.Text.Json.Serialization;

namespace Rookery.Graph;

public sealed record Followed(AccountId Follower, AccountId Followee) : DomainEvent;

public sealed record Unfollowed(AccountId Follower, AccountId Followee) : DomainEvent;

/// <summary>The follower waits for the followee's answer.</summary>
public sealed record FollowRequested(AccountId Follower, AccountId Followee) : DomainEvent;

/// <summary>
/// Nobody waits for an answer any more. Where it is yes, <see cref="Followed"/> stands behind it in the same transaction; where it is no, or the follower has taken
/// it back, nothing does.
/// </summary>
public sealed record FollowRequestEnded(AccountId Follower, AccountId Followee, bool IsAccepted)
    : DomainEvent;

/// <summary>The follows and requests between the two that the block ended have events of their own, in the same transaction.</summary>
public sealed record Blocked(AccountId Blocker, AccountId Target) : DomainEvent;

public sealed record Unblocked(AccountId Blocker, AccountId Target) : DomainEvent;

/// <summary><paramref name="Until"/>: milliseconds since 1970, 0 for good.</summary>
public sealed record Muted(AccountId Muter, AccountId Target, long Until) : DomainEvent;

public sealed record Unmuted(AccountId Muter, AccountId Target) : DomainEvent;

/// <summary>The account takes no further part; its follows, blocks and mutes are being removed.</summary>
public sealed record MemberClosed(AccountId Account) : DomainEvent;

/// <summary>
/// Many follows were stored at once. Names only whose lists grew, at most <see cref="MaxFollowers"/> in one event: what is held of
/// them is read again. Follows have no events of their own, and their counters are recounted.
/// </summary>
public sealed record FollowsImported(IReadOnlyList<AccountId> Followers) : DomainEvent
{
    /// <summary>20 KB of JSON: small enough for a broker's message.</summary>
    public const int MaxFollowers = 1000;
}

[JsonSerializable(typeof(Followed))]
[JsonSerializable(typeof(Unfollowed))]
[JsonSerializable(typeof(FollowRequested))]
[JsonSerializable(typeof(FollowRequestEnded))]
[JsonSerializable(typeof(Blocked))]
[JsonSerializable(typeof(Unblocked))]
[JsonSerializable(typeof(Muted))]
[JsonSerializable(typeof(Unmuted))]
[JsonSerializable(typeof(MemberClosed))]
[JsonSerializable(typeof(FollowsImported))]
internal sealed partial class GraphEventsJson : JsonSerializerContext;

public static class GraphEvents
{
    public static IReadOnlyList<EventType> Types { get; } =
    [
        new("graph.followed", 1, GraphEventsJson.Default.Followed),
        new("graph.unfollowed", 1, GraphEventsJson.Default.Unfollowed, Narrows: true),
        new("graph.follow-requested", 1, GraphEventsJson.Default.FollowRequested),
        new("graph.follow-request-ended", 1, GraphEventsJson.Default.FollowRequestEnded),
        new("graph.blocked", 1, GraphEventsJson.Default.Blocked, Narrows: true),
        new("graph.unblocked", 1, GraphEventsJson.Default.Unblocked),
        new("graph.muted", 1, GraphEventsJson.Default.Muted, Narrows: true),
        new("graph.unmuted", 1, GraphEventsJson.Default.Unmuted),
        new("graph.member-closed", 1, GraphEventsJson.Default.MemberClosed, Narrows: true),
        new("graph.follows-imported", 1, GraphEventsJson.Default.FollowsImported),
    ];
}
