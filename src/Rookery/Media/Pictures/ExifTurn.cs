using System.Buffers.Binary;

namespace Rookery.Media.Pictures;

/// <summary>Of all that Exif says the one thing that is needed to show a picture: how it is to be turned, 1 (not at all) to 8.</summary>
internal static class ExifTurn
{
    /// <summary>From here on its width is shown as its height.</summary>
    public const int FirstOnItsSide = 5;

    private const ushort Orientation = 0x0112;
    private const int EntryBytes = 12;

    private static ReadOnlySpan<byte> Header => "Exif\0\0"u8;

    /// <summary>1 where nothing is said.</summary>
    public static int Read(ReadOnlySpan<byte> segment)
    {
        if (!segment.StartsWith(Header) || segment.Length < Header.Length + 8)
        {
            return 1;
        }

        var tiff = segment[Header.Length..];
        var isBig = tiff.StartsWith("MM"u8);
        var directory = Long(tiff[4..], isBig);
        if (directory > tiff.Length - 2)
        {
            return 1;
        }

        var entries = tiff[(int)directory..];
        var count = Short(entries, isBig);
        entries = entries[2..];
        for (var i = 0; i < count && entries.Length >= EntryBytes; i++)
        {
            if (Short(entries, isBig) == Orientation)
            {
                return Short(entries[8..], isBig) is >= 1 and <= 8 and var turn ? turn : 1;
            }

            entries = entries[EntryBytes..];
        }

        return 1;
    }

    /// <summary>A whole segment that says nothing else.</summary>
    public static byte[] Segment(int turn) =>
        [
            .. (ReadOnlySpan<byte>)[0xFF, 0xE1, 0, 34],
            .. Header,
            .. "MM\0*"u8,
            .. (ReadOnlySpan<byte>)[0, 0, 0, 8, 0, 1],
            .. (ReadOnlySpan<byte>)[0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, (byte)turn, 0, 0],
            .. (ReadOnlySpan<byte>)[0, 0, 0, 0],
        ];

    private static uint Long(ReadOnlySpan<byte> bytes, bool isBig) =>
        isBig
            ? BinaryPrimitives.ReadUInt32BigEndian(bytes)
            : BinaryPrimitives.ReadUInt32LittleEndian(bytes);

    private static int Short(ReadOnlySpan<byte> bytes, bool isBig) =>
        isBig
            ? BinaryPrimitives.ReadUInt16BigEndian(bytes)
            : BinaryPrimitives.ReadUInt16LittleEndian(bytes);
}
