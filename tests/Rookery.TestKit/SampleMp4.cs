using System.Buffers.Binary;
using System.Text;

namespace Rookery.TestKit;

/// <summary>
/// A small MP4, made box by box, with <see cref="SamplePictures.Secret"/> in every place where one can say something about its maker. Its samples are texts, so no
/// browser plays it.
/// </summary>
internal sealed class SampleMp4
{
    /// <summary>What its tracks play, in the order in which it stands in the data.</summary>
    public static readonly string[] Played =
    [
        "picture one",
        "sound one",
        "picture two",
        "sound two",
    ];

    public string Brand { get; init; } = "isom";

    public string Coding { get; init; } = "avc1";

    public string Sound { get; init; } = "mp4a";

    public int Width { get; init; } = 640;

    public int Height { get; init; } = 360;

    public bool IsTurned { get; init; }

    public bool DataFirst { get; init; }

    /// <summary>Its data has a length of 64 bits.</summary>
    public bool IsLarge { get; init; }

    public int Seconds { get; init; } = 2;

    /// <summary>What it plays stands in two fragments, as recorders write it, and its tables are empty.</summary>
    public bool IsInFragments { get; init; }

    /// <summary>Puts something else in the place of a box; null: as it is.</summary>
    public Func<string, byte[], byte[]?> Instead { get; init; } = (_, _) => null;

    private static byte[] Secret => Encoding.ASCII.GetBytes(SamplePictures.Secret);

    public byte[] ToArray()
    {
        var head = Box("ftyp", [.. Letters(Brand), 0, 0, 2, 0, .. Letters(Brand), .. "mp4x"u8]);
        var free = Box("free", Secret);
        if (IsInFragments)
        {
            byte[] before = [.. head, .. free, .. Movie(0), .. Index()];
            return [.. before, .. Fragments(before.Length), .. Box("mfra", Secret)];
        }

        var length = Movie(0).Length;
        var at = head.Length + free.Length + (DataFirst ? 0 : length) + (IsLarge ? 16 : 8);
        var (movie, data) = (Movie(at), Data());
        return
        [
            .. head,
            .. free,
            .. DataFirst ? data : movie,
            .. DataFirst ? movie : data,
            .. Box("uuid", [.. Xmp, .. Secret]),
            .. Box("meta", [0, 0, 0, 0, .. Secret]),
        ];
    }

    public byte[] Box(string type, params byte[] body) =>
        Instead(type, body) ?? [.. Int(body.Length + 8), .. Letters(type), .. body];

    private static byte[] Xmp =>
        [
            0xBE,
            0x7A,
            0xCF,
            0xCB,
            0x97,
            0xA9,
            0x42,
            0xE8,
            0x9C,
            0x71,
            0x99,
            0x94,
            0x91,
            0xE3,
            0xAF,
            0xAC,
        ];

    private byte[] Index() =>
        Box(
            "sidx",
            [
                .. new byte[4],
                .. Int(1),
                .. Int(30),
                .. new byte[11],
                1,
                .. Int(1),
                .. Int(Seconds * 30),
                .. Int(0),
                .. Secret,
            ]
        );

    private List<byte> Fragments(int at)
    {
        var all = new List<byte>();
        for (var i = 0; i < Played.Length / 2; i++)
        {
            var (picture, sound) = (
                Encoding.ASCII.GetBytes(Played[2 * i]),
                Encoding.ASCII.GetBytes(Played[(2 * i) + 1])
            );
            var length = Fragment(i, at, 0).Length;
            all.AddRange(Fragment(i, at + all.Count, length));
            all.AddRange(Box("mdat", [.. Secret, .. picture, .. Secret, .. sound, .. Secret]));
        }

        return all;
    }

    /// <summary>A picture and a sound, and between them where the phone was.</summary>
    /// <param name="at">Where it begins.</param>
    /// <param name="length">Of the whole.</param>
    private byte[] Fragment(int number, int at, int length)
    {
        var picture = length + 8 + Secret.Length;
        var place = picture + Played[2 * number].Length;
        var (last, units) = (Played[(2 * number) + 1].Length, Int(Seconds * 15));
        return Box(
            "moof",
            [
                .. Box("mfhd", [.. new byte[4], .. Int(number + 1), .. Secret]),
                .. Box(
                    "traf",
                    [
                        .. Box("tfhd", [0, 2, 0, 8, .. Int(1), .. units, .. Secret]),
                        .. Box("tfdt", [1, 0, 0, 0, .. Long(number * Seconds * 15), .. Secret]),
                        .. Box(
                            "trun",
                            [
                                0,
                                0,
                                2,
                                1,
                                .. Int(1),
                                .. Int(picture),
                                .. Int(place - picture),
                                .. Secret,
                            ]
                        ),
                        .. Box("uuid", [.. Xmp, .. Secret]),
                    ]
                ),
                .. Box(
                    "traf",
                    [
                        .. Box("tfhd", [0, 2, 0, 0, .. Int(3)]),
                        .. Box(
                            "trun",
                            [0, 0, 2, 1, .. Int(1), .. Int(place), .. Int(Secret.Length)]
                        ),
                    ]
                ),
                .. Box(
                    "traf",
                    [
                        .. Box("tfhd", [0, 0, 0, 1, .. Int(2), .. Long(at), .. Secret]),
                        .. Box(
                            "trun",
                            [
                                0,
                                0,
                                3,
                                5,
                                .. Int(1),
                                .. Int(place + Secret.Length),
                                .. Int(0),
                                .. units,
                                .. Int(last),
                                .. Secret,
                            ]
                        ),
                    ]
                ),
                .. Box("pssh", Secret),
            ]
        );
    }

