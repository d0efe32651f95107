using System.Buffers.Binary;

namespace Rookery.Media.Pictures;

/// <summary>
/// JPEG: segments, each with its length, and scans between them. Kept are those that decoders need, the colour profile, and of Exif the turn alone: without
/// it a phone's picture would lie on its side.
/// </summary>
internal static class ReadJpeg
{
    private const byte StartOfScan = 0xDA;
    private const byte EndOfImage = 0xD9;
    private const byte App0 = 0xE0;
    private const byte App1 = 0xE1;
    private const byte App2 = 0xE2;
    private const byte App14 = 0xEE;

    /// <summary>Length field, "JFIF\0", version, units, two densities, the thumbnail's width and height.</summary>
    private const int JfifBytes = 16;

    private const int AdobeBytes = 14;
    private const int MarkerBytes = 2;

    public static ReadOnlySpan<byte> Signature => [0xFF, 0xD8, 0xFF];

    /// <summary>Null where it is no whole JPEG.</summary>
    public static CleanMedium? Read(ReadOnlySpan<byte> file)
    {
        var kept = new PieceList();
        kept.Keep(0, 2);
        (int Width, int Height)? size = null;
        var turn = 1;
        var hasScan = false;
        var at = 2;
        while (TryMarker(file, ref at, out var marker))
        {
            if (marker == EndOfImage)
            {
                break;
            }

            if (!TrySegment(file, at, out var segment))
            {
                return null;
            }

            if (IsFrame(marker))
            {
                // A second frame belongs to hierarchical JPEG, which no browser shows.
                if (size is not null || segment.Length < 8)
                {
                    return null;
                }

                size = (
                    BinaryPrimitives.ReadUInt16BigEndian(segment[5..]),
                    BinaryPrimitives.ReadUInt16BigEndian(segment[3..])
                );
            }

            if (marker == App1 && turn == 1 && ExifTurn.Read(segment[2..]) is > 1 and var found)
            {
                turn = found;
                kept.Put(ExifTurn.Segment(turn));
            }

            Keep(kept, marker, at, segment);
            at += segment.Length;
            if (marker == StartOfScan)
            {
                hasScan = true;
                var end = EndOfScan(file, at);
                kept.Keep(at, end - at);
                at = end;
            }
        }

        // What follows the end is dropped; an end that is missing, as cameras leave it out, is added.
        kept.Put([0xFF, EndOfImage]);
        return size is var (width, height) && hasScan
            ? turn >= ExifTurn.FirstOnItsSide
                ? new CleanMedium(MediaKind.Jpeg, height, width, 1, kept.Pieces)
                : new CleanMedium(MediaKind.Jpeg, width, height, 1, kept.Pieces)
            : null;
    }

    private static void Keep(PieceList kept, byte marker, int at, ReadOnlySpan<byte> segment)
    {
        if (marker == App0 && segment.Length >= JfifBytes && segment[2..].StartsWith("JFIF\0"u8))
        {
            // Without its thumbnail.
            kept.Put([0xFF, App0, 0, JfifBytes, .. segment[2..14], 0, 0]);
        }
        else if (
            IsTable(marker)
            || (marker == App2 && segment[2..].StartsWith("ICC_PROFILE\0"u8))
            // Without it CMYK and RGB pictures have wrong colours.
            || (
                marker == App14
                && segment.Length == AdobeBytes
                && segment[2..].StartsWith("Adobe"u8)
            )
        )
        {
            // The marker's two bytes stand before it, whatever fills the room before those.
            kept.Keep(at - MarkerBytes, MarkerBytes + segment.Length);
        }
    }

    /// <summary>Steps over the next marker. False at the end of the file.</summary>
    private static bool TryMarker(ReadOnlySpan<byte> file, ref int at, out byte marker)
    {
        marker = 0;
        while (at < file.Length && file[at] == 0xFF)
        {
            at++;
            if (at < file.Length && file[at] != 0xFF)
            {
                marker = file[at++];
                return true;
            }
        }

        return false;
    }

    /// <summary>With its length field.</summary>
    private static bool TrySegment(ReadOnlySpan<byte> file, int at, out ReadOnlySpan<byte> segment)
    {
        segment = default;
        if (at + 2 > file.Length)
        {
            return false;
        }

        var length = BinaryPrimitives.ReadUInt16BigEndian(file[at..]);
        if (length < 2 || at + length > file.Length)
        {
            return false;
        }

        segment = file.Slice(at, length);
        return true;
    }

    /// <summary>Where the next marker stands that is neither a stuffed byte nor a restart.</summary>
    private static int EndOfScan(ReadOnlySpan<byte> file, int at)
    {
        while (true)
        {
            var next = file[at..].IndexOf((byte)0xFF);
            if (next < 0 || at + next + 1 >= file.Length)
            {
                return file.Length;
            }

            at += next;
            if (file[at + 1] is not (0 or 0xFF or (>= 0xD0 and <= 0xD7)))
            {
                return at;
            }

            at += file[at + 1] == 0xFF ? 1 : 2;
        }
    }

    private static bool IsFrame(byte marker) =>
        marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC);

    /// <summary>Frames, tables of codes and quantities, restarts, scans.</summary>
    private static bool IsTable(byte marker) =>
        IsFrame(marker) || marker is 0xC4 or 0xCC or (>= 0xDA and <= 0xDD);
}
