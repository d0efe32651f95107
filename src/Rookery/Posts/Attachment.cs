using Rookery.Media;

namespace Rookery.Posts;

/// <summary>
/// A medium on a post: what was said of it when it was posted, which is what it says from then on. <paramref name="Description"/> and
/// <paramref name="Blurhash"/> are empty where nothing was said.
/// </summary>
public sealed record Attachment(
    MediaId Id,
    BlobName Blob,
    int Width,
    int Height,
    string Description,
    FocalPoint Focus,
    string Blurhash
)
{
    /// <summary>How long a video lasts; 0 for a picture.</summary>
    public int Milliseconds { get; init; }

    /// <summary>The blob of a still picture of a video; null where there is none.</summary>
    public BlobName? Preview { get; init; }

    public bool IsVideo => Blob.IsVideo;

    internal static Attachment Of(Medium medium) =>
        new(
            medium.Id,
            medium.Blob,
            medium.Width,
            medium.Height,
            medium.Description,
            medium.Focus,
            medium.Blurhash
        )
        {
            Milliseconds = medium.Milliseconds,
            Preview = medium.Preview,
        };
}

/// <summary>Which of some media stand on posts.</summary>
/// <param name="AsOf">
/// No later post takes a medium that was held for it only until before this: what stands on none now, and is held by nobody at this time, never will.
/// </param>
public sealed record AttachedMedia(IReadOnlyList<MediaId> Media, DateTimeOffset AsOf);
