using System.ComponentModel.DataAnnotations;

namespace Rookery.Notifications;

/// <summary>What accounts are told, and how much of it is kept.</summary>
public sealed class NotificationsOptions
{
    public const string Section = "Notifications";

    /// <summary>
    /// Notifications that are kept of each account, the newest, and up to an eighth more; older ones are removed. A grouped page goes through all of them, which takes some milliseconds for 1,000.
    /// </summary>
    [Range(20, 10_000)]
    public int MostKept { get; set; } = 1_000;

    /// <summary>Readers who rang at an author that are told of a post in one go. Larger chunks make other writes wait.</summary>
    [Range(1, 10_000)]
    public int Chunk { get; set; } = 200;

    /// <summary>From so many readers who rang at an author on telling them of a post is much work, for which nobody else waits where RabbitMQ carries events.</summary>
    [Range(1, int.MaxValue)]
    public int LargeAbove { get; set; } = 1_000;

    /// <summary>
    /// Minutes from a notification to the mail that tells of it at once. What its reader has seen on the site or in an app by then is in no mail, and what else happens meanwhile is in the same one.
    /// </summary>
    [Range(0, 1_440)]
    public int MailAfterMinutes { get; set; } = 5;
}
