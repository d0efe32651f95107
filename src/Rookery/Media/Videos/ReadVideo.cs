using System.Globalization;

namespace Rookery.Media.Videos;

/// <summary>
/// Reads a video's structure: which kind it is by its first bytes, how large it is and how long it lasts by its headers, and which of its bytes are needed to
/// play it. All others become zeros where they stand, so that what points into the file still does. Nothing is decoded, and nothing is gone through twice.
/// </summary>
internal static class ReadVideo
{
    /// <summary>Bytes of what a decoder needs before the first sample. The longest, of Vorbis, have some thousand.</summary>
    public const int MostOfCoding = 1 << 16;

    /// <summary>A box or an element within these first bytes says what the file is.</summary>
    public static MediaKind? KindOf(ReadOnlySpan<byte> head) =>
        head.Length >= 8 && head[4..8].SequenceEqual("ftyp"u8) ? MediaKind.Mp4
        : head.StartsWith(ReadWebM.Signature) ? MediaKind.WebM
        : null;

    public static Result<CleanMedium> Read(
        ReadOnlySpan<byte> file,
        MediaKind kind,
        MediaOptions limits
    )
    {
        var read = kind == MediaKind.Mp4 ? ReadMp4.Read(file) : ReadWebM.Read(file);
        return read.Succeeded && Refuse(read.Value, limits) is { } problem ? problem : read;
    }

    /// <param name="why">What follows the word file.</param>
    public static Problem Wrong(string why) => Problem.Invalid("file", $"file {why}");

    /// <summary>As it is kept: at least one, so that it is told from a picture.</summary>
    public static int Milliseconds(double milliseconds) =>
        (int)Math.Clamp(Math.Round(milliseconds), 1, int.MaxValue);

    private static Problem? Refuse(CleanMedium video, MediaOptions limits) =>
        Math.Max(video.Pixels, video.CodedPixels) > limits.MaxVideoPixels
            ? Wrong(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"has {video.Width} × {video.Height} pixels; a video may have at most {limits.MaxVideoPixels} in all."
                )
            )
        : video.Milliseconds > 1000L * limits.MaxVideoSeconds
            ? Wrong(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"lasts {video.Milliseconds / 1000} seconds; a video may last at most {limits.MaxVideoSeconds}."
                )
            )
        : video.Pieces.Count > PieceList.Most
            ? Wrong(
                $"has what is shown and what is not in turns, in more than {PieceList.Most} pieces; it must be saved again with a program for videos."
            )
        : null;
}
