namespace Rookery.Media.Videos;

/// <summary>What a WebM says of one of its tracks.</summary>
internal sealed class WebMTrack
{
    public ulong Number { get; set; }

    public ulong Type { get; set; }

    public string Codec { get; set; } = "";

    /// <summary>Of pictures, by the ids of their elements.</summary>
    public Dictionary<uint, ulong> Sizes { get; } = [];
}

/// <summary>The tracks of a WebM that are kept, and how large they are shown.</summary>
internal sealed class WebMTracks
{
    private const ulong OfPictures = 1;
    private const ulong OfSound = 2;

    /// <summary>No side of any picture is longer, in pixels.</summary>
    private const ulong LongestSide = 1 << 16;

    private static readonly HashSet<string> _videos = ["V_VP8", "V_VP9", "V_AV1"];
    private static readonly HashSet<string> _sounds = ["A_VORBIS", "A_OPUS"];

    private readonly HashSet<ulong> _numbers = [];

    public int Count => _numbers.Count;

    public bool HasVideo => Width > 0 && Height > 0;

    public int Width { get; private set; }

    public int Height { get; private set; }

    public long CodedPixels { get; private set; }

    public bool Keeps(ulong number) => _numbers.Contains(number);

    /// <summary>False for one of another kind, which is dropped.</summary>
    /// <param name="wrong">What follows the word file; null where nothing is wrong.</param>
    public bool TryAdd(WebMTrack track, out string? wrong)
    {
        wrong = null;
        if (track.Type is not (OfPictures or OfSound))
        {
            return false;
        }

        var isVideo = track.Type == OfPictures;
        if (!(isVideo ? _videos : _sounds).Contains(track.Codec))
        {
            wrong = isVideo
                ? "holds pictures in a coding that not all browsers play; they must be VP8, VP9 or AV1."
                : "holds sound in a coding that not all browsers play; it must be Vorbis or Opus.";
        }
        else if (!_numbers.Add(track.Number) || (isVideo && !TrySize(track.Sizes)))
        {
            wrong = "begins as a WebM does and is none; it must be a whole video.";
        }

        return true;
    }

    /// <summary>As large as it is to be shown where that is said in pixels; otherwise as it is.</summary>
    private bool TrySize(Dictionary<uint, ulong> sizes)
    {
        var (width, height) = (
            sizes.GetValueOrDefault(WebMNames.PixelWidth),
            sizes.GetValueOrDefault(WebMNames.PixelHeight)
        );
        if (width is 0 or > LongestSide || height is 0 or > LongestSide)
        {
            return false;
        }

        CodedPixels = Math.Max(CodedPixels, (long)(width * height));
        var (shownWidth, shownHeight) = (
            sizes.GetValueOrDefault(WebMNames.DisplayWidth),
            sizes.GetValueOrDefault(WebMNames.DisplayHeight)
        );
        if (
            sizes.GetValueOrDefault(WebMNames.DisplayUnit) == 0
            && shownWidth is > 0 and <= LongestSide
            && shownHeight is > 0 and <= LongestSide
        )
        {
            (width, height) = (shownWidth, shownHeight);
        }

        if ((long)(width * height) > (long)Width * Height)
        {
            (Width, Height) = ((int)width, (int)height);
        }

        return true;
    }
}
