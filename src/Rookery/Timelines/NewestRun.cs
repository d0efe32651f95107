namespace Rookery.Timelines;

/// <summary>
/// The largest keys offered so far, descending, each once. A sorted run and not a heap: what is kept is few (a page), moving some
/// cache lines costs what sifting does, repeats show themselves and take no place, and the answer needs no sort.
/// </summary>
internal ref struct NewestRun(Span<long> keys, long above)
{
    private readonly Span<long> _keys = keys;

    public int Count { get; private set; }

    /// <summary>A key must be larger than this to get in.</summary>
    public long Threshold { get; private set; } = above;

    /// <summary>False when the key, and so every smaller one, comes too late.</summary>
    public bool Offer(long key)
    {
        if (key <= Threshold)
        {
            return false;
        }

        var place = PlaceOf(key);
        if (place < Count && _keys[place] == key)
        {
            return true;
        }

        if (Count < _keys.Length)
        {
            Count++;
        }

        _keys[place..(Count - 1)].CopyTo(_keys[(place + 1)..]);
        _keys[place] = key;
        if (Count == _keys.Length)
        {
            Threshold = _keys[^1];
        }

        return true;
    }

    /// <summary>The first place whose key is not larger.</summary>
    private readonly int PlaceOf(long key)
    {
        var (first, count) = (0, Count);
        while (count > 0)
        {
            var half = count >> 1;
            if (_keys[first + half] > key)
            {
                first += half + 1;
                count -= half + 1;
            }
            else
            {
                count = half;
            }
        }

        return first;
    }
}
