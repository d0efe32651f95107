using System.Buffers.Binary;

namespace Rookery.Media.Pictures;

/// <summary>WebP: chunks of a RIFF file, and inside of frames again. Kept are pixels, frames and the colour profile.</summary>
internal static class ReadWebP
{
    private const int FileHeaderBytes = 12;
    private const int ChunkHeaderBytes = 8;
    private const int ExtendedBytes = 10;
    private const int FrameHeaderBytes = 16;

    /// <summary>Flags of an extended file that say that Exif and XMP follow.</summary>
    private const byte MetadataFlags = 0x0C;

    /// <summary>Null where it is no whole WebP.</summary>
    public static CleanMedium? Read(ReadOnlySpan<byte> file)
    {
        var length = 8 + (long)BinaryPrimitives.ReadUInt32LittleEndian(file[4..]);
        if (length > file.Length || length < FileHeaderBytes)
        {
            return null;
        }

        // What follows is not the picture's.
        file = file[..(int)length];
        var kept = new PieceList();
        (int Width, int Height)? canvas = null;
        (int Width, int Height)? pixels = null;
        var frames = 0;
        var at = FileHeaderBytes;
        while (at < file.Length)
        {
            if (!TryChunk(file, at, out var type, out var data))
            {
                return null;
            }

            if (type.SequenceEqual("VP8X"u8) && data.Length >= ExtendedBytes)
            {
                canvas = (1 + Number24(data[4..]), 1 + Number24(data[7..]));
                kept.Put([
                    .. "VP8X"u8,
                    ExtendedBytes,
                    0,
                    0,
                    0,
                    (byte)(data[0] & ~MetadataFlags),
                    .. data[1..10],
                ]);
            }
            else if (type.SequenceEqual("ANMF"u8))
            {
                frames++;
                if (!TryFrame(file, at, data, kept))
                {
                    return null;
                }
            }
            else if (IsPixels(type) || type.SequenceEqual("ANIM"u8) || type.SequenceEqual("ICCP"u8))
            {
                pixels ??= SizeOf(type, data);
                KeepChunk(kept, at, data);
            }

            at += ChunkHeaderBytes + Padded(data.Length);
        }

        if ((canvas ?? pixels) is not var (width, height) || (pixels is null && frames == 0))
        {
            return null;
        }

        var all = new PieceList();
        var size = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(size, (uint)(kept.Length + 4));
        all.Put([.. "RIFF"u8, .. size, .. "WEBP"u8]);
        all.Put(kept);
        // The larger of what the file says and what its pixels say.
        width = Math.Max(width, pixels?.Width ?? 0);
        height = Math.Max(height, pixels?.Height ?? 0);
        return new CleanMedium(MediaKind.WebP, width, height, Math.Max(1, frames), all.Pieces);
    }

    /// <summary>A frame of what moves: its place and time, and chunks of its own.</summary>
    private static bool TryFrame(
        ReadOnlySpan<byte> file,
        int at,
        ReadOnlySpan<byte> data,
        PieceList kept
    )
    {
        var start = at + ChunkHeaderBytes;
        var end = start + data.Length;
        if (data.Length < FrameHeaderBytes)
        {
            return false;
        }

        var inner = new PieceList();
        inner.Keep(start, FrameHeaderBytes);
        for (var next = start + FrameHeaderBytes; next < end; )
        {
            if (!TryChunk(file[..end], next, out var type, out var part))
            {
                return false;
            }

            if (IsPixels(type))
            {
                KeepChunk(inner, next, part);
            }

            next += ChunkHeaderBytes + Padded(part.Length);
        }

        var size = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(size, (uint)inner.Length);
        kept.Put([.. "ANMF"u8, .. size]);
        kept.Put(inner);
        return true;
    }

    private static void KeepChunk(PieceList kept, int at, ReadOnlySpan<byte> data)
    {
        kept.Keep(at, ChunkHeaderBytes + data.Length);
        if (data.Length % 2 == 1)
        {
            kept.Put([0]);
        }
    }

    private static bool TryChunk(
        ReadOnlySpan<byte> file,
        int at,
        out ReadOnlySpan<byte> type,
        out ReadOnlySpan<byte> data
    )
    {
        type = data = default;
        if (file.Length - at < ChunkHeaderBytes)
        {
            return false;
        }

        var length = BinaryPrimitives.ReadUInt32LittleEndian(file[(at + 4)..]);
        if (length > file.Length - at - ChunkHeaderBytes)
        {
            return false;
        }

        type = file.Slice(at, 4);
        data = file.Slice(at + ChunkHeaderBytes, (int)length);
        return true;
    }

    private static bool IsPixels(ReadOnlySpan<byte> type) =>
        type.SequenceEqual("VP8 "u8)
        || type.SequenceEqual("VP8L"u8)
        || type.SequenceEqual("ALPH"u8);

    private static (int Width, int Height)? SizeOf(ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        if (type.SequenceEqual("VP8 "u8) && data is [_, _, _, 0x9D, 0x01, 0x2A, _, _, _, _, ..])
        {
            return (
                BinaryPrimitives.ReadUInt16LittleEndian(data[6..]) & 0x3FFF,
                BinaryPrimitives.ReadUInt16LittleEndian(data[8..]) & 0x3FFF
            );
        }

        if (type.SequenceEqual("VP8L"u8) && data is [0x2F, _, _, _, _, ..])
        {
            var bits = BinaryPrimitives.ReadUInt32LittleEndian(data[1..]);
            return ((int)(bits & 0x3FFF) + 1, (int)((bits >> 14) & 0x3FFF) + 1);
        }

        return null;
    }

    private static int Padded(int length) => length + (length & 1);

    private static int Number24(ReadOnlySpan<byte> bytes) =>
        bytes[0] | (bytes[1] << 8) | (bytes[2] << 16);
}
