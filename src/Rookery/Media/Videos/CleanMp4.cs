namespace Rookery.Media.Videos;

/// <summary>
/// Writes an MP4 again without what is not needed to play it. A box of another name becomes a free one of the same length, filled with zeros; so does what a box
/// has beyond its own fields, when something was made, what its maker calls his programs, and of the data all that no kept track plays. Every byte stays where it was.
/// </summary>
internal ref struct CleanMp4
{
    /// <summary>What may stand in which box, each once but tracks and what there is of each track.</summary>
    private static readonly Dictionary<string, string[]> _inside = new()
    {
        ["moov"] = ["mvhd", "trak", "mvex"],
        ["mvex"] = ["mehd", "trex"],
        ["moof"] = ["mfhd", "traf"],
        ["traf"] = ["tfhd", "tfdt", "trun"],
        ["trak"] = ["tkhd", "edts", "mdia"],
        ["edts"] = ["elst"],
        ["mdia"] = ["mdhd", "hdlr", "minf"],
        ["minf"] = ["vmhd", "smhd", "dinf", "stbl"],
        ["dinf"] = ["dref"],
        ["stbl"] = ["stsd", "stts", "ctts", "stss", "stsc", "stsz", "stco", "co64"],
        ["wave"] = ["frma", "esds"],
    };

    private static readonly HashSet<string> _ofPictures =
    [
        "avcC",
        "vpcC",
        "av1C",
        "colr",
        "pasp",
        "clap",
        "btrt",
        "fiel",
    ];

    private static readonly HashSet<string> _ofSound = ["esds", "dOps", "wave", "btrt", "chan"];

    private readonly PieceList _kept = new();
    private readonly IReadOnlySet<int> _tracks;
    private readonly List<Stretch> _played;
    private int _next;
    private Mp4Boxes _boxes;

    private CleanMp4(Mp4Boxes boxes, IReadOnlySet<int> tracks, List<Stretch> played)
    {
        _boxes = boxes;
        _tracks = tracks;
        _played = played;
    }

    /// <param name="reader">What has gone through the file; its boxes are counted further.</param>
    /// <param name="boxes">Those of the whole file.</param>
    /// <param name="tracks">Where the tracks begin that are kept, and what fragments have of them.</param>
    /// <param name="played">What they play; it must be in the data.</param>
    public static Result<PieceList> Clean(
        Mp4Boxes reader,
        List<Mp4Box> boxes,
        IReadOnlySet<int> tracks,
        List<Stretch> played
    )
    {
        var writer = new CleanMp4(reader, tracks, played);
        foreach (var box in boxes)
        {
            writer.Top(box);
        }

        writer._kept.Blank(reader.File.Length - boxes[^1].End);
        if (writer._next < played.Count)
        {
            writer._boxes.RefuseBroken();
        }

        return writer._boxes.Wrong is { } wrong ? ReadVideo.Wrong(wrong) : writer._kept;
    }

    private void Top(Mp4Box box)
    {
        switch (box.Type)
        {
            case "ftyp":
                Whole(box);
                break;
            case "moov" or "moof":
                Container(box);
                break;
            case "sidx":
                Index(box);
                break;
            case "mdat":
                Data(box);
                break;
            default:
                Free(box);
                break;
        }
    }

    private void Container(Mp4Box box)
    {
        _kept.Keep(box.Start, box.Body - box.Start);
        var (allowed, seen) = (_inside[box.Type], new HashSet<string>());
        var at = box.Body;
        foreach (var child in _boxes.In(box))
        {
            at = child.End;
            if (
                allowed.Contains(child.Type)
                && (
                    child.Type is "trak" or "traf"
                        ? _tracks.Contains(child.Start)
                        : child.Type is "trex" or "trun" || seen.Add(child.Type)
                )
            )
            {
                Child(child);
            }
            else
            {
                Free(child);
            }
        }

        _kept.Blank(box.End - at);
    }

    private void Child(Mp4Box box)
    {
        if (_inside.ContainsKey(box.Type))
        {
            Container(box);
            return;
        }

        switch (box.Type)
        {
            case "mvhd":
                Timed(box, 100);
                break;
            case "tkhd":
                Timed(box, 84);
                break;
            case "mdhd":
                Timed(box, 24);
                break;
            case "hdlr":
                // What it handles; then who made the handler.
                Fields(box, 12);
                break;
            case "dref":
                References(box);
                break;
            case "stsd":
                Entries(box);
                break;
            case "vmhd":
                Fields(box, 12);
                break;
            case "smhd":
                Fields(box, 8);
                break;
            case "elst":
                Fields(box, 8 + (_boxes.Number(box, 4) * (_boxes.IsWide(box) ? 20 : 12)));
                break;
            case "stts" or "ctts" or "co64":
                Fields(box, 8 + (_boxes.Number(box, 4) * 8));
                break;
            case "stss" or "stco":
                Fields(box, 8 + (_boxes.Number(box, 4) * 4));
                break;
            case "stsc":
                Fields(box, 8 + (_boxes.Number(box, 4) * 12));
                break;
            case "mfhd":
                Fields(box, 8);
                break;
            case "trex":
                Fields(box, 24);
                break;
            case "mehd" or "tfdt":
                Fields(box, _boxes.IsWide(box) ? 12 : 8);
                break;
            case "tfhd":
                Fields(box, Mp4Fragments.HeaderLength(_boxes.Flags(box)));
                break;
            case "trun":
                Fields(box, Mp4Fragments.RunLength(_boxes.Flags(box), _boxes.Number(box, 4)));
                break;
            case "stsz":
                Fields(box, 12 + (_boxes.Number(box, 4) == 0 ? _boxes.Number(box, 8) * 4 : 0));
                break;
            default:
                Whole(box);
                break;
        }
    }

    /// <summary>Where its fragments begin and how long they last: for who goes to a place in the middle.</summary>
    private void Index(Mp4Box box)
    {
        var length = _boxes.IsWide(box) ? 32 : 24;
        Fields(box, length + (12 * (_boxes.Number(box, length - 4) & 0xFFFF)));
    }

    /// <summary>Without when it was made and changed.</summary>
    /// <param name="length">Of its fields where its times are short.</param>
    private void Timed(Mp4Box box, int length)
    {
        var isWide = _boxes.IsWide(box);
        Fields(box, length + (isWide ? 12 : 0), 4, isWide ? 20 : 12);
    }

    /// <summary>So many bytes of a box, without those from one place to another, and nothing behind them.</summary>
    private void Fields(Mp4Box box, long length, int blankFrom = 0, int blankTo = 0)
    {
        if (length > box.Length)
        {
            _boxes.RefuseBroken();
            return;
        }

        _kept.Keep(box.Start, box.Body - box.Start + blankFrom);
        _kept.Blank(blankTo - blankFrom);
        _kept.Keep(box.Body + blankTo, (int)length - blankTo);
        _kept.Blank(box.Length - (int)length);
    }

    /// <summary>Where its data are: in the file, or it is not whole.</summary>
    private void References(Mp4Box box)
    {
        Head(box, 8);
        var at = Math.Min(box.End, box.Body + 8);
        foreach (var entry in _boxes.Between(at, box.End))
        {
            if ((_boxes.Number(entry, 0) & 1) == 0)
            {
                _boxes.Refuse("has its data in another file; it must be a whole video.");
            }

            Fields(entry, 4);
            at = entry.End;
        }

        _kept.Blank(box.End - at);
    }

    /// <summary>How samples are coded. What stands there of other programs is their names.</summary>
    private void Entries(Mp4Box box)
    {
        Head(box, 8);
        var at = Math.Min(box.End, box.Body + 8);
        foreach (var entry in _boxes.Between(at, box.End))
        {
            var isSound = entry.Type is "mp4a" or ".mp3" or "Opus";
            Entry(entry, isSound ? SoundBytes(box, entry) : 78, isSound);
            at = entry.End;
        }

        _kept.Blank(box.End - at);
    }

    /// <summary>QuickTime has longer ones, which say so.</summary>
    private int SoundBytes(Mp4Box table, Mp4Box entry) =>
        _boxes.IsWide(table)
            ? 28
            : (_boxes.Number(entry, 8) >> 16) switch
            {
                1 => 44,
                2 => 64,
                _ => 28,
            };

    private void Entry(Mp4Box entry, int length, bool isSound)
    {
        if (length > entry.Length)
        {
            _boxes.RefuseBroken();
            return;
        }

        // Without who made the coder, and of pictures without what it is called.
        _kept.Keep(entry.Start, entry.Body - entry.Start + 12);
        _kept.Blank(4);
        var from = 16;
        if (!isSound)
        {
            _kept.Keep(entry.Body + 16, 42 - 16);
            _kept.Blank(32);
            from = 74;
        }

        _kept.Keep(entry.Body + from, length - from);
        var at = entry.Body + length;
        foreach (var child in _boxes.Between(at, entry.End))
        {
            at = child.End;
            if (child.Type == "wave" && isSound)
            {
                Container(child);
            }
            else if ((isSound ? _ofSound : _ofPictures).Contains(child.Type))
            {
                Coded(child);
            }
            else
            {
                Free(child);
            }
        }

        _kept.Blank(entry.End - at);
    }

    /// <summary>What is said of the coding, and nothing behind that.</summary>
    private void Coded(Mp4Box box)
    {
        var length = Mp4Coding.LengthOf(ref _boxes, box);
        if (length < box.Length)
        {
            Fields(box, length);
        }
        else
        {
            Whole(box);
        }
    }

    private void Head(Mp4Box box, int length)
    {
        if (length > box.Length)
        {
            _boxes.RefuseBroken();
            return;
        }

        _kept.Keep(box.Start, box.Body - box.Start + length);
    }

    private void Whole(Mp4Box box)
    {
        if (box.Length > ReadVideo.MostOfCoding)
        {
            _boxes.RefuseBroken();
        }

        _kept.Keep(box.Start, box.End - box.Start);
    }

    /// <summary>Of the data what is played.</summary>
    private void Data(Mp4Box box)
    {
        _kept.Keep(box.Start, box.Body - box.Start);
        var at = box.Body;
        while (_next < _played.Count && _played[_next].Start < box.End)
        {
            var stretch = _played[_next++];
            if (stretch.Start < at || stretch.End > box.End)
            {
                _boxes.RefuseBroken();
                return;
            }

            _kept.Blank(stretch.Start - at);
            _kept.Keep(stretch.Start, stretch.End - stretch.Start);
            at = stretch.End;
        }

        _kept.Blank(box.End - at);
    }

    private void Free(Mp4Box box)
    {
        _kept.Keep(box.Start, sizeof(uint));
        _kept.Put([.. "free"u8]);
        _kept.Keep(box.Start + Mp4Box.HeaderBytes, box.Body - box.Start - Mp4Box.HeaderBytes);
        _kept.Blank(box.Length);
    }
}
