using Rookery.TestKit;
using Xunit;

namespace Rookery.Tests.Kernel;

public sealed class FakeTimeTests
{
    private readonly FakeTime _time = new();

    [Fact]
    public void A_timer_fires_once_and_at_its_moment()
    {
        var fired = new List<DateTimeOffset>();
        using var timer = _time.CreateTimer(
            _ => fired.Add(_time.GetUtcNow()),
            null,
            TimeSpan.FromSeconds(2),
            Timeout.InfiniteTimeSpan
        );

        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Empty(fired);
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal([FakeTime.Start.AddSeconds(2)], fired);
        Assert.Equal(0, _time.WaitingTimers);
    }

    [Fact]
    public void A_periodic_timer_fires_at_each_period_until_disposed()
    {
        var fired = 0;
        var timer = _time.CreateTimer(_ => fired++, null, TimeSpan.Zero, TimeSpan.FromSeconds(1));
        _time.Advance(TimeSpan.FromSeconds(3.5));
        timer.Dispose();
        _time.Advance(TimeSpan.FromSeconds(3.5));
        Assert.Equal(4, fired);
    }

    [Fact]
    public void A_corrected_wall_clock_leaves_timestamps_alone()
    {
        var before = _time.GetTimestamp();
        _time.SetWallClock(FakeTime.Start.AddHours(-1));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(FakeTime.Start.AddHours(-1).AddSeconds(1), _time.GetUtcNow());
        Assert.Equal(TimeSpan.FromSeconds(1), _time.GetElapsedTime(before));
    }

    [Fact]
    public async Task Task_delay_follows_the_fake_clock()
    {
        var delay = Task.Delay(
            TimeSpan.FromMinutes(1),
            _time,
            TestContext.Current.CancellationToken
        );
        Assert.False(delay.IsCompleted);
        _time.Advance(TimeSpan.FromMinutes(1));
        await delay;
    }
}
