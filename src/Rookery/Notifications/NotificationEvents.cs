using System.Text.Json.Serialization;

namespace Rookery.Notifications;

/// <summary>Which one stands for whom from now on.</summary>
public readonly record struct RaisedNotification(AccountId Recipient, NotificationId Id);

/// <summary>Some were raised. Told to observers only; it stands in the outbox where several processes follow it.</summary>
public sealed record NotificationsRaised(IReadOnlyList<RaisedNotification> Raised) : DomainEvent
{
    /// <summary>20 KB of JSON: small enough for a broker's message.</summary>
    public const int MaxRaised = 500;
}

[JsonSerializable(typeof(NotificationsRaised))]
internal sealed partial class NotificationEventsJson : JsonSerializerContext;

public static class NotificationEvents
{
    public static IReadOnlyList<EventType> Types { get; } =
    [
        new(
            "notification.raised",
            1,
            NotificationEventsJson.Default.NotificationsRaised,
            OnlyObserved: true
        ),
    ];
}
