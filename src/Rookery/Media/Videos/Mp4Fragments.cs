using System.Numerics;

namespace Rookery.Media.Videos;

/// <summary>
/// What the fragments of an MP4 play, as recorders and streams write them: each says of some tracks where their next samples stand, how large they are, and how long they last. Samples
/// have no end but that of the file, so each is believed as far as that goes.
/// </summary>
internal sealed class Mp4Fragments
{
    /// <summary>Flags of what a track has in one fragment: where its data begin, and what its samples have that say nothing.</summary>
    private const long HasBase = 0x1;
    private const long HasDescription = 0x2;
    private const long HasDuration = 0x8;
    private const long HasSize = 0x10;
    private const long HasFlags = 0x20;
    private const long BeginsAtFragment = 0x20000;

    /// <summary>Flags of a run of samples: where it begins, what its first sample is, and what each of them says.</summary>
    private const long RunHasPlace = 0x1;
    private const long RunHasFirst = 0x4;
    private const long SampleHasDuration = 0x100;
    private const long SampleHasSize = 0x200;
    private const long OfSamples = 0xF00;

    private readonly Dictionary<long, Track> _tracks = [];

    /// <summary>Where in the file what they say of kept tracks begins.</summary>
    public HashSet<int> Kept { get; } = [];

    /// <summary>A track that is kept, whose seconds have so many units.</summary>
    public void Expect(long track, long scale) => _tracks.TryAdd(track, new Track(scale));

    /// <summary>What samples of a track have where their fragment does not say it.</summary>
    public void Extend(ref Mp4Boxes boxes, Mp4Box extends)
    {
        if (_tracks.TryGetValue(boxes.Number(extends, 4), out var track))
        {
            (track.Duration, track.Size) = (boxes.Number(extends, 12), boxes.Number(extends, 16));
        }
    }

    /// <summary>How long the track lasts by its samples; 0 where it has none in fragments.</summary>
    public double SecondsOf(long track) =>
        _tracks.TryGetValue(track, out var known) && known.Scale > 0
            ? (double)known.End / known.Scale
            : 0;

    /// <summary>Those of one fragment.</summary>
    public void Add(ref Mp4Boxes boxes, Mp4Box fragment, Mp4Samples samples)
    {
        // Where what a track says no place of begins: behind that of the track before it.
        var next = (long)fragment.Start;
        foreach (var box in boxes.In(fragment).Where(box => box.Type == "traf"))
        {
            var inside = boxes.In(box);
            var header = boxes.Needed(inside, "tfhd");
            if (boxes.Wrong is not null)
            {
                return;
            }

            var known = _tracks.GetValueOrDefault(boxes.Number(header, 4));
            var part = Part.Of(ref boxes, header, known, fragment.Start, next);
            if (known is not null)
            {
                Kept.Add(box.Start);
                part.Time = TimeOf(ref boxes, inside) ?? known.End;
            }

            foreach (var run in inside.Where(one => one.Type == "trun"))
            {
                // What a dropped track plays is gone through for where the next one begins.
                part.Go(ref boxes, run, known is null ? null : samples);
            }

            next = part.At;
            if (known is not null)
            {
                known.End = Math.Max(known.End, part.Time);
            }
        }
    }

    /// <summary>Bytes of what a track has in one fragment, by its flags.</summary>
    public static int HeaderLength(long flags) =>
        8
        + ((flags & HasBase) != 0 ? 8 : 0)
        + (
            4
            * BitOperations.PopCount(
                (ulong)(flags & (HasDescription | HasDuration | HasSize | HasFlags))
            )
        );

    /// <summary>Bytes of a run of so many samples, by its flags.</summary>
    public static long RunLength(long flags, long count) =>
        FirstSample(flags) + (count * BytesOfSample(flags));

    private static int FirstSample(long flags) =>
        8 + (4 * BitOperations.PopCount((ulong)(flags & (RunHasPlace | RunHasFirst))));

    private static int BytesOfSample(long flags) =>
        4 * BitOperations.PopCount((ulong)(flags & OfSamples));

    /// <summary>When its first sample is played; null where it goes on from the one before.</summary>
    private static long? TimeOf(ref Mp4Boxes boxes, List<Mp4Box> inside)
    {
        foreach (var box in inside)
        {
            if (box.Type == "tfdt")
            {
                var isWide = boxes.IsWide(box);
                var time = boxes.Number(box, 4, isWide ? 8 : 4);
                if (time < 0)
                {
                    boxes.RefuseBroken();
                }

                return time;
            }
        }

        return null;
    }

    private sealed class Track(long scale)
    {
        public long Scale { get; } = scale;

        public long Duration { get; set; }

        public long Size { get; set; }

        public long End { get; set; }
    }

    /// <summary>What one track has in one fragment, as far as it was gone through.</summary>
    private sealed class Part
    {
        private long _base;
        private long _duration;
        private long _size;

        /// <summary>Where the next run begins that does not say it.</summary>
        public long At { get; private set; }

        public long Time { get; set; }

        public static Part Of(
            ref Mp4Boxes boxes,
            Mp4Box header,
            Track? track,
            long fragment,
            long next
        )
        {
            var (flags, at) = (boxes.Flags(header), 8);
            var begins =
                (flags & HasBase) != 0 ? Read(ref boxes, 8)
                : (flags & BeginsAtFragment) != 0 ? fragment
                : next;
            _ = (flags & HasDescription) != 0 ? Read(ref boxes) : 0;
            var duration = (flags & HasDuration) != 0 ? Read(ref boxes) : track?.Duration ?? 0;
            var size = (flags & HasSize) != 0 ? Read(ref boxes) : track?.Size ?? 0;
            return new Part
            {
                _base = begins,
                _duration = duration,
                _size = size,
                At = begins,
            };

            long Read(ref Mp4Boxes boxes, int bytes = 4)
            {
                at += bytes;
                return boxes.Number(header, at - bytes, bytes);
            }
        }

        /// <param name="samples">Takes what is played; null: it is dropped.</param>
        public void Go(ref Mp4Boxes boxes, Mp4Box run, Mp4Samples? samples)
        {
            var (flags, count) = (boxes.Flags(run), boxes.Number(run, 4));
            if (RunLength(flags, count) > run.Length)
            {
                boxes.RefuseBroken();
                return;
            }

            if ((flags & RunHasPlace) != 0)
            {
                At = _base + (int)boxes.Number(run, 8);
            }

            var (bytes, at) = (0L, (long)FirstSample(flags));
            for (var left = count; left > 0 && boxes.Wrong is null; left--)
            {
                var place = at;
                Time += (flags & SampleHasDuration) != 0 ? Read(ref boxes) : _duration;
                bytes += (flags & SampleHasSize) != 0 ? Read(ref boxes) : _size;
                at += BytesOfSample(flags);
                if (BytesOfSample(flags) == 0)
                {
                    // All are alike, and nothing of the file says how many there are.
                    Time += (left - 1) * _duration;
                    bytes += (left - 1) * _size;
                    break;
                }

                long Read(ref Mp4Boxes boxes)
                {
                    place += 4;
                    return boxes.Number(run, place - 4);
                }
            }

            if (Time < 0 || bytes < 0)
            {
                boxes.RefuseBroken();
                return;
            }

            samples?.Play(ref boxes, At, bytes, count);
            At += bytes;
        }
    }
}