    /// <summary>That fragments follow, and what their samples have.</summary>
    private byte[] Announcement() =>
        Box(
            "mvex",
            [
                .. Box("mehd", [.. new byte[4], .. Int(0), .. Secret]),
                .. Enumerable
                    .Range(1, 3)
                    .SelectMany(track =>
                        Box(
                            "trex",
                            [.. new byte[4], .. Int(track), .. Int(1), .. new byte[12], .. Secret]
                        )
                    ),
                .. Box("trep", Secret),
            ]
        );

    private byte[] Data()
    {
        byte[] body =
        [
            .. Secret,
            .. Played.SelectMany(text => (byte[])[.. Encoding.ASCII.GetBytes(text), .. Secret]),
        ];
        return IsLarge
            ? [0, 0, 0, 1, .. Letters("mdat"), .. Long(body.Length + 16), .. body]
            : Box("mdat", body);
    }

    /// <param name="at">Where what is in the data begins.</param>
    private byte[] Movie(int at)
    {
        var places = new int[Played.Length];
        var from = at + Secret.Length;
        for (var i = 0; i < places.Length; i++)
        {
            places[i] = from;
            from += Played[i].Length + Secret.Length;
        }

        return Box(
            "moov",
            [
                .. Box(
                    "mvhd",
                    [
                        .. new byte[4],
                        .. Secret[..8],
                        .. Int(1000),
                        .. Int(IsInFragments ? 0 : Seconds * 1000),
                        .. new byte[80],
                    ]
                ),
                .. Track(1, "vide", Table(Pictures(), places, 0)),
                .. Track(2, "soun", Table(Sounds(), places, 1)),
                // A phone's own track, which says second by second where it is: its samples stand between the others.
                .. Track(
                    3,
                    "meta",
                    [
                        .. Box("stsd", [.. new byte[4], .. Int(1), .. Box("mebx", Secret)]),
                        .. Box(
                            "stsc",
                            [.. new byte[4], .. Int(1), .. Int(1), .. Int(1), .. Int(1)]
                        ),
                        .. Box(
                            "stsz",
                            [.. new byte[4], .. Int(Secret.Length), .. Int(IsInFragments ? 0 : 2)]
                        ),
                        .. Box(
                            "stco",
                            [
                                .. new byte[4],
                                .. Int(2),
                                .. Int(places[0] + Played[0].Length),
                                .. Int(places[1] + Played[1].Length),
                            ]
                        ),
                    ]
                ),
                .. IsInFragments ? Announcement() : [],
                .. UserData(),
                .. Box(
                    "meta",
                    [.. Handler("mdta"), .. Box("keys", Secret), .. Box("ilst", Secret)]
                ),
                .. Box("uuid", [.. Xmp, .. Secret]),
                .. Box("iods", Secret),
            ]
        );
    }

    private byte[] UserData() =>
        Box(
            "udta",
            [
                .. Box("\u00A9xyz", [0, 22, 0x15, 0xC7, .. Secret]),
                .. Box("loci", [0, 0, 0, 0, .. Secret]),
                .. Box("meta", [0, 0, 0, 0, .. Handler("mdir"), .. Box("ilst", Secret)]),
                0,
                0,
                0,
                0,
            ]
        );

    private byte[] Handler(string type) =>
        Box("hdlr", [.. new byte[8], .. Letters(type), .. new byte[12], .. Secret, 0]);

