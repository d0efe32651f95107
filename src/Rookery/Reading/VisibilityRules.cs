using Rookery.Graph;
using Rookery.Posts;

namespace Rookery.Reading;

/// <summary>What a viewer is to the author of an entry and to the author of its original.</summary>
internal readonly record struct Sight(bool IsAuthor, bool Follows, bool Mentioned);

/// <summary>
/// Whether an entry is shown, decided on what was loaded before: no store, no clock of its own. An entry is shown if it and, for a repost, its
/// original are visible; a block hides both ways, a mute hides on home and in search, and neither shows through a repost.
/// </summary>
internal static class VisibilityRules
{
    public static bool Sees(in FragmentHeader post, Sight sight) =>
        PostAccess.Allows(
            (Visibility)(int)post.Visibility,
            sight.IsAuthor,
            sight.Follows,
            sight.Mentioned
        );

    /// <summary>Blocks alone: what holds on every list.</summary>
    public static bool IsBlocked(HiddenAccounts hidden, AccountId author) =>
        !hidden.IsEmpty && hidden.Blocks(author);

    /// <summary>Blocks and mutes: what holds on home and in search.</summary>
    public static bool IsHidden(HiddenAccounts hidden, AccountId author, DateTimeOffset now) =>
        !hidden.IsEmpty && hidden.Hides(author, now);
}
