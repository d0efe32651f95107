namespace Rookery.Media.Videos;

/// <summary>One track that is kept of an MP4.</summary>
internal sealed record Mp4Track(Mp4Box Box, long Number, bool IsVideo, double Seconds)
{
    public int Width { get; init; }

    public int Height { get; init; }

    /// <summary>Of one picture, before it is made as large as it is shown.</summary>
    public long CodedPixels { get; init; }
}

/// <summary>
/// MP4, and QuickTime where it is the same: boxes within boxes. Only what every browser plays is taken: H.264, VP9 or AV1, with AAC, MP3 or Opus or
/// without sound, whole or in fragments. Tracks of other kinds, such as those in which phones and cameras note where they are, are dropped with what is in them.
/// </summary>
internal ref struct ReadMp4
{
    private const int MostTracks = 32;
    private const int MostEntries = 16;

    /// <summary>No camera's name fits into more.</summary>
    private const int MostBrandBytes = 1024;

    /// <summary>Sizes on the screen are in so many parts of a pixel.</summary>
    private const double Parts = 1 << 16;

    /// <summary>The letters vide, by which a track says that it holds pictures.</summary>
    private const long Pictures = 0x76696465;

    /// <summary>The letters soun.</summary>
    private const long Sound = 0x736F756E;

    /// <summary>Of the ISO base format and what is made of it; QuickTime's own, as phones write it, has the same boxes.</summary>
    private static readonly HashSet<string> _brands =
    [
        "isom",
        "iso2",
        "iso3",
        "iso4",
        "iso5",
        "iso6",
        "mp41",
        "mp42",
        "avc1",
        "av01",
        "M4V ",
        "M4VH",
        "M4VP",
        "MSNV",
        "qt  ",
    ];

    private static readonly HashSet<string> _videos = ["avc1", "avc3", "vp09", "av01"];
    private static readonly HashSet<string> _sounds = ["mp4a", ".mp3", "Opus"];

    private Mp4Boxes _boxes;
    private readonly Mp4Samples _samples;
    private readonly Mp4Fragments _fragments;

    private ReadMp4(ReadOnlySpan<byte> file)
    {
        _boxes = new Mp4Boxes(file);
        _samples = new Mp4Samples();
        _fragments = new Mp4Fragments();
    }

    public static Result<CleanMedium> Read(ReadOnlySpan<byte> file)
    {
        var reader = new ReadMp4(file);
        var boxes = reader._boxes.Between(0, file.Length, mayBeOpen: true);
        reader.CheckTop(boxes);
        var movie = reader._boxes.Needed(boxes, "moov");
        var (seconds, tracks) = reader.Movie(movie);
        reader.Fragments(boxes, movie);
        if (reader._boxes.Wrong is { } wrong)
        {
            return ReadVideo.Wrong(wrong);
        }

        var cleaned = CleanMp4.Clean(
            reader._boxes,
            boxes,
            tracks.Select(track => track.Box.Start).Concat(reader._fragments.Kept).ToHashSet(),
            reader._samples.Merged()
        );
        if (!cleaned.Succeeded)
        {
            return cleaned.Problem;
        }

        var shown = tracks
            .Where(track => track.IsVideo)
            .MaxBy(track => (long)track.Width * track.Height)!;
        var fragments = reader._fragments;
        var longest = tracks.Max(track =>
            Math.Max(track.Seconds, fragments.SecondsOf(track.Number))
        );
        // What it says as a whole leaves out what decoders need before the first moment; a lie is longer than that.
        var lasts =
            Math.Abs(longest - seconds) < 1 && seconds > 0 ? seconds : Math.Max(longest, seconds);
        return new CleanMedium(MediaKind.Mp4, shown.Width, shown.Height, 1, cleaned.Value.Pieces)
        {
            Milliseconds = ReadVideo.Milliseconds(lasts * 1000),
            CodedPixels = tracks.Max(track => track.CodedPixels),
        };
    }

    private void CheckTop(List<Mp4Box> boxes)
    {
        if (_boxes.Wrong is not null)
        {
            return;
        }

        if (!IsOfKnownBrand(boxes[0]))
        {
            _boxes.Refuse(
                "is of a kind that begins as MP4 does and that not all browsers show, such as HEIF or 3GP; it must be an MP4 or a WebM video, or a picture as JPEG, PNG, GIF or WebP."
            );
        }

        if (
            boxes.Count(box => box.Type == "moov") > 1
            || boxes.Count(box => box.Type == "ftyp") > 1
        )
        {
            _boxes.RefuseBroken();
        }
    }

    /// <summary>What follows the movie piece by piece; of a file that is whole nothing.</summary>
    private void Fragments(List<Mp4Box> boxes, Mp4Box movie)
    {
        var fragments = boxes.Where(box => box.Type == "moof").ToList();
        if (_boxes.Wrong is not null || fragments.Count == 0)
        {
            return;
        }

        var extended = _boxes.In(_boxes.Needed(_boxes.In(movie), "mvex"));
        foreach (var box in extended.Where(box => box.Type == "trex"))
        {
            _fragments.Extend(ref _boxes, box);
        }

        foreach (var fragment in fragments)
        {
            _fragments.Add(ref _boxes, fragment, _samples);
        }
    }

    private bool IsOfKnownBrand(Mp4Box box)
    {
        for (var at = 0; at + 4 <= Math.Min(box.Length, MostBrandBytes); at += 4)
        {
            // Between the first and the others stands a version.
            if (
                at != 4
                && _brands.Contains(
                    System.Text.Encoding.Latin1.GetString(_boxes.File.Slice(box.Body + at, 4))
                )
            )
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>How long it says that it lasts, and the tracks that are kept.</summary>
    private (double Seconds, List<Mp4Track> Tracks) Movie(Mp4Box movie)
    {
        var tracks = new List<Mp4Track>();
        var boxes = _boxes.In(movie);
        var seconds = SecondsOf(_boxes.Needed(boxes, "mvhd"));
        foreach (var box in boxes.Where(box => box.Type == "trak"))
        {
            if (tracks.Count == MostTracks)
            {
                _boxes.Refuse($"has more than {MostTracks} tracks; it must have fewer.");
                break;
            }

            if (Track(box) is { } track)
            {
                tracks.Add(track);
            }
        }

        if (_boxes.Wrong is null && !tracks.Any(track => track.IsVideo))
        {
            _boxes.Refuse("has no pictures that move; it must be a video.");
        }

        return (seconds, tracks);
    }

    /// <summary>Null for one that is dropped.</summary>
    private Mp4Track? Track(Mp4Box box)
    {
        var boxes = _boxes.In(box);
        var header = _boxes.Needed(boxes, "tkhd");
        var media = _boxes.In(_boxes.Needed(boxes, "mdia"));
        var handler = _boxes.Number(_boxes.Needed(media, "hdlr"), 8);
        var isVideo = handler == Pictures;
        if (!isVideo && handler != Sound)
        {
            return null;
        }

        var table = _boxes.In(_boxes.Needed(_boxes.In(_boxes.Needed(media, "minf")), "stbl"));
        var coded = Entries(_boxes.Needed(table, "stsd"), isVideo);
        _samples.Add(ref _boxes, table);
        var time = _boxes.Needed(media, "mdhd");
        var number = _boxes.Number(header, _boxes.IsWide(header) ? 20 : 12);
        _fragments.Expect(number, _boxes.Number(time, _boxes.IsWide(time) ? 20 : 12));
        var track = new Mp4Track(box, number, isVideo, SecondsOf(time));
        return isVideo ? Sized(track, header, coded) : track;
    }

    /// <summary>How many of its units, and how many units make a second. One that does not know says so by ones alone, or nothing.</summary>
    private double SecondsOf(Mp4Box box)
    {
        var isWide = _boxes.IsWide(box);
        var scale = _boxes.Number(box, isWide ? 20 : 12);
        var units = isWide ? _boxes.Number(box, 24, 8) : _boxes.Number(box, 16);
        if (scale == 0)
        {
            _boxes.RefuseBroken();
        }

        return scale == 0 || units < 0 || (!isWide && units == uint.MaxValue)
            ? 0
            : (double)units / scale;
    }

    /// <summary>How the samples are coded; the size of the largest.</summary>
    private (int Width, int Height) Entries(Mp4Box table, bool isVideo)
    {
        var size = (Width: 0, Height: 0);
        var entries = _boxes.Between(Math.Min(table.End, table.Body + 8), table.End);
        if (entries.Count is 0 or > MostEntries || _boxes.Number(table, 4) != entries.Count)
        {
            _boxes.RefuseBroken();
        }

        foreach (var entry in entries)
        {
            if (!(isVideo ? _videos : _sounds).Contains(entry.Type))
            {
                _boxes.Refuse(
                    isVideo
                        ? $"holds pictures as {Named(entry)}, which not all browsers play; they must be H.264, VP9 or AV1."
                        : $"holds sound as {Named(entry)}, which not all browsers play; it must be AAC, MP3 or Opus."
                );
            }

            if (isVideo)
            {
                var sides = _boxes.Number(entry, 24);
                size = (
                    Math.Max(size.Width, (int)(sides >> 16)),
                    Math.Max(size.Height, (int)(sides & 0xFFFF))
                );
            }
        }

        return size;
    }

    /// <summary>Of its four letters those that can be shown.</summary>
    private static string Named(Mp4Box entry) =>
        string.Concat(
            entry.Type.Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '_')
        );

    /// <summary>As large as it says that it is shown; turned where its matrix turns it by a quarter.</summary>
    private Mp4Track Sized(Mp4Track track, Mp4Box header, (int Width, int Height) coded)
    {
        var at = _boxes.IsWide(header) ? 52 : 40;
        var isTurned =
            _boxes.Number(header, at) == 0
            && _boxes.Number(header, at + 16) == 0
            && _boxes.Number(header, at + 4) != 0
            && _boxes.Number(header, at + 12) != 0;
        var width = (int)Math.Round(_boxes.Number(header, at + 36) / Parts);
        var height = (int)Math.Round(_boxes.Number(header, at + 40) / Parts);
        if (coded.Width == 0 || coded.Height == 0)
        {
            _boxes.RefuseBroken();
        }

        var (shownWidth, shownHeight) = width > 0 && height > 0 ? (width, height) : coded;
        return track with
        {
            Width = isTurned ? shownHeight : shownWidth,
            Height = isTurned ? shownWidth : shownHeight,
            CodedPixels = (long)coded.Width * coded.Height,
        };
    }
}
