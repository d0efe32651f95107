namespace Rookery.Media.Videos;

/// <summary>The elements of a WebM that are kept, by their ids. Whatever is not here becomes room that is not used.</summary>
internal static class WebMNames
{
    public const uint Header = 0x1A45DFA3;
    public const uint DocType = 0x4282;
    public const uint Void = 0xEC;
    public const uint Segment = 0x18538067;
    public const uint SeekHead = 0x114D9B74;
    public const uint Info = 0x1549A966;
    public const uint TimestampScale = 0x2AD7B1;
    public const uint Duration = 0x4489;
    public const uint MuxingApp = 0x4D80;
    public const uint WritingApp = 0x5741;
    public const uint Tracks = 0x1654AE6B;
    public const uint TrackEntry = 0xAE;
    public const uint TrackNumber = 0xD7;
    public const uint TrackType = 0x83;
    public const uint CodecId = 0x86;
    public const uint CodecPrivate = 0x63A2;
    public const uint ContentEncodings = 0x6D80;
    public const uint Video = 0xE0;
    public const uint PixelWidth = 0xB0;
    public const uint PixelHeight = 0xBA;
    public const uint DisplayWidth = 0x54B0;
    public const uint DisplayHeight = 0x54BA;
    public const uint DisplayUnit = 0x54B2;
    public const uint Audio = 0xE1;
    public const uint Cluster = 0x1F43B675;
    public const uint Timestamp = 0xE7;
    public const uint SimpleBlock = 0xA3;
    public const uint BlockGroup = 0xA0;
    public const uint Block = 0xA1;
    public const uint BlockDuration = 0x9B;
    public const uint Cues = 0x1C53BB6B;
    public const uint Chapters = 0x1043A770;
    public const uint Attachments = 0x1941A469;
    public const uint Tags = 0x1254C367;

    private const uint Seek = 0x4DBB;
    private const uint Colour = 0x55B0;
    private const uint Mastering = 0x55D0;
    private const uint CuePoint = 0xBB;
    private const uint CueTrackPositions = 0xB7;
    private const uint BlockAdditions = 0x75A1;
    private const uint BlockMore = 0xA6;

    /// <summary>What stands in a segment: where one of these begins, a cluster that says no length ends.</summary>
    public static readonly HashSet<uint> OfSegment =
    [
        SeekHead,
        Info,
        Tracks,
        Cluster,
        Cues,
        Chapters,
        Attachments,
        Tags,
    ];

    /// <summary>Those that say how large a picture is, and how large it is shown.</summary>
    public static readonly HashSet<uint> Sizes =
    [
        PixelWidth,
        PixelHeight,
        DisplayWidth,
        DisplayHeight,
        DisplayUnit,
    ];

    /// <summary>What is kept of each element that holds others.</summary>
    public static readonly Dictionary<uint, HashSet<uint>> Inside = new()
    {
        [Header] = [0x4286, 0x42F7, 0x42F2, 0x42F3, DocType, 0x4287, 0x4285],
        [SeekHead] = [Seek],
        [Seek] = [0x53AB, 0x53AC],
        [Info] = [TimestampScale, Duration, MuxingApp, WritingApp],
        // Number, unique id, type, whether it is used, by itself, always, and laced, length of a picture, language, coding, its data, and its delays.
        [TrackEntry] =
        [
            TrackNumber,
            0x73C5,
            TrackType,
            0xB9,
            0x88,
            0x55AA,
            0x9C,
            0x23E383,
            0x22B59C,
            CodecId,
            CodecPrivate,
            0x56AA,
            0x56BB,
            0x55EE,
            Video,
            Audio,
        ],
        // Sizes, what is cut off them, whether lines are in turns, two eyes, transparency, colours.
        [Video] =
        [
            PixelWidth,
            PixelHeight,
            DisplayWidth,
            DisplayHeight,
            DisplayUnit,
            0x54AA,
            0x54BB,
            0x54CC,
            0x54DD,
            0x9A,
            0x9D,
            0x53B8,
            0x53C0,
            Colour,
        ],
        [Colour] =
        [
            0x55B1,
            0x55B2,
            0x55B3,
            0x55B4,
            0x55B5,
            0x55B6,
            0x55B7,
            0x55B8,
            0x55B9,
            0x55BA,
            0x55BB,
            0x55BC,
            0x55BD,
            Mastering,
        ],
        [Mastering] =
        [
            0x55D1,
            0x55D2,
            0x55D3,
            0x55D4,
            0x55D5,
            0x55D6,
            0x55D7,
            0x55D8,
            0x55D9,
            0x55DA,
        ],
        [Audio] = [0xB5, 0x78B5, 0x9F, 0x6264],
        [Cues] = [CuePoint],
        [CuePoint] = [0xB3, CueTrackPositions],
        [CueTrackPositions] = [0xF7, 0xF1, 0xF0, 0xB2, 0x5378],
        // How long it is shown, what it refers to, and what makes it transparent.
        [BlockGroup] = [Block, BlockDuration, 0xFB, 0x75A2, BlockAdditions],
        [BlockAdditions] = [BlockMore],
        [BlockMore] = [0xEE, 0xA5],
    };

    /// <summary>Numbers and texts that are short in every file; a long one is hiding something.</summary>
    public const int MostOfValue = 255;
}
