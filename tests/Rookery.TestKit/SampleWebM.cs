using System.Buffers.Binary;
using System.Text;

namespace Rookery.TestKit;

/// <summary>A small WebM, made element by element, with <see cref="SamplePictures.Secret"/> wherever one can say something about its maker. No browser plays it.</summary>
internal sealed class SampleWebM
{
    public static readonly string[] Played = ["picture one", "sound one", "picture two"];

    public string DocType { get; init; } = "webm";

    public string Coding { get; init; } = "V_VP9";

    public int Width { get; init; } = 640;

    public int Height { get; init; } = 360;

    /// <summary>Shown in this size; nothing: in its own.</summary>
    public (int Width, int Height)? Shown { get; init; }

    /// <summary>In milliseconds; null: it does not say.</summary>
    public double? Duration { get; init; } = 2000;

    /// <summary>As browsers record: what is large says no length.</summary>
    public bool IsOpen { get; init; }

    /// <summary>Stands in the tracks, before them.</summary>
    public byte[] BeforeTracks { get; init; } = [];

    private static byte[] Secret => Encoding.ASCII.GetBytes(SamplePictures.Secret);

    public byte[] ToArray() =>
        [
            .. Element(
                0x1A45DFA3,
                [
                    .. Element(0x4286, [1]),
                    .. Element(0x42F2, [4]),
                    .. Element(0x42F3, [8]),
                    .. Element(0x4282, Encoding.ASCII.GetBytes(DocType)),
                    .. Element(0xEC, Secret),
                ]
            ),
            .. Large(
                0x18538067,
                [
                    .. Element(
                        0x114D9B74,
                        Element(
                            0x4DBB,
                            [.. Element(0x53AB, [0x15, 0x49, 0xA9, 0x66]), .. Element(0x53AC, [40])]
                        )
                    ),
                    .. Information(),
                    .. BeforeTracks,
                    .. Tracks(),
                    .. Tags(),
                    .. Cluster(
                        0,
                        [.. Block(1, 0, Played[0]), .. Subtitle(), .. Block(2, 10, Played[1])]
                    ),
                    .. Cluster(1000, [.. Group(1, 500, Played[2])]),
                    .. Element(
                        0x1C53BB6B,
                        Element(
                            0xBB,
                            [
                                .. Element(0xB3, [0]),
                                .. Element(
                                    0xB7,
                                    [
                                        .. Element(0xF7, [1]),
                                        .. Element(0xF1, [99]),
                                        .. Element(0xEA, Secret),
                                    ]
                                ),
                            ]
                        )
                    ),
                    .. Tags(),
                ]
            ),
        ];

    public static byte[] Element(uint id, params byte[] body) =>
        [.. Id(id), .. Length(body.Length), .. body];

    private byte[] Large(uint id, byte[] body) =>
        IsOpen
            ? [.. Id(id), 0x01, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, .. body]
            : Element(id, body);

    private byte[] Information()
    {
        var duration = new byte[8];
        BinaryPrimitives.WriteDoubleBigEndian(duration, Duration ?? 0);
        return Element(
            0x1549A966,
            [
                .. Element(0x2AD7B1, [0x0F, 0x42, 0x40]),
                .. Duration is null ? [] : Element(0x4489, duration),
                .. Element(0x7BA9, Secret),
                .. Element(0x4D80, Secret),
                .. Element(0x5741, Secret),
                .. Element(0x4461, Secret[..8]),
                .. Element(0x73A4, Secret[..16]),
                .. Element(0xBF, Secret[..4]),
            ]
        );
    }

    private byte[] Tracks() =>
        Element(
            0x1654AE6B,
            [
                .. Element(
                    0xAE,
                    [
                        .. Element(0xD7, [1]),
                        .. Element(0x73C5, [7]),
                        .. Element(0x83, [1]),
                        .. Element(0x536E, Secret),
                        .. Element(0x86, Encoding.ASCII.GetBytes(Coding)),
                        .. Element(
                            0xE0,
                            [
                                .. Element(0xB0, Short(Width)),
                                .. Element(0xBA, Short(Height)),
                                .. Shown is { } shown
                                    ? (byte[])
                                        [
                                            .. Element(0x54B0, Short(shown.Width)),
                                            .. Element(0x54BA, Short(shown.Height)),
                                        ]
                                    : [],
                                .. Element(0x7670, Secret),
                            ]
                        ),
                    ]
                ),
                .. Element(
                    0xAE,
                    [
                        .. Element(0xD7, [2]),
                        .. Element(0x83, [2]),
                        .. Element(0x86, "A_VORBIS"u8.ToArray()),
                        .. Element(0x63A2, VorbisHeaders()),
                        .. Element(0xE1, Element(0x9F, [2])),
                    ]
                ),
                .. Element(
                    0xAE,
                    [
                        .. Element(0xD7, [3]),
                        .. Element(0x83, [17]),
                        .. Element(0x86, "S_TEXT/UTF8"u8.ToArray()),
                        .. Element(0x536E, Secret),
                    ]
                ),
            ]
        );

    /// <summary>Three packets; the one in the middle says who made it, and where.</summary>
    private static byte[] VorbisHeaders()
    {
        byte[] texts =
        [
            3,
            .. "vorbis"u8,
            (byte)Secret.Length,
            0,
            0,
            0,
            .. Secret,
            1,
            0,
            0,
            0,
            (byte)Secret.Length,
            0,
            0,
            0,
            .. Secret,
            1,
        ];
        return
        [
            2,
            9,
            (byte)texts.Length,
            .. "\u0001vorbis-a"u8,
            .. texts,
            .. "\u0005vorbis-setup"u8,
        ];
    }

    private static byte[] Tags() =>
        [
            .. Element(
                0x1254C367,
                Element(
                    0x7373,
                    Element(
                        0x67C8,
                        [.. Element(0x45A3, "LOCATION"u8.ToArray()), .. Element(0x4487, Secret)]
                    )
                )
            ),
            .. Element(0x1941A469, Element(0x61A7, Element(0x465C, Secret))),
            .. Element(0x1043A770, Element(0x45B9, Secret)),
            .. Element(0xEC, Secret),
            // Too short for the long form of what takes its place.
            .. Element(0xBF, Secret[..4]),
        ];

    private byte[] Cluster(int time, byte[] blocks) =>
        Large(0x1F43B675, [.. Element(0xE7, Short(time)), .. blocks, .. Element(0xEC, Secret)]);

    private static byte[] Block(byte track, int time, string text) =>
        Element(
            0xA3,
            [(byte)(0x80 | track), .. Short(time), 0x80, .. Encoding.ASCII.GetBytes(text)]
        );

    private static byte[] Group(byte track, int time, string text) =>
        Element(
            0xA0,
            [
                .. Element(
                    0xA1,
                    [(byte)(0x80 | track), .. Short(time), 0, .. Encoding.ASCII.GetBytes(text)]
                ),
                .. Element(0x9B, Short(250)),
                .. Element(0xC8, Secret),
            ]
        );

    /// <summary>Of a track that is dropped: drones write there where they are.</summary>
    private static byte[] Subtitle() =>
        Element(0xA0, [.. Element(0xA1, [0x83, 0, 0, 0, .. Secret]), .. Element(0x9B, [5])]);

    private static byte[] Id(uint id) => [.. Big(id).SkipWhile(one => one == 0)];

    private static byte[] Length(int length) => [.. Big((uint)length | 0x10000000)];

    private static byte[] Short(int number) => [(byte)(number >> 8), (byte)number];

    private static byte[] Big(uint number)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, number);
        return bytes;
    }
}
