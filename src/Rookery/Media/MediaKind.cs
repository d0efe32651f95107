namespace Rookery.Media;

/// <summary>What media may be. The numbers stand in the database: they only grow.</summary>
public enum MediaKind
{
    Jpeg = 0,
    Png = 1,
    Gif = 2,
    WebP = 3,
    Mp4 = 4,
    WebM = 5,
}

/// <summary>The one list of what kinds are called: a browser is never told what an uploader says.</summary>
internal static class MediaKinds
{
    /// <summary>Moving pictures with sound or without, which are played and not only shown.</summary>
    public static bool IsVideo(this MediaKind kind) => kind is MediaKind.Mp4 or MediaKind.WebM;

    public static string Extension(this MediaKind kind) =>
        kind switch
        {
            MediaKind.Jpeg => "jpg",
            MediaKind.Png => "png",
            MediaKind.Gif => "gif",
            MediaKind.WebP => "webp",
            MediaKind.Mp4 => "mp4",
            MediaKind.WebM => "webm",
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
        };

    public static string ContentType(this MediaKind kind) =>
        kind switch
        {
            MediaKind.Jpeg => "image/jpeg",
            MediaKind.Png => "image/png",
            MediaKind.Gif => "image/gif",
            MediaKind.WebP => "image/webp",
            MediaKind.Mp4 => "video/mp4",
            MediaKind.WebM => "video/webm",
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
        };

    public static MediaKind? OfExtension(ReadOnlySpan<char> extension) =>
        extension switch
        {
            "jpg" => MediaKind.Jpeg,
            "png" => MediaKind.Png,
            "gif" => MediaKind.Gif,
            "webp" => MediaKind.WebP,
            "mp4" => MediaKind.Mp4,
            "webm" => MediaKind.WebM,
            _ => null,
        };
}
