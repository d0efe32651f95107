namespace Rookery.TestKit;

/// <summary>The system's clock, which a test can move on: for what waits for real milliseconds and remembers for days.</summary>
internal sealed class RunningTime : TimeProvider
{
    private long _passed;

    public override DateTimeOffset GetUtcNow() =>
        base.GetUtcNow().AddTicks(Interlocked.Read(ref _passed));

    public void Pass(TimeSpan time) => Interlocked.Add(ref _passed, time.Ticks);
}
