using System.Collections.Frozen;
using System.Text;

namespace Rookery.Notifications.Push;

/// <summary>What one can be pushed about, by the names that subscriptions have for it. Some name what does not happen here yet: what was chosen of it is kept.</summary>
internal static class PushAlerts
{
    /// <summary>In the order in which answers have them.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        "mention",
        "status",
        "reblog",
        "follow",
        "follow_request",
        "favourite",
        "poll",
        "update",
        "quote",
        "quoted_update",
        "admin.sign_up",
        "admin.report",
        "moderation_warning",
    ];

    private static readonly FrozenDictionary<NotificationKind, string> _names =
        Enum.GetValues<NotificationKind>().ToFrozenDictionary(kind => kind, Named);

    public static string Of(NotificationKind kind) => _names[kind];

    /// <summary>Whoever is answered is mentioned, as on lists; what has no other name is called what it is here.</summary>
    private static string Named(NotificationKind kind) =>
        kind switch
        {
            NotificationKind.Reply => "mention",
            NotificationKind.Repost => "reblog",
            NotificationKind.Like => "favourite",
            _ => InSnakeCase(kind.ToString()),
        };

    /// <summary><c>follow_request</c> for <c>FollowRequest</c>, <c>admin.report</c> for <c>AdminReport</c>.</summary>
    private static string InSnakeCase(string name)
    {
        var text = new StringBuilder();
        foreach (var letter in name)
        {
            if (char.IsAsciiLetterUpper(letter) && text.Length > 0)
            {
                text.Append(text.Equals("admin") ? '.' : '_');
            }

            text.Append(char.ToLowerInvariant(letter));
        }

        return text.ToString();
    }
}
