using System.Globalization;

namespace Rookery.Live;

/// <summary>
/// A place in the order of events, the id of the event before it: all posts up to one, all deletions up to one event of the outbox, and all notifications up to one. All three only grow, and
/// truth has them, so whoever names a place is sent what came after it, by whatever process and without anything being kept for him.
/// </summary>
/// <param name="Notification">0: nobody knows which.</param>
internal readonly record struct LivePosition(
    PostId Post,
    long Sequence,
    NotificationId Notification = default
)
{
    private const int MostParts = 3;

    /// <summary>Two numbers name no notification.</summary>
    public static bool TryParse(string? text, out LivePosition position)
    {
        position = default;
        // One part more than there can be is one too many, however many there are.
        var parts = text?.Split('-', MostParts + 1) ?? [];
        if (
            parts.Length is < 2 or > MostParts
            || !TryNumber(parts[0], out var post)
            || !TryNumber(parts[1], out var sequence)
        )
        {
            return false;
        }

        var notification = 0L;
        if (
            parts.Length == MostParts
            && (
                !TryNumber(parts[2], out notification)
                || notification > NotificationId.Largest.Value
            )
        )
        {
            return false;
        }

        position = new LivePosition(new PostId(post), sequence, new NotificationId(notification));
        return true;
    }

    /// <summary>The later of each.</summary>
    public LivePosition Or(LivePosition other) =>
        new(
            other.Post > Post ? other.Post : Post,
            Math.Max(Sequence, other.Sequence),
            other.Notification > Notification ? other.Notification : Notification
        );

    /// <summary>Whoever stands at the other place has all posts and deletions up to this one.</summary>
    public bool IsWithin(LivePosition other) => Post <= other.Post && Sequence <= other.Sequence;

    public override string ToString() =>
        Notification.Value == 0
            ? $"{Post}-{Sequence.ToString(CultureInfo.InvariantCulture)}"
            : $"{Post}-{Sequence.ToString(CultureInfo.InvariantCulture)}-{Notification}";

    private static bool TryNumber(string text, out long number) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
