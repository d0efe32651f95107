namespace Rookery.Media.Videos;

/// <summary>A stretch of a file.</summary>
internal readonly record struct Stretch(int Start, int End);

/// <summary>Where in an MP4 what its tracks play stands, by their tables or its fragments: chunks of samples that follow each other.</summary>
internal sealed class Mp4Samples
{
    /// <summary>Of all tracks: an hour at sixty pictures a second, with its sound, and room. A chunk takes some ten bytes while it is looked at.</summary>
    private const int MostSamples = 1 << 19;

    private const int EntryOfRuns = 12;

    private readonly List<Stretch> _chunks = [];
    private long _bytes;
    private long _samples;

    /// <summary>Those of one track, whose table of samples this is.</summary>
    public void Add(ref Mp4Boxes boxes, List<Mp4Box> table)
    {
        var (runs, sizes) = (boxes.Needed(table, "stsc"), boxes.Needed(table, "stsz"));
        var isWide = table.Exists(box => box.Type == "co64");
        var chunks = boxes.Needed(table, isWide ? "co64" : "stco");
        var (runCount, chunkCount) = (boxes.Number(runs, 4), boxes.Number(chunks, 4));
        var (size, samples) = (boxes.Number(sizes, 4), boxes.Number(sizes, 8));
        _samples += samples;
        if (_samples > MostSamples || chunkCount > MostSamples)
        {
            RefuseMany(ref boxes);
            return;
        }

        var (done, run) = (0L, 0L);
        for (var chunk = 0L; chunk < chunkCount && done < samples && boxes.Wrong is null; chunk++)
        {
            while (
                run + 1 < runCount
                && boxes.Number(runs, 8 + ((run + 1) * EntryOfRuns)) <= chunk + 1
                && boxes.Wrong is null
            )
            {
                run++;
            }

            var here = Math.Min(boxes.Number(runs, 12 + (run * EntryOfRuns)), samples - done);
            var start = boxes.Number(chunks, 8 + (chunk * (isWide ? 8 : 4)), isWide ? 8 : 4);
            Add(ref boxes, start, size > 0 ? here * size : Sum(ref boxes, sizes, done, here));
            done += here;
        }
    }

    /// <summary>Samples of a fragment that follow each other.</summary>
    public void Play(ref Mp4Boxes boxes, long start, long length, long count)
    {
        _samples += count;
        if (_samples > MostSamples)
        {
            RefuseMany(ref boxes);
            return;
        }

        Add(ref boxes, start, length);
    }

    private static void RefuseMany(ref Mp4Boxes boxes) =>
        boxes.Refuse($"says that it has more than {MostSamples} samples; it must have fewer.");

    /// <summary>In their order, none touching another.</summary>
    public List<Stretch> Merged()
    {
        var merged = new List<Stretch>();
        foreach (var chunk in _chunks.OrderBy(chunk => chunk.Start))
        {
            if (merged is [.., var last] && chunk.Start <= last.End)
            {
                merged[^1] = last with { End = Math.Max(last.End, chunk.End) };
            }
            else
            {
                merged.Add(chunk);
            }
        }

        return merged;
    }

    private static long Sum(ref Mp4Boxes boxes, Mp4Box sizes, long first, long count)
    {
        var sum = 0L;
        for (var at = first; at < first + count && boxes.Wrong is null; at++)
        {
            sum += boxes.Number(sizes, 12 + (at * 4));
        }

        return sum;
    }

    private void Add(ref Mp4Boxes boxes, long start, long length)
    {
        if (boxes.Wrong is not null)
        {
            return;
        }

        var end = start + length;
        if (start < 0 || end < start || end > boxes.File.Length)
        {
            boxes.RefuseBroken();
            return;
        }

        _bytes += length;
        if (_bytes > boxes.File.Length)
        {
            boxes.Refuse("plays the same bytes again and again; each sample must stand alone.");
        }
        else if (_chunks is [.., var last] && last.End == start)
        {
            _chunks[^1] = last with { End = (int)end };
        }
        else if (length > 0)
        {
            _chunks.Add(new Stretch((int)start, (int)end));
        }
    }
}