    private byte[] Track(int number, string handler, byte[] table)
    {
        byte[] matrix = IsTurned
            ? [.. Int(0), .. Int(1 << 16), .. Int(0), .. Int(-1 << 16), .. Int(0), .. new byte[16]]
            : [.. Int(1 << 16), .. Int(0), .. Int(0), .. Int(0), .. Int(1 << 16), .. new byte[16]];
        var isVideo = handler == "vide";
        return Box(
            "trak",
            [
                .. Box(
                    "tkhd",
                    [
                        0,
                        0,
                        0,
                        3,
                        .. Secret[..8],
                        .. Int(number),
                        .. Int(0),
                        .. Int(Seconds * 1000),
                        .. new byte[16],
                        .. matrix,
                        .. Int(isVideo ? Width << 16 : 0),
                        .. Int(isVideo ? Height << 16 : 0),
                    ]
                ),
                .. Box("edts", Box("elst", [.. new byte[4], .. Int(1), .. new byte[12]])),
                .. Box(
                    "mdia",
                    [
                        .. Box(
                            "mdhd",
                            [
                                .. new byte[4],
                                .. Secret[..8],
                                .. Int(30),
                                .. Int(IsInFragments ? 0 : Seconds * 30),
                                0x55,
                                0xC4,
                                0,
                                0,
                            ]
                        ),
                        .. Handler(handler),
                        .. Box(
                            "minf",
                            [
                                .. isVideo ? Box("vmhd", new byte[12]) : Box("smhd", new byte[8]),
                                .. Handler("alis"),
                                .. Box(
                                    "dinf",
                                    Box(
                                        "dref",
                                        [
                                            .. new byte[4],
                                            .. Int(1),
                                            .. Box("url ", [0, 0, 0, 1, .. Secret]),
                                        ]
                                    )
                                ),
                                .. Box("stbl", table),
                            ]
                        ),
                    ]
                ),
                .. UserData(),
                .. Box("meta", [0, 0, 0, 0, .. Secret]),
                .. Box("tref", Secret),
            ]
        );
    }

    private byte[] Pictures() =>
        Box(
            Coding,
            [
                .. new byte[7],
                1,
                .. new byte[4],
                .. Secret[..4],
                .. new byte[8],
                .. Short(Width),
                .. Short(Height),
                .. new byte[14],
                .. Secret,
                .. new byte[32 - Secret.Length],
                0,
                24,
                0xFF,
                0xFF,
                .. Box("avcC", [1, 66, 0, 30, 0xFF, 0xE0, 0]),
                .. Box("uuid", [.. Xmp, .. Secret]),
                .. Box("pasp", [0, 0, 0, 1, 0, 0, 0, 1, .. Secret]),
                .. Box("colr", [.. "nclx"u8, 0, 1, 0, 1, 0, 1, 0, .. Secret]),
                .. Box("btrt", [.. new byte[12], .. Secret]),
                0,
                0,
                0,
                0,
            ]
        );

    private byte[] Sounds() =>
        Box(
            Sound,
            [
                .. new byte[7],
                1,
                .. new byte[4],
                .. Secret[..4],
                0,
                2,
                0,
                16,
                .. new byte[4],
                0xBB,
                0x80,
                0,
                0,
                .. Box("esds", "codes"u8.ToArray()),
                .. Box("SA3D", Secret),
            ]
        );

    /// <summary>Every second of the samples, each in a chunk of its own.</summary>
    private byte[] Table(byte[] entry, int[] places, int first) =>
        IsInFragments
            ?
            [
                .. Box("stsd", [.. new byte[4], .. Int(1), .. entry]),
                .. ((string[])["stts", "stsc", "stco"]).SelectMany(type =>
                    Box(type, [.. new byte[4], .. Int(0), .. Secret])
                ),
                .. Box("stsz", [.. new byte[4], .. Int(0), .. Int(0), .. Secret]),
            ]
            : Filled(entry, places, first);

    private byte[] Filled(byte[] entry, int[] places, int first) =>
        [
            .. Box("stsd", [.. new byte[4], .. Int(1), .. entry]),
            .. Box("stts", [.. new byte[4], .. Int(1), .. Int(2), .. Int(Seconds * 15), .. Secret]),
            .. Box("stsc", [.. new byte[4], .. Int(1), .. Int(1), .. Int(1), .. Int(1), .. Secret]),
            .. Box(
                "stsz",
                [
                    .. new byte[4],
                    .. Int(0),
                    .. Int(2),
                    .. Int(Played[first].Length),
                    .. Int(Played[first + 2].Length),
                    .. Secret,
                ]
            ),
            .. Box(
                "stco",
                [
                    .. new byte[4],
                    .. Int(2),
                    .. Int(places[first]),
                    .. Int(places[first + 2]),
                    .. Secret,
                ]
            ),
            .. Box("sgpd", Secret),
        ];

    private static byte[] Letters(string type) => Encoding.Latin1.GetBytes(type);

    private static byte[] Short(int number) => [(byte)(number >> 8), (byte)number];

    public static byte[] Int(int number)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, number);
        return bytes;
    }

    private static byte[] Long(long number)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(bytes, number);
        return bytes;
    }
}
