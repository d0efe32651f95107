namespace Rookery.Adapters.Memory;

/// <summary>Each process counts alone.</summary>
internal sealed class MemoryRateLimits(TimeProvider time) : IRateLimits
{
    public IRateLimit Open(RateTerms terms) =>
        new Counted(new RateLimiter(time, terms.Permits, terms.Window));

    private sealed class Counted(RateLimiter limiter) : IRateLimit
    {
        public ValueTask<TimeSpan?> TakeAsync(RateKey key, CancellationToken token) =>
            limiter.TryTake(key, out var retryAfter) ? default : new(retryAfter);

        public RateLeft? LeftOf(RateKey key) => limiter.LeftOf(key);
    }
}
