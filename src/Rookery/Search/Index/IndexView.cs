namespace Rookery.Search.Index;

/// <summary>
/// All segments at one moment; replaced as a whole. A reader that holds it keeps everything in it alive.
/// </summary>
/// <param name="Live">Takes posts that are as new as those before them.</param>
/// <param name="Late">Takes posts that are older: replays, imports.</param>
/// <param name="Sealed">The one with the largest id first.</param>
internal sealed record IndexView(OpenSegment Live, OpenSegment Late, SealedSegment[] Sealed)
{
    public static readonly IndexView Empty = new(OpenSegment.None, OpenSegment.None, []);

    /// <summary>Whether a post is there, neither removed nor hidden.</summary>
    public bool HasAlive(long id)
    {
        if (IsAlive(Live, id) || IsAlive(Late, id))
        {
            return true;
        }

        foreach (var segment in Sealed)
        {
            if (segment.LargestId < id)
            {
                return false;
            }

            if (segment.TryFind(id, out var document) && !segment.Marks.IsDead(document))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsAlive(OpenSegment segment, long id) =>
        segment.TryFind(id, out var document) && !segment.Marks.IsDead(document);
}
