using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Rookery.TestKit;

/// <summary>
/// Small pictures of every kind, made piece by piece, with <see cref="Secret"/> in every place where a picture can say something about its maker.
/// </summary>
internal static class SamplePictures
{
    public const string Secret = "GPS 47.376888 8.541694";

    private static byte[] SecretBytes => Encoding.ASCII.GetBytes(Secret);

    /// <summary>A black PNG that every browser shows.</summary>
    public static byte[] Png(int width = 3, int height = 2)
    {
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        header[8] = 8;
        return
        [
            0x89,
            .. "PNG\r\n"u8,
            0x1A,
            (byte)'\n',
            .. PngChunk("IHDR", header),
            .. PngChunk("tEXt", [.. "Comment\0"u8, .. SecretBytes]),
            .. PngChunk("eXIf", SecretBytes),
            // A megabyte of pixels at most: what says that it is larger is only to be refused.
            .. PngChunk("IDAT", Deflated(new byte[Math.Min(1 << 20, height * (width + 1L))])),
            .. PngChunk("tIME", new byte[7]),
            .. PngChunk("xxXx", SecretBytes),
            .. PngChunk("IEND", []),
            .. SecretBytes,
        ];
    }

    /// <summary>An evening sky over water, in colours, to be looked at.</summary>
    public static byte[] Evening(int width, int height)
    {
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = (8, 2);
        var rows = new List<byte>();
        for (var y = 0; y < height; y++)
        {
            rows.Add(0);
            // Down to the shore it gets lighter, below it darker again.
            var light = (double)y / height is var down && down < 0.6 ? down / 0.6 : 1.3 - down;
            for (var x = 0; x < width; x++)
            {
                rows.Add((byte)(60 + (190 * light)));
                rows.Add((byte)(80 + (90 * light)));
                rows.Add((byte)(140 - (20 * light) + (40.0 * x / width)));
            }
        }

        return
        [
            0x89,
            .. "PNG\r\n"u8,
            0x1A,
            (byte)'\n',
            .. PngChunk("IHDR", header),
            .. PngChunk("IDAT", Deflated([.. rows])),
            .. PngChunk("IEND", []),
        ];
    }

    /// <param name="turn">How Exif says that it is to be turned.</param>
    public static byte[] Jpeg(int width = 40, int height = 30, byte turn = 1)
    {
        byte[] exif =
        [
            .. "Exif\0\0II*\0"u8,
            8,
            0,
            0,
            0,
            2,
            0,
            0x0F,
            0x01,
            2,
            0,
            4,
            0,
            0,
            0,
            .. "Maker"u8[..4],
            0x12,
            0x01,
            3,
            0,
            1,
            0,
            0,
            0,
            turn,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            .. SecretBytes,
        ];
        byte[] frame =
        [
            8,
            (byte)(height >> 8),
            (byte)height,
            (byte)(width >> 8),
            (byte)width,
            1,
            1,
            0x11,
            0,
        ];
        return
        [
            0xFF,
            0xD8,
            .. Segment(0xE0, [.. "JFIF\0"u8, 1, 1, 0, 0, 1, 0, 1, 1, 1, .. SecretBytes]),
            .. Segment(0xE1, exif),
            .. Segment(0xE1, [.. "http://ns.adobe.com/xap/1.0/\0"u8, .. SecretBytes]),
            .. Segment(0xE2, [.. "ICC_PROFILE\0"u8, 1, 1, .. "colours"u8]),
            .. Segment(0xE2, [.. "MPF\0"u8, .. SecretBytes]),
            .. Segment(0xED, [.. "Photoshop 3.0\0"u8, .. SecretBytes]),
            .. Segment(0xFE, SecretBytes),
            .. Segment(0xDB, new byte[65]),
            .. Segment(0xC0, frame),
            .. Segment(0xC4, new byte[18]),
            .. Segment(0xDA, [1, 1, 0, 0, 63, 0]),
            .. "pixels"u8,
            0xFF,
            0,
            .. "more"u8,
            0xFF,
            0xD0,
            .. "last"u8,
            0xFF,
            0xD9,
            .. SecretBytes,
        ];
    }

