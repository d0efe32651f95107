using System.Collections.Concurrent;
using Rookery.Wire.Redis;

namespace Rookery.Adapters.Redis;

/// <summary>
/// Connections whose server takes everything and answers nothing. After some misses in a row one is left alone for a moment; then one caller
/// asks, for all. What has no connection is none of them: that fails at once.
/// </summary>
internal sealed class SilentSources(TimeProvider time)
{
    /// <summary>One may be the network's, two may be a collection's or a fork's.</summary>
    public const int Misses = 3;

    public static readonly TimeSpan Rest = TimeSpan.FromSeconds(1);

    // Of those alone that were late lately, so nearly always empty.
    private readonly ConcurrentDictionary<RedisSource, Lateness> _late = new();

    /// <summary>Whether to ask it: of all who come when its rest is over, the first asks.</summary>
    public bool MayAsk(RedisSource? source) =>
        source is null
        || !_late.TryGetValue(source, out var lateness)
        || lateness.MayAsk(time.GetTimestamp(), After(Rest));

    public void NoteLate(RedisSource? source)
    {
        if (source is not { IsCurrent: true })
        {
            return;
        }

        foreach (var gone in _late.Keys.Where(known => !known.IsCurrent))
        {
            _late.TryRemove(gone, out _);
        }

        _late.GetOrAdd(source, _ => new Lateness()).Note(After(Rest));
    }

    public void NoteAnswered(RedisSource? source)
    {
        if (source is not null && _late.ContainsKey(source))
        {
            _late.TryRemove(source, out _);
        }
    }

    private long After(TimeSpan pause) =>
        time.GetTimestamp() + (long)(pause.TotalSeconds * time.TimestampFrequency);

    private sealed class Lateness
    {
        private int _misses;
        private long _restsUntil = long.MinValue;

        public void Note(long restsUntil)
        {
            if (Interlocked.Increment(ref _misses) >= Misses)
            {
                Interlocked.Exchange(ref _restsUntil, restsUntil);
            }
        }

        public bool MayAsk(long now, long next)
        {
            var until = Interlocked.Read(ref _restsUntil);
            return until == long.MinValue
                || (
                    now >= until
                    && Interlocked.CompareExchange(ref _restsUntil, next, until) == until
                );
        }
    }
}
