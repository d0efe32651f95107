namespace Rookery.Adapters.Redis;

/// <summary>One limit: what this process has granted, and what Redis says that all have.</summary>
internal sealed class RedisRateLimit(
    RedisRateLimits rates,
    RateTerms terms,
    RateLimiter own,
    byte[] keyHead
) : IRateLimit
{
    /// <summary>Others are told of each so many: who uses a hundredth of a limit concerns nobody else.</summary>
    private readonly int _told = Math.Max(1, terms.Permits / 100);

    public ValueTask<TimeSpan?> TakeAsync(RateKey key, CancellationToken token)
    {
        if (!own.TryTake(key, out var retryAfter, out var untold))
        {
            return new(retryAfter);
        }

        if (terms.Permits == 0)
        {
            return default;
        }

        if (terms.AtOnce)
        {
            return AskAsync(key, token);
        }

        if (untold % _told == 0)
        {
            rates.TellSoon(this, key);
        }

        return default;
    }

    public ValueTask ChargeAsync(RateKey key, int more, CancellationToken token)
    {
        own.Charge(key, more, terms.MostWindows);
        if (terms.Permits == 0)
        {
            return default;
        }

        if (terms.AtOnce)
        {
            return TellAsync(key, more, token);
        }

        rates.TellSoon(this, key);
        return default;
    }

    public RateLeft? LeftOf(RateKey key) => own.LeftOf(key);

    /// <summary>Tells others how many were granted here, and learns how many were elsewhere.</summary>
    public async Task TellAsync(RateKey key, CancellationToken token)
    {
        if (own.TakeUntold(key) is var granted and > 0)
        {
            await TellAsync(key, granted, token);
        }
    }

    private async ValueTask TellAsync(RateKey key, int granted, CancellationToken token)
    {
        var name = NameOf(key);
        if (await rates.AskAsync(name, RateScript.Tell(name, terms, granted), token) is { } answer)
        {
            own.Learn(key, RateScript.Read(answer).FullIn);
        }
    }

    private async ValueTask<TimeSpan?> AskAsync(RateKey key, CancellationToken token)
    {
        var name = NameOf(key);
        if (await rates.AskAsync(name, RateScript.Take(name, terms), token) is not { } answer)
        {
            return null;
        }

        var (granted, fullIn) = RateScript.Read(answer);
        if (!granted)
        {
            return own.Refuse(key, fullIn);
        }

        own.Learn(key, fullIn);
        return null;
    }

    private byte[] NameOf(RateKey key)
    {
        var name = new byte[keyHead.Length + RateKey.Length];
        keyHead.CopyTo(name, 0);
        key.Write(name.AsSpan(keyHead.Length));
        return name;
    }
}
