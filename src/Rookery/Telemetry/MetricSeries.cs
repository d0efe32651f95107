namespace Rookery.Telemetry;

/// <summary>What was measured under one set of labels. Counting waits for nobody and allocates nothing.</summary>
/// <param name="labels">Their values, in the order of the family's labels.</param>
/// <param name="bounds">Of a histogram's buckets; none where it is none.</param>
internal sealed class MetricSeries(IReadOnlyList<string> labels, double[] bounds)
{
    private readonly long[] _counts = bounds.Length == 0 ? [] : new long[bounds.Length + 1];
    private long _whole;
    private double _part;
    private long _round;

    public void Add(long value) => Interlocked.Add(ref _whole, value);

    public void Add(double value)
    {
        // What is no number would never compare equal to itself.
        if (!double.IsFinite(value))
        {
            return;
        }

        double seen;
        do
        {
            seen = Volatile.Read(ref _part);
        } while (Interlocked.CompareExchange(ref _part, seen + value, seen) != seen);
    }

    /// <summary>Counts a value of a histogram.</summary>
    public void Place(double value)
    {
        if (!double.IsFinite(value))
        {
            return;
        }

        var bucket = 0;
        while (bucket < bounds.Length && value > bounds[bucket])
        {
            bucket++;
        }

        Interlocked.Increment(ref _counts[bucket]);
        Add(value);
    }

    /// <summary>Takes what was looked up: those that fall together in one round are added up. For one thread at a time.</summary>
    public void Set(double value, long round)
    {
        Volatile.Write(ref _part, _round == round ? _part + value : value);
        _round = round;
    }

    /// <summary>Null where it is looked up in each round and was not in this one.</summary>
    public SeriesReading? Read(long? round)
    {
        if (round is { } now && _round != now)
        {
            return null;
        }

        var counts = new long[_counts.Length];
        for (var bucket = 0; bucket < counts.Length; bucket++)
        {
            counts[bucket] = Volatile.Read(ref _counts[bucket]);
        }

        return new SeriesReading(
            labels,
            Interlocked.Read(ref _whole) + Volatile.Read(ref _part),
            counts
        );
    }
}
