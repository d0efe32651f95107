using System.Diagnostics;

namespace Rookery.Load;

/// <summary>Every latency of a run: a histogram would round what is compared.</summary>
internal sealed class Latencies
{
    private long[] _ticks = new long[1 << 16];
    private bool _sorted;

    public int Count { get; private set; }

    public int Errors { get; private set; }

    public long Bytes { get; private set; }

    public double P50 => At(0.5);

    public double P99 => At(0.99);

    public double Max => At(1);

    public void Add(long ticks, bool isError, int bytes)
    {
        if (Count == _ticks.Length)
        {
            Array.Resize(ref _ticks, 2 * Count);
        }

        _ticks[Count++] = ticks;
        Errors += isError ? 1 : 0;
        Bytes += bytes;
        _sorted = false;
    }

    /// <summary>Milliseconds.</summary>
    private double At(double part)
    {
        if (Count == 0)
        {
            return 0;
        }

        if (!_sorted)
        {
            Array.Sort(_ticks, 0, Count);
            _sorted = true;
        }

        var rank = Math.Min(Count - 1, (int)(part * Count));
        return Stopwatch.GetElapsedTime(0, _ticks[rank]).TotalMilliseconds;
    }
}
