using System.Numerics;
using System.Runtime.Intrinsics.X86;

namespace Rookery.Reading;

/// <summary>
/// Post id → offset in the ring, by open addressing with linear probing. One writer at a time, readers without a lock.
/// A reader may, during a removal, miss an entry that is being moved or get a neighbour's offset: it must compare the id that
/// stands at the offset, and look twice. Offsets are multiples of 8; their lowest bit holds "used since it grew old".
/// </summary>
internal sealed unsafe class FragmentIndex : IDisposable
{
    private const long UsedBit = 1;
    private const long Empty = 0;

    private readonly NativePages _pages;
    private readonly Slot* _slots;
    private readonly int _mask;
    private readonly int _shift;

    public FragmentIndex(int slots)
    {
        slots = (int)BitOperations.RoundUpToPowerOf2((uint)slots);
        _mask = slots - 1;
        _shift = 64 - BitOperations.Log2((uint)slots);
        _pages = new NativePages((long)slots * sizeof(Slot));
        _slots = (Slot*)_pages.Start;
    }

    public int Count { get; private set; }

    /// <summary>Three quarters: beyond that, probing costs more than the memory saved.</summary>
    public bool IsFull => Count > _mask - (_mask >> 2);

    public void Prefetch(long id)
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch0(_slots + Home(id));
        }
    }

    public bool TryFind(long id, out Entry entry)
    {
        for (var i = Home(id); ; i = (i + 1) & _mask)
        {
            var key = Volatile.Read(ref _slots[i].Id);
            if (key == Empty)
            {
                entry = default;
                return false;
            }

            if (key == id)
            {
                entry = new Entry(&_slots[i].Value, Volatile.Read(ref _slots[i].Value));
                return true;
            }
        }
    }

    public void Set(long id, long offset)
    {
        var i = Home(id);
        while (_slots[i].Id != Empty && _slots[i].Id != id)
        {
            i = (i + 1) & _mask;
        }

        if (_slots[i].Id == Empty)
        {
            Count++;
        }

        _slots[i].Publish(id, offset);
    }

    public void Remove(long id)
    {
        var hole = Home(id);
        while (_slots[hole].Id != id)
        {
            if (_slots[hole].Id == Empty)
            {
                return;
            }

            hole = (hole + 1) & _mask;
        }

        Count--;
        Volatile.Write(ref _slots[CloseGap(hole)].Id, Empty);
    }

    public void Dispose() => _pages.Dispose();

    /// <summary>Moves back what had to probe past the hole, copy before original, so that no probe ends at a hole too early.</summary>
    private int CloseGap(int hole)
    {
        for (var i = (hole + 1) & _mask; _slots[i].Id != Empty; i = (i + 1) & _mask)
        {
            var probed = (i - Home(_slots[i].Id)) & _mask;
            if (probed >= ((i - hole) & _mask))
            {
                _slots[hole].Publish(_slots[i].Id, _slots[i].Value);
                hole = i;
            }
        }

        return hole;
    }

    // Fibonacci hashing: ids differ mostly in their middle bits, the product's top bits depend on all of them.
    private int Home(long id) => (int)((ulong)id * 0x9E37_79B9_7F4A_7C15 >> _shift);

    /// <summary>What was found, and the slot it was found in.</summary>
    internal readonly struct Entry(long* slot, long value)
    {
        public long Offset => value & ~UsedBit;

        public bool IsUsed => (value & UsedBit) != 0;

        /// <summary>Does nothing if the slot meanwhile holds something else: offsets never come again.</summary>
        public void MarkUsed() => Interlocked.CompareExchange(ref *slot, value | UsedBit, value);
    }

    private struct Slot
    {
        public long Id;
        public long Value;

        /// <summary>The value first: whoever sees the id sees at least its value.</summary>
        public void Publish(long id, long value)
        {
            Volatile.Write(ref Value, value);
            Volatile.Write(ref Id, id);
        }
    }
}
