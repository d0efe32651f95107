namespace Rookery.Graph;

/// <summary>Part of the viewers: their lock, and what few of them have.</summary>
internal sealed class ViewerStripe
{
    public Lock Gate { get; } = new();

    public Dictionary<int, ViewerLoading> Loading { get; } = [];

    public Dictionary<int, HiddenAccounts> Hidden { get; } = [];
}

/// <summary>
/// What is held of viewers: for each ordinal 12 bytes and a block of its followees' ordinals, outside the collected heap. All but
/// <see cref="TakeBlock"/> is called under the gate of the viewer's stripe.
/// </summary>
internal sealed unsafe class ViewerTable : IDisposable
{
    /// <summary>Above the 100 million accounts that are planned for; what is reserved and not touched costs nothing.</summary>
    private const int MaxViewers = 1 << 27;

    private readonly AccountOrdinals _ordinals;
    private readonly NativePages _pages = new((long)MaxViewers * sizeof(Entry));
    private readonly Entry* _entries;
    private readonly IntBlocks _blocks;
    private readonly ViewerStripe[] _stripes =
    [
        .. Enumerable.Range(0, 64).Select(_ => new ViewerStripe()),
    ];
    private readonly Lock _hand = new();
    private int _handAt;

    public ViewerTable(AccountOrdinals ordinals, long bound)
    {
        _ordinals = ordinals;
        _entries = (Entry*)_pages.Start;
        _blocks = new IntBlocks(bound);
    }

    [Flags]
    private enum State
    {
        None = 0,
        Held = 1,

        /// <summary>Read since the hand passed: it has a second chance.</summary>
        Referenced = 2,

        /// <summary>The stripe has whom it must not be shown; without this it is nobody.</summary>
        Hides = 4,
    }

    /// <summary>What counts against the bound.</summary>
    public long Bytes => _blocks.Bytes;

    public bool IsDisposed { get; private set; }

    public ViewerStripe StripeOf(int viewer) => _stripes[viewer % _stripes.Length];

    public bool Holds(int viewer) =>
        !IsDisposed && viewer < MaxViewers && (At(viewer).State & State.Held) != 0;

    /// <summary>The followees of a viewer that is held.</summary>
    public ReadOnlySpan<int> FolloweesOf(int viewer)
    {
        ref var entry = ref At(viewer);
        entry.State |= State.Referenced;
        return _blocks.Ints(entry.Block, entry.Count);
    }

    /// <summary>Whom a viewer that is held must not be shown.</summary>
    public HiddenAccounts HiddenFrom(int viewer)
    {
        ref var entry = ref At(viewer);
        entry.State |= State.Referenced;
        return (entry.State & State.Hides) != 0 ? HiddenOf(viewer) : HiddenAccounts.None;
    }

    /// <summary>
    /// A block for so many followees; whoever was not read for longest gives way. Called under no gate. The bound is passed only when nobody is
    /// left to give way, else a viewer with more followees than it holds could never be served.
    /// </summary>
    public uint TakeBlock(int count)
    {
        uint block;
        while (!_blocks.TryTake(count, beyondBound: false, out block))
        {
            if (!EvictOne())
            {
                return _blocks.TryTake(count, beyondBound: true, out block)
                    ? block
                    : throw new StoreUnavailableException("No memory is left for followees.");
            }
        }

        return block;
    }

    public void Put(int viewer, uint block, ReadOnlySpan<int> followees, HiddenAccounts hidden)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(viewer, MaxViewers);
        ref var entry = ref At(viewer);
        entry.Block = block;
        entry.Count = followees.Length;
        entry.State = State.Held | State.Referenced;
        followees.CopyTo(_blocks.Ints(block, followees.Length));
        Hide(viewer, ref entry, hidden);
    }

    public void ReturnBlock(uint block) => _blocks.Return(block);

    /// <summary>Changes what is held of the viewer. It is dropped where a larger block is needed and none is free.</summary>
    public void Change(int viewer, in RelationChange change)
    {
        ref var entry = ref At(viewer);
        switch (change.Kind)
        {
            case RelationChangeKind.Follow:
                Add(viewer, ref entry, _ordinals.GetOrAdd(change.Other));
                break;
            case RelationChangeKind.Unfollow:
                if (_ordinals.TryGet(change.Other, out var followee))
                {
                    Remove(ref entry, followee);
                }

                break;
            default:
                Hide(viewer, ref entry, HiddenOf(viewer).With(change));
                break;
        }
    }

    public void Drop(int viewer)
    {
        if (Holds(viewer))
        {
            ref var entry = ref At(viewer);
            Hide(viewer, ref entry, HiddenAccounts.None);
            _blocks.Return(entry.Block);
            entry = default;
        }
    }

    /// <summary>The gates of all viewers were passed since nobody may come any more.</summary>
    public void Dispose()
    {
        foreach (var stripe in _stripes)
        {
            lock (stripe.Gate)
            {
                IsDisposed = true;
            }
        }

        _blocks.Dispose();
        _pages.Dispose();
    }

    private ref Entry At(int viewer) => ref _entries[viewer];

    private void Add(int viewer, ref Entry entry, int followee)
    {
        if (_blocks.Ints(entry.Block, entry.Count).Contains(followee))
        {
            return;
        }

        if (entry.Count == _blocks.CapacityOf(entry.Block) && !TryGrow(ref entry))
        {
            Drop(viewer);
            return;
        }

        _blocks.Ints(entry.Block, ++entry.Count)[^1] = followee;
    }

    private bool TryGrow(ref Entry entry)
    {
        if (!_blocks.TryTake(entry.Count + 1, beyondBound: false, out var larger))
        {
            return false;
        }

        _blocks.Ints(entry.Block, entry.Count).CopyTo(_blocks.Ints(larger, entry.Count));
        _blocks.Return(entry.Block);
        entry.Block = larger;
        return true;
    }

    private void Remove(ref Entry entry, int followee)
    {
        var all = _blocks.Ints(entry.Block, entry.Count);
        var at = all.IndexOf(followee);
        if (at >= 0)
        {
            all[at] = all[^1];
            entry.Count--;
        }
    }

    private HiddenAccounts HiddenOf(int viewer) =>
        StripeOf(viewer).Hidden.GetValueOrDefault(viewer, HiddenAccounts.None);

    private void Hide(int viewer, ref Entry entry, HiddenAccounts hidden)
    {
        var all = StripeOf(viewer).Hidden;
        _blocks.Charge(hidden.Bytes - HiddenOf(viewer).Bytes);
        if (hidden.IsEmpty)
        {
            all.Remove(viewer);
            entry.State &= ~State.Hides;
        }
        else
        {
            all[viewer] = hidden;
            entry.State |= State.Hides;
        }
    }

    /// <summary>Two turns of the hand: the first takes everybody's second chance, the second finds one. False when nobody is held.</summary>
    private bool EvictOne()
    {
        lock (_hand)
        {
            for (var left = 2L * _ordinals.Count; left > 0; left--)
            {
                _handAt = _handAt + 1 < _ordinals.Count ? _handAt + 1 : 0;
                if (TryEvict(_handAt))
                {
                    return true;
                }
            }

            return false;
        }
    }

    private bool TryEvict(int viewer)
    {
        lock (StripeOf(viewer).Gate)
        {
            if (!Holds(viewer))
            {
                return false;
            }

            ref var entry = ref At(viewer);
            if ((entry.State & State.Referenced) != 0)
            {
                entry.State &= ~State.Referenced;
                return false;
            }

            Drop(viewer);
            return true;
        }
    }

    private struct Entry
    {
        public uint Block;
        public int Count;
        public State State;
    }
}
