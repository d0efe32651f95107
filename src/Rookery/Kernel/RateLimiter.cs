using System.Numerics;

namespace Rookery.Kernel;

/// <summary>
/// A token bucket per key: <c>permits</c> at once, then one more every window / permits; no permits means no limit.
/// Memory is fixed at construction, however many keys come.
/// </summary>
internal sealed class RateLimiter
{
    public const int DefaultKeys = 1 << 16;

    // Keys share rows of eight slots. A row is chosen by the key's hash, whose seed is random per process, so nobody can aim at one.
    private const int SlotsPerRow = 8;
    private const int Stripes = 64;

    private readonly TimeProvider _time;
    private readonly long _started;
    private readonly long _interval;
    private readonly long _tolerance;
    private readonly int _permits;
    private readonly Slot[] _slots = [];
    private readonly Lock[] _locks = [];
    private readonly int _rowMask;

    public RateLimiter(TimeProvider time, int permits, TimeSpan window, int keys = DefaultKeys)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(permits);
        ArgumentOutOfRangeException.ThrowIfLessThan(window, TimeSpan.Zero);
        _time = time;
        _started = time.GetTimestamp();
        if (permits == 0)
        {
            return;
        }

        _permits = permits;
        _interval = window.Ticks / permits;
        _tolerance = _interval * (permits - 1);
        var rows = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(1, keys / SlotsPerRow));
        _rowMask = rows - 1;
        _slots = new Slot[rows * SlotsPerRow];
        _locks = [.. Enumerable.Range(0, Math.Min(rows, Stripes)).Select(_ => new Lock())];
    }

    /// <param name="retryAfter">When refused: how long until the next one is granted. Otherwise zero.</param>
    public bool TryTake(RateKey key, out TimeSpan retryAfter) =>
        TryTake(key, out retryAfter, out _);

    /// <param name="untold">When granted: how many were since <see cref="TakeUntold"/> or since the bucket was full.</param>
    public bool TryTake(RateKey key, out TimeSpan retryAfter, out int untold)
    {
        (retryAfter, untold) = (TimeSpan.Zero, 0);
        if (_slots.Length == 0)
        {
            return true;
        }

        var row = key.GetHashCode() & _rowMask;
        lock (_locks[row & (_locks.Length - 1)])
        {
            var now = _time.GetElapsedTime(_started).Ticks;
            ref var slot = ref SlotOf(key, _slots.AsSpan(row * SlotsPerRow, SlotsPerRow));
            var fullAt = Math.Max(slot.FullAt, now);
            if (fullAt - now > _tolerance)
            {
                retryAfter = new TimeSpan(fullAt - now - _tolerance);
                return false;
            }

            untold = slot.Untold = slot.FullAt > now ? slot.Untold + 1 : 1;
            slot.FullAt = fullAt + _interval;
            return true;
        }
    }

    /// <summary>Takes more, whether it is there or not; but never so much that the bucket is full again later than in <paramref name="mostWindows"/>.</summary>
    public void Charge(RateKey key, int more, int mostWindows)
    {
        if (_slots.Length == 0)
        {
            return;
        }

        var row = key.GetHashCode() & _rowMask;
        lock (_locks[row & (_locks.Length - 1)])
        {
            var now = _time.GetElapsedTime(_started).Ticks;
            ref var slot = ref SlotOf(key, _slots.AsSpan(row * SlotsPerRow, SlotsPerRow));
            var fullAt = Math.Max(slot.FullAt, now);
            var most = (long)mostWindows * _permits;
            var latest = now + (most * _interval);
            slot.Untold = slot.FullAt > now ? slot.Untold + more : more;
            slot.FullAt = Math.Max(
                fullAt,
                Math.Min(fullAt + (Math.Min(more, most) * _interval), latest)
            );
        }
    }

    /// <summary>What is left; null where there is no limit. A key that was never seen takes no place by it.</summary>
    public RateLeft? LeftOf(RateKey key)
    {
        if (_slots.Length == 0)
        {
            return null;
        }

        var row = key.GetHashCode() & _rowMask;
        lock (_locks[row & (_locks.Length - 1)])
        {
            var now = _time.GetElapsedTime(_started).Ticks;
            var fullIn = 0L;
            foreach (ref readonly var slot in _slots.AsSpan(row * SlotsPerRow, SlotsPerRow))
            {
                fullIn = slot.Key == key ? Math.Max(0, slot.FullAt - now) : fullIn;
            }

            var taken = _interval == 0 ? 0 : (fullIn + _interval - 1) / _interval;
            return new RateLeft(_permits, (int)Math.Max(0, _permits - taken), new TimeSpan(fullIn));
        }
    }

    /// <summary>How many were granted that others do not know of; from now on they do.</summary>
    public int TakeUntold(RateKey key)
    {
        var row = key.GetHashCode() & _rowMask;
        lock (_locks[row & (_locks.Length - 1)])
        {
            ref var slot = ref SlotOf(key, _slots.AsSpan(row * SlotsPerRow, SlotsPerRow));
            var untold = slot.Untold;
            slot.Untold = 0;
            return untold;
        }
    }

    /// <summary>All together have granted so much that the bucket is full again only then.</summary>
    public void Learn(RateKey key, TimeSpan fullIn) => Learn(key, fullIn, 0);

    /// <summary>The same, and what was granted last was not.</summary>
    /// <returns>How long until the next one is granted.</returns>
    public TimeSpan Refuse(RateKey key, TimeSpan fullIn) =>
        new(Math.Max(1, Learn(key, fullIn, _interval) - _tolerance));

    /// <summary>Answers in how many ticks the bucket is full.</summary>
    private long Learn(RateKey key, TimeSpan fullIn, long givenBack)
    {
        var row = key.GetHashCode() & _rowMask;
        lock (_locks[row & (_locks.Length - 1)])
        {
            var now = _time.GetElapsedTime(_started).Ticks;
            ref var slot = ref SlotOf(key, _slots.AsSpan(row * SlotsPerRow, SlotsPerRow));
            slot.FullAt = Math.Max(slot.FullAt - givenBack, now + fullIn.Ticks);
            return slot.FullAt - now;
        }
    }

    // A full row gives up the bucket that is soonest full again. One that is full already loses nothing by it; under a flood of
    // made-up keys the flood displaces itself, since each has taken one, while who has used up a limit stays known.
    // Neither refusing newcomers (a flood would lock everybody out) nor letting them pass uncounted would be safer.
    private static ref Slot SlotOf(RateKey key, Span<Slot> row)
    {
        var soonest = 0;
        for (var i = 0; i < row.Length; i++)
        {
            if (row[i].Key == key)
            {
                return ref row[i];
            }

            if (row[i].FullAt < row[soonest].FullAt)
            {
                soonest = i;
            }
        }

        row[soonest] = new Slot { Key = key };
        return ref row[soonest];
    }

    private struct Slot
    {
        public RateKey Key;

        /// <summary>When the bucket is full again, in ticks since the start; in the past it is as if never used.</summary>
        public long FullAt;

        public int Untold;
    }
}
