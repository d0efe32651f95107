using System.Globalization;

namespace Rookery.Media.Pictures;

/// <summary>
/// Reads a file's structure: which kind of picture it is by its first bytes, whatever its name says, how large it is by its header, and which of its bytes
/// are needed to show it. Nothing is decoded, so a small file that would become a huge picture costs nothing.
/// </summary>
internal static class ReadPicture
{
    public static Result<CleanMedium> Read(
        ReadOnlySpan<byte> file,
        MediaOptions limits,
        MediaPurpose purpose = MediaPurpose.Profile
    )
    {
        if (KindOf(file) is not { } kind)
        {
            return Problem.Invalid(
                "file",
                purpose == MediaPurpose.Profile
                    ? "file must be a picture: JPEG, PNG, GIF or WebP; its first bytes say that it is something else."
                    : "file must be a picture (JPEG, PNG, GIF or WebP) or a video (MP4 or WebM); its first bytes say that it is something else."
            );
        }

        var picture = kind switch
        {
            MediaKind.Jpeg => ReadJpeg.Read(file),
            MediaKind.Png => ReadPng.Read(file),
            MediaKind.Gif => ReadGif.Read(file),
            _ => ReadWebP.Read(file),
        };
        return picture is { Width: > 0, Height: > 0 }
            ? Refuse(picture, limits) is { } problem
                ? problem
                : picture
            : Problem.Invalid(
                "file",
                $"file begins as {kind} does and is none; it must be a whole picture."
            );
    }

    private static MediaKind? KindOf(ReadOnlySpan<byte> file) =>
        file.StartsWith(ReadJpeg.Signature) ? MediaKind.Jpeg
        : file.StartsWith(ReadPng.Signature) ? MediaKind.Png
        : file.StartsWith("GIF87a"u8) || file.StartsWith("GIF89a"u8) ? MediaKind.Gif
        : file.StartsWith("RIFF"u8) && file.Length >= 12 && file[8..12].SequenceEqual("WEBP"u8)
            ? MediaKind.WebP
        : null;

    private static Problem? Refuse(CleanMedium picture, MediaOptions limits) =>
        picture.Pixels > limits.MaxPixels
            ? Problem.Invalid(
                "file",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"file has {picture.Width} × {picture.Height} pixels; it may have at most {limits.MaxPixels} in all."
                )
            )
        : picture.Frames > limits.MaxFrames
            ? Problem.Invalid(
                "file",
                $"file has {picture.Frames} frames; it may have at most {limits.MaxFrames}."
            )
        : picture.Pieces.Count > PieceList.Most
            ? Problem.Invalid(
                "file",
                $"file has pixels and metadata in turns, in more than {PieceList.Most} pieces; save it again with a program for pictures."
            )
        : null;
}
