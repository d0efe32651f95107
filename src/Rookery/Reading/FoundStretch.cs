namespace Rookery.Reading;

/// <summary>What was found for a page's bounds.</summary>
/// <param name="Ids">Newest first: fewer than were asked for only where nothing follows, or where <paramref name="Reached"/> says otherwise.</param>
/// <param name="Reached">Where fewer were found for want of looking: how far was looked, an exclusive bound for the next stretch.</param>
/// <param name="IsLast">None is to be asked for after this one, whether something follows or not.</param>
internal readonly record struct FoundStretch(
    IReadOnlyList<PostId> Ids,
    PostId? Reached = null,
    bool IsLast = false
);
