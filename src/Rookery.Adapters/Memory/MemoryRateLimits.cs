namespace Rookery.Adapters.Memory;

/// <summary>Each process counts alone.</summary>
internal sealed class MemoryRateLimits(TimeProvider time) : IRateLimits
{
    public IRateLimit Open(RateTerms terms) =>
        new Counted(new RateLimiter(time, terms.Permits, terms.Window), terms.MostWindows);

    private sealed class Counted(RateLimiter limiter, int mostWindows) : IRateLimit
    {
        public ValueTask<TimeSpan?> TakeAsync(RateKey key, CancellationToken token) =>
            limiter.TryTake(key, out var retryAfter) ? default : new(retryAfter);

        public ValueTask ChargeAsync(RateKey key, int more, CancellationToken token)
        {
            limiter.Charge(key, more, mostWindows);
            return default;
        }

        public RateLeft? LeftOf(RateKey key) => limiter.LeftOf(key);
    }
}
