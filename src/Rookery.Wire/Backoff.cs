using System.Security.Cryptography;

namespace Rookery.Wire;

/// <summary>Pauses between attempts: doubled each time up to a bound, and spread, so that clients do not come back all at once.</summary>
internal struct Backoff(TimeSpan first, TimeSpan longest)
{
    private int _failures;

    public void Succeeded() => _failures = 0;

    public TimeSpan Next()
    {
        var doubled = first * Math.Pow(2, Math.Min(_failures++, 30));
        var whole = doubled < longest ? doubled : longest;
        return whole * (RandomNumberGenerator.GetInt32(50, 101) / 100.0);
    }
}
