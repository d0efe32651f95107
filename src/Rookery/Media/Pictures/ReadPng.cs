using System.Buffers.Binary;

namespace Rookery.Media.Pictures;

/// <summary>PNG: chunks, each with its length and a checksum. Kept are those that say what the pixels are and what colours they have.</summary>
internal static class ReadPng
{
    /// <summary>Length, type and checksum.</summary>
    private const int Around = 12;

    private const int HeaderBytes = 13;

    public static ReadOnlySpan<byte> Signature =>
        [0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10];

    /// <summary>Null where it is no whole PNG.</summary>
    public static CleanMedium? Read(ReadOnlySpan<byte> file)
    {
        var kept = new PieceList();
        kept.Keep(0, Signature.Length);
        var (width, height) = (0, 0);
        var frames = 0;
        var hasPixels = false;
        for (var at = Signature.Length; TryChunk(file, at, out var type, out var data); )
        {
            var isFirst = at == Signature.Length;
            if (isFirst != type.SequenceEqual("IHDR"u8) || (isFirst && data.Length != HeaderBytes))
            {
                return null;
            }

            if (isFirst)
            {
                (width, height) = (Number(data), Number(data[4..]));
            }

            frames += type.SequenceEqual("fcTL"u8) ? 1 : 0;
            hasPixels |= type.SequenceEqual("IDAT"u8);
            if (IsNeeded(type))
            {
                kept.Keep(at, data.Length + Around);
            }

            if (type.SequenceEqual("IEND"u8))
            {
                // What follows is not the picture's.
                return hasPixels
                    ? new CleanMedium(
                        MediaKind.Png,
                        width,
                        height,
                        Math.Max(1, frames),
                        kept.Pieces
                    )
                    : null;
            }

            at += data.Length + Around;
        }

        return null;
    }

    private static bool TryChunk(
        ReadOnlySpan<byte> file,
        int at,
        out ReadOnlySpan<byte> type,
        out ReadOnlySpan<byte> data
    )
    {
        type = data = default;
        if (file.Length - at < Around)
        {
            return false;
        }

        var length = BinaryPrimitives.ReadUInt32BigEndian(file[at..]);
        if (length > file.Length - at - Around)
        {
            return false;
        }

        type = file.Slice(at + 4, 4);
        data = file.Slice(at + 8, (int)length);
        return true;
    }

    /// <summary>Too large a number is one that no picture has: 0.</summary>
    private static int Number(ReadOnlySpan<byte> bytes) =>
        Math.Max(0, BinaryPrimitives.ReadInt32BigEndian(bytes));

    private static bool IsNeeded(ReadOnlySpan<byte> type) =>
        // Pixels and frames.
        type.SequenceEqual("IHDR"u8)
        || type.SequenceEqual("PLTE"u8)
        || type.SequenceEqual("tRNS"u8)
        || type.SequenceEqual("IDAT"u8)
        || type.SequenceEqual("IEND"u8)
        || type.SequenceEqual("acTL"u8)
        || type.SequenceEqual("fcTL"u8)
        || type.SequenceEqual("fdAT"u8)
        // Colours.
        || type.SequenceEqual("gAMA"u8)
        || type.SequenceEqual("cHRM"u8)
        || type.SequenceEqual("sRGB"u8)
        || type.SequenceEqual("iCCP"u8)
        || type.SequenceEqual("cICP"u8)
        || type.SequenceEqual("sBIT"u8)
        || type.SequenceEqual("bKGD"u8)
        || type.SequenceEqual("pHYs"u8);
}
