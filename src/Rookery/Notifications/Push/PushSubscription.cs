using System.Globalization;
using Rookery.Accounts;

namespace Rookery.Notifications.Push;

/// <summary>Names a subscription.</summary>
public readonly record struct PushSubscriptionId(long Value)
{
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}

/// <summary>Of whose doings an account wants pushes. The numbers stand in the database: they only grow.</summary>
public enum PushPolicy
{
    All = 0,

    /// <summary>Of those whom the account follows.</summary>
    Followed = 1,

    /// <summary>Of those who follow the account.</summary>
    Follower = 2,
    None = 3,
}

/// <summary>Where pushes go, and what they are encrypted with: RFC 8291, section 3.</summary>
/// <param name="P256dh">The receiver's public key: an uncompressed point of P-256, 65 bytes.</param>
/// <param name="Auth">16 bytes that the receiver and this server know.</param>
/// <param name="IsStandard">As RFC 8291 has it; false: as its fourth draft, which older clients read.</param>
public sealed record PushReceiver(
    string Endpoint,
    ReadOnlyMemory<byte> P256dh,
    ReadOnlyMemory<byte> Auth,
    bool IsStandard
);

/// <summary>What a subscriber wants to be told.</summary>
/// <param name="Alerts">Names of <see cref="PushAlerts"/>.</param>
public sealed record PushWishes(IReadOnlySet<string> Alerts, PushPolicy Policy);

/// <summary>A subscription that is to be made.</summary>
/// <param name="Session">It ends with this.</param>
/// <param name="SealedToken">The session's token for the receiver, sealed; empty where it gets none.</param>
/// <param name="Language">What is sent is written in it.</param>
/// <param name="Device">What its owner recognises it by.</param>
public sealed record NewPushSubscription(
    AccountId Account,
    TokenHash Session,
    PushReceiver Receiver,
    PushWishes Wishes,
    ReadOnlyMemory<byte> SealedToken,
    string Language,
    string Device
);

/// <summary>How sending to a subscription goes.</summary>
/// <param name="Failures">Since the last that arrived.</param>
/// <param name="Failure">Why the last one failed that did; empty where the last one arrived.</param>
/// <param name="Waiting">Pushes that are not sent yet.</param>
public sealed record PushDelivery(
    int Failures,
    DateTimeOffset? SentAt,
    DateTimeOffset? FailedAt,
    string Failure,
    int Waiting
);

/// <summary>A subscription that stands.</summary>
public sealed record PushSubscription(
    PushSubscriptionId Id,
    AccountId Account,
    TokenHash Session,
    PushReceiver Receiver,
    PushWishes Wishes,
    ReadOnlyMemory<byte> SealedToken,
    string Language,
    string Device,
    DateTimeOffset MadeAt,
    PushDelivery Delivery
);
