using System.Collections.Frozen;
using System.Text;

namespace Rookery.Notifications.Push;

/// <summary>What one can be pushed about, by the names that subscriptions have for it. Some name what is not pushed here: what was chosen of it is kept.</summary>
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

    /// <summary>What moderators do and are told stays on the site, which asks whether its reader is one.</summary>
    public static bool IsPushed(NotificationKind kind) =>
        kind is not (NotificationKind.Moderation or NotificationKind.Report);

    /// <summary>Whoever is answered is mentioned, as on lists; what has no other name is called what it is here.</summary>
    private static string Named(NotificationKind kind) =>
        kind switch
        {
            NotificationKind.Reply => "mention",
            NotificationKind.Repost => "reblog",
            NotificationKind.Like => "favourite",
            NotificationKind.Moderation => "moderation_warning",
            NotificationKind.Report => "admin.report",
            _ => InSnakeCase(kind.ToString()),
        };

    /// <summary><c>follow_request</c> for <c>FollowRequest</c>.</summary>
    private static string InSnakeCase(string name)
    {
        var text = new StringBuilder();
        foreach (var letter in name)
        {
            if (char.IsAsciiLetterUpper(letter) && text.Length > 0)
            {
                text.Append('_');
            }

            text.Append(char.ToLowerInvariant(letter));
        }

        return text.ToString();
    }
}
