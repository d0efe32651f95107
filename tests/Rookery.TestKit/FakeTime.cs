namespace Rookery.TestKit;

/// <summary>
/// A clock that moves only when told. Timers that fall due fire inside <see cref="Advance"/>, in order of their time, each at its
/// own moment. <see cref="SetWallClock"/> moves what the calendar says and leaves timers and timestamps alone, as a corrected clock does.
/// </summary>
internal sealed class FakeTime : TimeProvider
{
    public static readonly DateTimeOffset Start = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private readonly Lock _lock = new();
    private readonly List<FakeTimer> _timers = [];
    private long _elapsed;
    private DateTimeOffset _wallClockAtZero = Start;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <summary>How many timers are waiting: what a test waits on before it advances.</summary>
    public int WaitingTimers
    {
        get
        {
            lock (_lock)
            {
                return _timers.Count(timer => timer.DueAt != FakeTimer.Never);
            }
        }
    }

    public override long GetTimestamp() => Interlocked.Read(ref _elapsed);

    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock)
        {
            return _wallClockAtZero.AddTicks(_elapsed);
        }
    }

    public void SetWallClock(DateTimeOffset now)
    {
        lock (_lock)
        {
            _wallClockAtZero = now.AddTicks(-_elapsed);
        }
    }

    public void Advance(TimeSpan by)
    {
        var end = GetTimestamp() + by.Ticks;
        while (NextDue(end) is { } timer)
        {
            timer.Fire();
        }

        lock (_lock)
        {
            _elapsed = Math.Max(_elapsed, end);
        }
    }

    public override ITimer CreateTimer(
        TimerCallback callback,
        object? state,
        TimeSpan dueTime,
        TimeSpan period
    )
    {
        var timer = new FakeTimer(this, callback, state);
        timer.Change(dueTime, period);
        lock (_lock)
        {
            _timers.Add(timer);
        }

        return timer;
    }

    private FakeTimer? NextDue(long end)
    {
        lock (_lock)
        {
            var next = _timers.MinBy(timer => timer.DueAt);
            if (next is null || next.DueAt > end)
            {
                return null;
            }

            _elapsed = Math.Max(_elapsed, next.DueAt);
            next.DueAt = next.Period > 0 ? next.DueAt + next.Period : FakeTimer.Never;
            return next;
        }
    }

    private sealed class FakeTimer(FakeTime time, TimerCallback callback, object? state) : ITimer
    {
        public const long Never = long.MaxValue;

        public long DueAt { get; set; } = Never;

        public long Period { get; private set; }

        public void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time._lock)
            {
                DueAt = dueTime < TimeSpan.Zero ? Never : time._elapsed + dueTime.Ticks;
                Period = Math.Max(0, period.Ticks);
                return true;
            }
        }

        public void Dispose()
        {
            lock (time._lock)
            {
                time._timers.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
