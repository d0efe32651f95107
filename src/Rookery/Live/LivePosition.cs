using System.Globalization;

namespace Rookery.Live;

/// <summary>
/// A place in the order of events, the id of the event before it: all posts up to one, and all deletions up to one event of the outbox. Both only grow, and truth has
/// both, so whoever names a place is sent what came after it, by whatever process and without anything being kept for him.
/// </summary>
internal readonly record struct LivePosition(PostId Post, long Sequence)
{
    public static bool TryParse(string? text, out LivePosition position)
    {
        position = default;
        var dash = text?.IndexOf('-', StringComparison.Ordinal) ?? -1;
        if (
            dash < 0
            || !TryNumber(text.AsSpan(0, dash), out var post)
            || !TryNumber(text.AsSpan(dash + 1), out var sequence)
        )
        {
            return false;
        }

        position = new LivePosition(new PostId(post), sequence);
        return true;
    }

    /// <summary>The later of each.</summary>
    public LivePosition Or(LivePosition other) =>
        new(other.Post > Post ? other.Post : Post, Math.Max(Sequence, other.Sequence));

    public override string ToString() =>
        $"{Post}-{Sequence.ToString(CultureInfo.InvariantCulture)}";

    private static bool TryNumber(ReadOnlySpan<char> text, out long number) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
