using Microsoft.Extensions.Options;

namespace Rookery.Api;

/// <summary>How many bytes bodies may take, all that are being read together: no number of senders makes them more.</summary>
internal sealed class BodyBudget(IOptions<RequestLimitsOptions> options)
{
    private long _free = options.Value.BodyBytes;

    public long Free => Volatile.Read(ref _free);

    public bool TryTake(int bytes)
    {
        if (Interlocked.Add(ref _free, -bytes) >= 0)
        {
            return true;
        }

        GiveBack(bytes);
        return false;
    }

    public void GiveBack(int bytes) => Interlocked.Add(ref _free, bytes);
}

/// <summary>What one route's bodies may be. Stands on the route.</summary>
internal sealed record BodyLimit(int MaxBytes, BodyBudget? Budget)
{
    /// <summary>Texts of people: none that is allowed needs more, even with each unit of it escaped as six bytes.</summary>
    public const int Usual = 64 * 1024;

    /// <summary>
    /// Of callers with the key, who were asked for it before: a text of a million characters, each escaped as six bytes, is still read and its field
    /// named as too long.
    /// </summary>
    public const int OfBackends = 8 * 1024 * 1024;

    public static BodyLimit Largest { get; } = new(OfBackends, null);
}
