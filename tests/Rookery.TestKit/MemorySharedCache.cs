using Rookery.Sharing;

namespace Rookery.TestKit;

/// <summary>What memcached does, in memory: places with a number that every change counts up, and a lease for the first who misses. Not thread-safe.</summary>
internal sealed class MemorySharedCache : ISharedCache
{
    private Dictionary<SharedKey, (ReadOnlyMemory<byte>? Value, ulong Number)> _places = [];
    private ulong _numbers;

    public bool Keeps => true;

    public IReadOnlyList<SharedKey> Held =>
        [.. _places.Where(place => place.Value.Value is not null).Select(place => place.Key)];

    public ValueTask<IReadOnlyList<SharedPlace>> GetAsync(
        IReadOnlyList<SharedKey> keys,
        CancellationToken token
    ) => ValueTask.FromResult<IReadOnlyList<SharedPlace>>([.. keys.Select(Look)]);

    public ValueTask FillAsync(IReadOnlyList<SharedFill> values, CancellationToken token)
    {
        foreach (var (key, lease, value) in values)
        {
            if (_places.TryGetValue(key, out var place) && place.Number == lease)
            {
                Put(key, value);
            }
        }

        return ValueTask.CompletedTask;
    }

    public void Put(SharedKey key, ReadOnlyMemory<byte> value) =>
        _places[key] = (value.ToArray(), ++_numbers);

    public ReadOnlyMemory<byte> Peek(SharedKey key) => _places[key].Value!.Value;

    public void Take(SharedKey key) => _places.Remove(key);

    public void Clear() => _places.Clear();

    /// <summary>What it holds now, to be put back: as a server that was cut off has it when it is reached again.</summary>
    public Action CutOff()
    {
        var then = _places.ToDictionary();
        return () => _places = then.ToDictionary();
    }

    private SharedPlace Look(SharedKey key)
    {
        if (_places.TryGetValue(key, out var place))
        {
            return place.Value is { } value ? new SharedPlace(value, place.Number) : default;
        }

        _places[key] = (null, ++_numbers);
        return new SharedPlace(null, _numbers);
    }
}
