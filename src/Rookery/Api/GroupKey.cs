using System.Globalization;
using System.Text.RegularExpressions;
using Rookery.Notifications;

namespace Rookery.Api;

/// <summary>What a group of notifications is called: its kind, its post, and which half of a day, so that what is liked for years does not become one endless entry.</summary>
internal static partial class GroupKey
{
    private const string Alone = "ungrouped-";

    private static readonly long HalfADay = (long)TimeSpan.FromHours(12).TotalSeconds;

    /// <summary>The kinds of which several say the same.</summary>
    public static IReadOnlySet<NotificationKind> Grouped { get; } =
        new HashSet<NotificationKind>
        {
            NotificationKind.Follow,
            NotificationKind.Repost,
            NotificationKind.Like,
        };

    /// <param name="grouped">The kinds that are grouped.</param>
    public static string Of(Notification one, IReadOnlySet<NotificationKind> grouped)
    {
        var half = one.CreatedAt.ToUnixTimeSeconds() / HalfADay;
        return !grouped.Contains(one.Kind) || !Grouped.Contains(one.Kind) ? $"{Alone}{one.Id}"
            : one.Post.Value == 0 ? $"{NameOf(one.Kind)}-{Text(half)}"
            : $"{NameOf(one.Kind)}-{one.Post}-{Text(half)}";
    }

    /// <summary>Whether a group can be called so.</summary>
    public static bool IsOne(string text) => Name().IsMatch(text);

    /// <summary>Of one that is a group of its own; null for all others.</summary>
    public static NotificationId? IdIn(string key) =>
        key.StartsWith(Alone, StringComparison.Ordinal)
        && long.TryParse(
            key.AsSpan(Alone.Length),
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out var id
        )
            ? new NotificationId(id)
            : null;

    private static string NameOf(NotificationKind kind) =>
        kind switch
        {
            NotificationKind.Follow => "follow",
            NotificationKind.Repost => "reblog",
            _ => "favourite",
        };

    [GeneratedRegex(@"^((favourite|reblog)-[0-9]{1,19}-|follow-|ungrouped-)[0-9]{1,19}\z")]
    private static partial Regex Name();

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
