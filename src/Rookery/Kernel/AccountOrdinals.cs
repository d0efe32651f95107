namespace Rookery.Kernel;

/// <summary>
/// Gives every account that this process meets a small number, so that what is kept per account stands in plain arrays. Numbers are dense,
/// given once, and mean nothing outside the process. Reads take no lock; nothing here is one object per account.
/// </summary>
public sealed class AccountOrdinals
{
    private readonly Lock _growing = new();
    private Table _table = new(1 << 12);
    private long[] _ids = new long[1 << 11];
    private int _count;

    public int Count => Volatile.Read(ref _count);

    public int GetOrAdd(AccountId account)
    {
        if (Volatile.Read(ref _table).TryFind(account.Value, out var ordinal))
        {
            return ordinal;
        }

        lock (_growing)
        {
            return _table.TryFind(account.Value, out ordinal) ? ordinal : Add(account.Value);
        }
    }

    public bool TryGet(AccountId account, out int ordinal) =>
        Volatile.Read(ref _table).TryFind(account.Value, out ordinal);

    /// <exception cref="ArgumentOutOfRangeException">No account has this number.</exception>
    public AccountId IdOf(int ordinal)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)ordinal, (uint)Count);
        return new(Volatile.Read(ref _ids)[ordinal]);
    }

    private int Add(long account)
    {
        ArgumentOutOfRangeException.ThrowIfZero(account);
        var ordinal = _count;
        if (ordinal == _ids.Length)
        {
            var grown = new long[2 * _ids.Length];
            _ids.CopyTo(grown, 0);
            Volatile.Write(ref _ids, grown);
        }

        _ids[ordinal] = account;
        if (2 * (ordinal + 1) > _table.Capacity)
        {
            Volatile.Write(ref _table, _table.Grown());
        }

        _table.Insert(account, ordinal);
        Volatile.Write(ref _count, ordinal + 1);
        return ordinal;
    }

    /// <summary>Open addressing over two arrays, at most half full. A reader of an old table misses what was added since, and asks again under the lock.</summary>
    private sealed class Table(int capacity)
    {
        private readonly long[] _keys = new long[capacity];
        private readonly int[] _values = new int[capacity];

        public int Capacity => _keys.Length;

        public bool TryFind(long key, out int value)
        {
            for (var slot = Start(key); ; slot = (slot + 1) & (_keys.Length - 1))
            {
                var held = Volatile.Read(ref _keys[slot]);
                if (held == 0)
                {
                    value = 0;
                    return false;
                }

                if (held == key)
                {
                    value = _values[slot];
                    return true;
                }
            }
        }

        public void Insert(long key, int value)
        {
            var slot = Start(key);
            while (_keys[slot] != 0)
            {
                slot = (slot + 1) & (_keys.Length - 1);
            }

            // The key is what readers look for, so the value must stand before it.
            _values[slot] = value;
            Volatile.Write(ref _keys[slot], key);
        }

        public Table Grown()
        {
            var grown = new Table(2 * _keys.Length);
            for (var slot = 0; slot < _keys.Length; slot++)
            {
                if (_keys[slot] != 0)
                {
                    grown.Insert(_keys[slot], _values[slot]);
                }
            }

            return grown;
        }

        // Ids of one partition differ in high bits only; the multiplication brings them down.
        private int Start(long key) =>
            (int)((ulong)(key * unchecked((long)0x9E3779B97F4A7C15)) >> 32) & (_keys.Length - 1);
    }
}