    public static byte[] Gif(int frames = 2)
    {
        byte[] secret = [(byte)SecretBytes.Length, .. SecretBytes, 0];
        byte[] frame =
        [
            0x21,
            0xF9,
            4,
            0,
            10,
            0,
            0,
            0,
            0x2C,
            0,
            0,
            0,
            0,
            5,
            0,
            4,
            0,
            0,
            2,
            2,
            0x44,
            1,
            0,
        ];
        return
        [
            .. "GIF89a"u8,
            5,
            0,
            4,
            0,
            0x80,
            0,
            0,
            1,
            2,
            3,
            4,
            5,
            6,
            0x21,
            0xFF,
            11,
            .. "NETSCAPE2.0"u8,
            3,
            1,
            0,
            0,
            0,
            0x21,
            0xFF,
            11,
            .. "XMP DataXMP"u8,
            .. secret,
            0x21,
            0xFE,
            .. secret,
            .. Enumerable.Repeat(frame, frames).SelectMany(one => one),
            0x21,
            0x01,
            .. secret,
            0x3B,
            .. SecretBytes,
        ];
    }

    /// <param name="moves">With two frames.</param>
    public static byte[] WebP(bool moves = false)
    {
        byte[] pixels = [0, 0, 0, 0x9D, 1, 0x2A, 7, 0, 6, 0, 1];
        byte[] frame =
        [
            .. new byte[16],
            .. RiffChunk("VP8 ", pixels),
            .. RiffChunk("xxxx", SecretBytes),
        ];
        byte[] chunks =
        [
            .. RiffChunk("VP8X", [0x0C, 0, 0, 0, 6, 0, 0, 5, 0, 0]),
            .. RiffChunk("ICCP", "colours"u8.ToArray()),
            .. (
                moves
                    ?
                    [
                        .. RiffChunk("ANIM", new byte[6]),
                        .. RiffChunk("ANMF", frame),
                        .. RiffChunk("ANMF", frame),
                    ]
                    : RiffChunk("VP8 ", pixels)
            ),
            .. RiffChunk("EXIF", SecretBytes),
            .. RiffChunk("XMP ", SecretBytes),
        ];
        return [.. RiffChunk("RIFF", [.. "WEBP"u8, .. chunks]), .. SecretBytes];
    }

    private static byte[] Deflated(byte[] bytes)
    {
        using var into = new MemoryStream();
        using (var deflate = new ZLibStream(into, CompressionLevel.Fastest, leaveOpen: true))
        {
            deflate.Write(bytes);
        }

        return into.ToArray();
    }

    private static byte[] PngChunk(string type, byte[] data)
    {
        byte[] checkedBytes = [.. Encoding.ASCII.GetBytes(type), .. data];
        return
        [
            .. BigEndian((uint)data.Length),
            .. checkedBytes,
            .. BigEndian(Checksum(checkedBytes)),
        ];
    }

    private static byte[] Segment(byte marker, byte[] data) =>
        [0xFF, marker, (byte)((data.Length + 2) >> 8), (byte)(data.Length + 2), .. data];

    private static byte[] RiffChunk(string type, byte[] data)
    {
        var length = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, data.Length);
        return [.. Encoding.ASCII.GetBytes(type), .. length, .. data, .. new byte[data.Length % 2]];
    }

    private static byte[] BigEndian(uint number)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, number);
        return bytes;
    }

    /// <summary>CRC-32 as PNG has it.</summary>
    private static uint Checksum(byte[] bytes)
    {
        var checksum = uint.MaxValue;
        foreach (var one in bytes)
        {
            checksum ^= one;
            for (var bit = 0; bit < 8; bit++)
            {
                checksum = (checksum & 1) == 1 ? (checksum >> 1) ^ 0xEDB88320 : checksum >> 1;
            }
        }

        return ~checksum;
    }
}
