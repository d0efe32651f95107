using System.Buffers.Binary;
using System.Text;

namespace Rookery.Media.Videos;

/// <summary>
/// WebM: elements within elements, each with its length or, as browsers record it, without. Kept are those that <see cref="WebMNames"/> lists; all others become
/// room that is not used, of the same length: tags, titles, chapters, attachments, subtitles. Pictures must be VP8, VP9 or AV1, sound Vorbis or Opus.
/// </summary>
internal ref struct ReadWebM
{
    private const int MostTracks = 32;

    /// <summary>A millisecond, where nothing else is said; in nanoseconds.</summary>
    private const ulong UsualScale = 1_000_000;

    private readonly PieceList _kept = new();
    private readonly WebMTracks _tracks = new();
    private EbmlElements _elements;
    private ulong _scale = UsualScale;
    private double _said;
    private double _last;

    private ReadWebM(ReadOnlySpan<byte> file) => _elements = new EbmlElements(file);

    public static ReadOnlySpan<byte> Signature => [0x1A, 0x45, 0xDF, 0xA3];

    public static Result<CleanMedium> Read(ReadOnlySpan<byte> file)
    {
        var reader = new ReadWebM(file);
        reader.Whole();
        if (reader._elements.Wrong is { } wrong)
        {
            return ReadVideo.Wrong(wrong);
        }

        var tracks = reader._tracks;
        var lasts = Math.Max(reader._said, reader._last) * reader._scale / UsualScale;
        return new CleanMedium(MediaKind.WebM, tracks.Width, tracks.Height, 1, reader._kept.Pieces)
        {
            Milliseconds = ReadVideo.Milliseconds(lasts),
            CodedPixels = tracks.CodedPixels,
        };
    }

    private void Whole()
    {
        if (!_elements.TryNext(0, _elements.File.Length, out var header))
        {
            return;
        }

        CheckType(header);
        Master(header);
        var at = header.End;
        var hasSegment = false;
        while (_elements.TryNext(at, _elements.File.Length, out var element))
        {
            if (element.Id == WebMNames.Segment && !hasSegment)
            {
                hasSegment = true;
                Segment(element);
            }
            else if (element.Id == WebMNames.Segment)
            {
                _elements.RefuseBroken();
            }
            else
            {
                Empty(element);
            }

            at = element.End;
        }

        if (_elements.Wrong is null && !_tracks.HasVideo)
        {
            _elements.Refuse("has no pictures that move; it must be a video.");
        }
    }

    private void CheckType(EbmlElement header)
    {
        for (
            var at = header.Body;
            _elements.TryNext(at, header.End, out var element);
            at = element.End
        )
        {
            if (element.Id == WebMNames.DocType)
            {
                if (!_elements.TextOf(element).SequenceEqual("webm"u8))
                {
                    _elements.Refuse(
                        "is Matroska that is no WebM, which not all browsers play; it must be saved as WebM or MP4."
                    );
                }

                return;
            }
        }

        _elements.RefuseBroken();
    }

    private void Segment(EbmlElement segment)
    {
        Head(segment);
        var at = segment.Body;
        while (_elements.TryNext(at, segment.End, out var element))
        {
            at = element.End;
            switch (element.Id)
            {
                case WebMNames.SeekHead or WebMNames.Cues:
                    Master(element);
                    break;
                case WebMNames.Info:
                    Info(element);
                    break;
                case WebMNames.Tracks:
                    Tracks(element);
                    break;
                case WebMNames.Cluster:
                    at = Cluster(element);
                    break;
                default:
                    Empty(element);
                    break;
            }
        }
    }

    /// <summary>Which programs made it is written there always: as nothing, it may be.</summary>
    private void Info(EbmlElement info)
    {
        Head(info);
        for (var at = info.Body; _elements.TryNext(at, info.End, out var element); at = element.End)
        {
            switch (element.Id)
            {
                case WebMNames.TimestampScale:
                    _scale = _elements.NumberOf(element);
                    Keep(element);
                    break;
                case WebMNames.Duration:
                    _said = _elements.FloatOf(element);
                    Keep(element);
                    break;
                case WebMNames.MuxingApp or WebMNames.WritingApp:
                    Head(element);
                    _kept.Blank(element.Length);
                    break;
                default:
                    Empty(element);
                    break;
            }
        }

        if (_scale == 0 || !double.IsFinite(_said) || _said < 0)
        {
            _elements.RefuseBroken();
        }
    }

    private void Tracks(EbmlElement tracks)
    {
        Head(tracks);
        for (
            var at = tracks.Body;
            _elements.TryNext(at, tracks.End, out var element);
            at = element.End
        )
        {
            if (element.Id == WebMNames.TrackEntry && Track(element))
            {
                Master(element);
            }
            else
            {
                Empty(element);
            }
        }
    }

    /// <summary>Whether it is kept.</summary>
    private bool Track(EbmlElement entry)
    {
        var track = new WebMTrack();
        for (
            var at = entry.Body;
            _elements.TryNext(at, entry.End, out var element);
            at = element.End
        )
        {
            switch (element.Id)
            {
                case WebMNames.TrackNumber:
                    track.Number = _elements.NumberOf(element);
                    break;
                case WebMNames.TrackType:
                    track.Type = _elements.NumberOf(element);
                    break;
                case WebMNames.CodecId when element.Length <= WebMNames.MostOfValue:
                    track.Codec = Encoding.Latin1.GetString(_elements.TextOf(element));
                    break;
                case WebMNames.ContentEncodings:
                    _elements.Refuse(
                        "is encrypted, or packed once more; it must be an ordinary WebM."
                    );
                    break;
                case WebMNames.Video:
                    Size(element, track);
                    break;
            }
        }

        if (_elements.Wrong is not null || !_tracks.TryAdd(track, out var wrong))
        {
            return false;
        }

        if (wrong is not null || _tracks.Count > MostTracks)
        {
            _elements.Refuse(wrong ?? $"has more than {MostTracks} tracks; it must have fewer.");
        }

        return true;
    }

    private void Size(EbmlElement video, WebMTrack track)
    {
        for (
            var at = video.Body;
            _elements.TryNext(at, video.End, out var element);
            at = element.End
        )
        {
            if (WebMNames.Sizes.Contains(element.Id))
            {
                track.Sizes[element.Id] = _elements.NumberOf(element);
            }
        }
    }

    /// <summary>Where it ends.</summary>
    private int Cluster(EbmlElement cluster)
    {
        if (!_tracks.HasVideo)
        {
            _elements.RefuseBroken();
        }

        Head(cluster);
        var at = cluster.Body;
        var time = 0UL;
        while (_elements.TryNext(at, cluster.End, out var element))
        {
            if (cluster.IsOpen && WebMNames.OfSegment.Contains(element.Id))
            {
                return at;
            }

            at = element.End;
            switch (element.Id)
            {
                case WebMNames.Timestamp:
                    time = _elements.NumberOf(element);
                    Keep(element);
                    break;
                case WebMNames.SimpleBlock when IsKept(element, time, out _):
                    _kept.Keep(element.Start, element.End - element.Start);
                    break;
                case WebMNames.BlockGroup
                    when _elements.TryFind(element, WebMNames.Block, out var block)
                        && IsKept(block, time, out var shown):
                    Group(element, shown);
                    break;
                // Where it stands, and how long the one before it is.
                case 0xA7 or 0xAB:
                    Keep(element);
                    break;
                default:
                    Empty(element);
                    break;
            }
        }

        return at;
    }

    /// <summary>Of a track that is kept; when it is shown counts then.</summary>
    private bool IsKept(EbmlElement block, ulong time, out double shown)
    {
        shown = 0;
        var at = block.Body;
        if (
            !EbmlElement.TryNumber(
                _elements.File,
                ref at,
                block.End,
                8,
                false,
                out var track,
                out _
            )
            || at + 2 > block.End
        )
        {
            _elements.RefuseBroken();
            return false;
        }

        if (!_tracks.Keeps(track))
        {
            return false;
        }

        shown = time + (double)BinaryPrimitives.ReadInt16BigEndian(_elements.File[at..]);
        Last(shown);
        return true;
    }

    private void Last(double time) => _last = Math.Max(_last, time);

    private void Group(EbmlElement group, double shown)
    {
        if (_elements.TryFind(group, WebMNames.BlockDuration, out var duration))
        {
            Last(shown + _elements.NumberOf(duration));
        }

        Master(group);
    }

    /// <summary>Keeps of an element that holds others those that are listed. The list ends somewhere, and so does this.</summary>
    private void Master(EbmlElement master)
    {
        Head(master);
        var allowed = WebMNames.Inside[master.Id];
        for (
            var at = master.Body;
            _elements.TryNext(at, master.End, out var element);
            at = element.End
        )
        {
            if (!allowed.Contains(element.Id))
            {
                Empty(element);
            }
            else if (WebMNames.Inside.ContainsKey(element.Id))
            {
                Master(element);
            }
            else if (element.Id == WebMNames.CodecPrivate)
            {
                if (element.Length > ReadVideo.MostOfCoding)
                {
                    _elements.RefuseBroken();
                }

                VorbisTexts.Keep(_elements.File, element, _kept);
            }
            else if (element.Id is WebMNames.Block or 0xA5)
            {
                _kept.Keep(element.Start, element.End - element.Start);
            }
            else
            {
                Keep(element);
            }
        }
    }

    private void Head(EbmlElement element) =>
        _kept.Keep(element.Start, element.Body - element.Start);

    /// <summary>A short value.</summary>
    private void Keep(EbmlElement element)
    {
        if (element.Length > WebMNames.MostOfValue)
        {
            Empty(element);
            return;
        }

        _kept.Keep(element.Start, element.End - element.Start);
    }

    private void Empty(EbmlElement element) => EbmlValues.Empty(element, _kept);
}
