using System.Numerics;

namespace Rookery.Kernel;

/// <summary>
/// A cache whose size is fixed when it is made. Keys share rows of a few slots; a newcomer in a full row takes the place of
/// one of them. Reading takes no lock and allocates nothing. What it answers may be outdated: a value carries what tells.
/// </summary>
internal sealed class BoundedCache<TKey, TValue>
    where TKey : struct, IEquatable<TKey>
    where TValue : class
{
    private const int Ways = 8;

    private readonly Entry?[] _slots;
    private readonly int _rowShift;
    private uint _turn;

    public BoundedCache(int capacity)
    {
        var rows = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(2, capacity / Ways));
        _slots = new Entry?[rows * Ways];
        _rowShift = 32 - BitOperations.Log2((uint)rows);
    }

    /// <summary>Values it can hold.</summary>
    public int Capacity => _slots.Length;

    public TValue? Find(TKey key)
    {
        var row = RowOf(key);
        for (var slot = row; slot < row + Ways; slot++)
        {
            if (Volatile.Read(ref _slots[slot]) is { } entry && entry.Key.Equals(key))
            {
                return entry.Value;
            }
        }

        return null;
    }

    public void Put(TKey key, TValue value) =>
        Volatile.Write(ref _slots[SlotFor(key)], new Entry(key, value));

    /// <summary>Not while another puts a value for the same key.</summary>
    public void Remove(TKey key)
    {
        var row = RowOf(key);
        for (var slot = row; slot < row + Ways; slot++)
        {
            if (Volatile.Read(ref _slots[slot]) is { } entry && entry.Key.Equals(key))
            {
                Volatile.Write(ref _slots[slot], null);
            }
        }
    }

    private int SlotFor(TKey key)
    {
        var row = RowOf(key);
        var free = -1;
        for (var slot = row; slot < row + Ways; slot++)
        {
            var entry = Volatile.Read(ref _slots[slot]);
            if (entry is not null && entry.Key.Equals(key))
            {
                return slot;
            }

            if (entry is null && free < 0)
            {
                free = slot;
            }
        }

        return free >= 0 ? free : row + (int)(Interlocked.Increment(ref _turn) % Ways);
    }

    // The upper bits of a product with the golden ratio: ids differ little in their lower ones.
    private int RowOf(TKey key) =>
        (int)(((uint)key.GetHashCode() * 2_654_435_769u) >> _rowShift) * Ways;

    private sealed record Entry(TKey Key, TValue Value);
}
