using System.Buffers.Binary;

namespace Rookery.Media.Pictures;

/// <summary>GIF: frames and extensions in blocks. Kept are frames, how each is shown, and how often all are repeated.</summary>
internal static class ReadGif
{
    private const int HeaderBytes = 13;
    private const int FrameBytes = 10;
    private const byte Frame = 0x2C;
    private const byte Extension = 0x21;
    private const byte End = 0x3B;
    private const byte GraphicControl = 0xF9;
    private const byte Application = 0xFF;

    /// <summary>Null where it is no whole GIF.</summary>
    public static CleanMedium? Read(ReadOnlySpan<byte> file)
    {
        if (file.Length < HeaderBytes)
        {
            return null;
        }

        var kept = new PieceList();
        var (width, height) = (Short(file[6..]), Short(file[8..]));
        var at = HeaderBytes + TableBytes(file[10]);
        kept.Keep(0, Math.Min(at, file.Length));
        for (var frames = 0; at < file.Length; )
        {
            var start = at;
            switch (file[at])
            {
                case End:
                    // What follows is not the picture's.
                    kept.Keep(at, 1);
                    return frames > 0
                        ? new CleanMedium(MediaKind.Gif, width, height, frames, kept.Pieces)
                        : null;
                case Frame when file.Length - at > FrameBytes:
                    // One may be larger than the picture says.
                    width = Math.Max(width, Short(file[(at + 5)..]));
                    height = Math.Max(height, Short(file[(at + 7)..]));
                    // The size of the codes stands before the blocks.
                    at += FrameBytes + TableBytes(file[at + 9]) + 1;
                    frames++;
                    if (!TryBlocks(file, ref at))
                    {
                        return null;
                    }

                    kept.Keep(start, at - start);
                    break;
                case Extension when file.Length - at > 2:
                    var isNeeded = IsNeeded(file[(at + 1)..]);
                    at += 2;
                    if (!TryBlocks(file, ref at))
                    {
                        return null;
                    }

                    if (isNeeded)
                    {
                        kept.Keep(start, at - start);
                    }

                    break;
                default:
                    return null;
            }
        }

        return null;
    }

    /// <summary>The table of colours that a byte of flags announces.</summary>
    private static int TableBytes(byte flags) => (flags & 0x80) == 0 ? 0 : 3 << ((flags & 7) + 1);

    /// <summary>Steps over blocks up to the empty one that ends them.</summary>
    private static bool TryBlocks(ReadOnlySpan<byte> file, ref int at)
    {
        while (at < file.Length)
        {
            var length = file[at];
            at += length + 1;
            if (length == 0)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The extension that begins with its label. One that repeats has one block of three bytes after its name; others use the name to hide more.</summary>
    private static bool IsNeeded(ReadOnlySpan<byte> extension) =>
        extension[0] switch
        {
            GraphicControl => extension is [_, 4, _, _, _, _, 0, ..],
            Application => extension.Length >= 18
                && extension[1] == 11
                && (
                    extension[2..13].SequenceEqual("NETSCAPE2.0"u8)
                    || extension[2..13].SequenceEqual("ANIMEXTS1.0"u8)
                )
                && extension[13] == 3
                && extension[17] == 0,
            _ => false,
        };

    private static int Short(ReadOnlySpan<byte> bytes) =>
        BinaryPrimitives.ReadUInt16LittleEndian(bytes);
}
