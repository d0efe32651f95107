namespace Rookery.Search;

/// <summary>A stretch of what was found, newest first.</summary>
/// <param name="Reached">
/// Where the stretch is shorter than was asked for because no more may be looked at: nothing between its end and this was missed, and a page from here goes on. Null where it
/// is full, or nothing follows.
/// </param>
/// <param name="IsPartial">Something may be missing whose place nobody knows: of a shard that does not answer, or of an index that is not whole yet.</param>
internal sealed record FoundPosts(IReadOnlyList<PostId> Ids, PostId? Reached, bool IsPartial)
{
    /// <summary>What was found in several places as one stretch: it ends where the first of them had to stop.</summary>
    /// <param name="found">In any order; of each place a full page, or everything down to <paramref name="reached"/>, or all.</param>
    /// <param name="reached">The nearest of where they had to stop: <see cref="PageEnds.NearestOf"/>.</param>
    public static FoundPosts Of(IEnumerable<PostId> found, PostId? reached, Page page)
    {
        var within = found
            .Where(id => reached is not { } end || !page.IsBeyond(id, end))
            .Distinct();
        List<PostId> ids = page.FromBelow
            ? [.. within.Order().Take(page.Count).Reverse()]
            : [.. within.OrderDescending().Take(page.Count)];
        return new FoundPosts(ids, ids.Count < page.Count ? reached : null, IsPartial: false);
    }
}

/// <summary>In which direction a page is read.</summary>
internal static class PageEnds
{
    /// <summary>Whether a reader of the page comes to it only after <paramref name="end"/>.</summary>
    public static bool IsBeyond(this Page page, PostId id, PostId end) =>
        page.FromBelow ? id > end : id < end;

    /// <summary>The one that a reader of the page comes to first; null where there is none.</summary>
    public static PostId? NearestOf(this Page page, IEnumerable<PostId?> ends) =>
        page.FromBelow ? ends.Min() : ends.Max();
}
