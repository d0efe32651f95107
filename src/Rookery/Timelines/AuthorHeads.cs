using Microsoft.Extensions.Options;

namespace Rookery.Timelines;

/// <summary>
/// The newest ids of authors, in native memory: what home timelines are merged from. A head is complete above its floor, the largest id that is
/// not kept; 0 where nothing older exists.
/// <para>One lock for writers: the committing thread, whose groups become visible as a whole, and loaders. Readers take none: they read under
/// a sequence number and start over when it moved (<see cref="Merge"/>). The slab is never unmapped, and every place that a torn read
/// could name lies inside it.</para>
/// <para>Loading: a head is registered before truth is read; what is committed meanwhile is kept beside it and merged in, so no event falls
/// between the two.</para>
/// </summary>
internal sealed partial class AuthorHeads : IDisposable
{
    private const long NotPresent = long.MaxValue;

    // All that is known of the author is that there are older ids; who merges must look at the floor.
    private const long OnlyFloor = long.MaxValue - 1;

    private readonly Lock _writing = new();
    private readonly HeadSlab _slab;
    private readonly Dictionary<int, HeadLoad> _loading = [];
    private Columns _columns = new(1 << 10);
    private long _appliedThrough = long.MaxValue;
    private int _version;
    private int _depth;
    private int _hand;

    public AuthorHeads(IOptions<TimelinesOptions> options)
        : this(options.Value.HeadBytes) { }

    public AuthorHeads(long bytes) => _slab = new HeadSlab(bytes);

    private enum State : byte
    {
        Absent,
        Loading,
        Present,
        Closed,
    }

    /// <summary>Heads in memory now.</summary>
    public int Held
    {
        get
        {
            lock (_writing)
            {
                return _columns.Rows.Count(row => row.State == State.Present);
            }
        }
    }

    /// <summary>
    /// The largest id of all committed groups that heads know of. What truth shows beyond it belongs to a group that is just being told: it
    /// must not be seen before the rest of its group is. Until it is set, truth is taken as it is.
    /// </summary>
    public long AppliedThrough
    {
        get => Volatile.Read(ref _appliedThrough);
        set => Volatile.Write(ref _appliedThrough, value);
    }

    /// <summary>Begins to hide what is not told yet, unless a commit that was told meanwhile knows better.</summary>
    public void BeginAt(long newest)
    {
        using (Write())
        {
            if (AppliedThrough == long.MaxValue)
            {
                AppliedThrough = newest;
            }
        }
    }

    /// <summary>All that is written until the result is disposed becomes visible to readers at once. May be nested.</summary>
    public WriteScope Write()
    {
        _writing.Enter();
        if (_depth++ == 0)
        {
            // Nothing that is written may be seen before the odd version.
            Interlocked.Increment(ref _version);
        }

        return new WriteScope(this);
    }

    /// <summary>Inside <see cref="Write"/>: the author has a new id. Repeats and ids at or below the floor change nothing.</summary>
    public void Add(int author, long id)
    {
        ref var row = ref Row(author);
        if (row.State == State.Loading)
        {
            _loading[author].Remember(author, id, removed: false);
        }
        else if (row.State == State.Present)
        {
            Insert(author, ref row, id);
        }
    }

    /// <summary>Inside <see cref="Write"/>: the id is gone.</summary>
    public void Remove(int author, long id)
    {
        ref var row = ref Row(author);
        if (row.State == State.Loading)
        {
            _loading[author].Remember(author, id, removed: true);
        }
        else if (row.State == State.Present)
        {
            Delete(author, ref row, id);
        }
    }

    /// <summary>Inside <see cref="Write"/>: nothing of the author is shown any longer.</summary>
    public void Close(int author)
    {
        Release(author, State.Closed);
        _columns.Newest[author] = 0;
    }

    /// <summary>Inside <see cref="Write"/>: what is held of the author may have holes; the next read loads it anew.</summary>
    public void Drop(int author)
    {
        if (Row(author).State != State.Closed)
        {
            Release(author, State.Absent);
        }
    }

    /// <summary>Gives the author's head more room, if there is a wider one: the next read loads it. False where it has the widest.</summary>
    public bool Widen(int author)
    {
        using (Write())
        {
            ref var row = ref Row(author);
            if (row.State != State.Present || row.Width == HeadSlab.Widest)
            {
                return false;
            }

            var wider = (byte)(row.Width + 1);
            Release(author, State.Absent);
            Row(author).Width = wider;
            return true;
        }
    }

    /// <summary>Registers the absent ones of <paramref name="authors"/> for loading, before truth is read.</summary>
    public HeadLoad BeginLoad(ReadOnlySpan<int> authors)
    {
        var load = new HeadLoad(this);
        using (Write())
        {
            foreach (var author in authors)
            {
                ref var row = ref Row(author);
                if (row.State == State.Absent)
                {
                    row.State = State.Loading;
                    _loading[author] = load;
                    load.Take(author, HeadSlab.RoomOf(row.Width));
                }
                else if (row.State == State.Loading)
                {
                    load.WaitFor(_loading[author]);
                }
            }
        }

        return load;
    }

    public void Dispose() => _slab.Dispose();

    /// <summary>Installs a loaded head, unless it was dropped or closed since it was registered.</summary>
    internal void Install(HeadLoad load, int author, ReadOnlySpan<long> newestFirst, long floor)
    {
        using (Write())
        {
            if (!_loading.TryGetValue(author, out var registered) || registered != load)
            {
                return;
            }

            _loading.Remove(author);
            ref var row = ref Row(author);
            row.Block = Allocate(author, row.Width);
            row.State = State.Present;
            row.Count = 0;
            // Floor before ids: those at or below it are not kept.
            row.Floor = floor;
            row.Used = true;
            foreach (var id in newestFirst)
            {
                if (id <= AppliedThrough)
                {
                    Insert(author, ref row, id);
                }
            }

            ShowNewest(author, in row);
            load.Replay(author, this);
        }
    }

    /// <summary>Takes back the registration of heads that were not installed.</summary>
    internal void GiveUp(HeadLoad load, IReadOnlyList<int> authors)
    {
        using (Write())
        {
            foreach (var author in authors)
            {
                if (_loading.TryGetValue(author, out var registered) && registered == load)
                {
                    Release(author, State.Absent);
                }
            }
        }
    }

    private ref HeadRow Row(int author)
    {
        if (author >= _columns.Rows.Length)
        {
            Volatile.Write(ref _columns, _columns.Grown(author));
        }

        return ref _columns.Rows[author];
    }

    private unsafe void Insert(int author, ref HeadRow row, long id)
    {
        if (id <= row.Floor)
        {
            return;
        }

        var ids = _slab.At(row.Block);
        var place = 0;
        while (place < row.Count && ids[place] > id)
        {
            place++;
        }

        if (place < row.Count && ids[place] == id)
        {
            return;
        }

        var room = HeadSlab.RoomOf(row.Width);
        if (row.Count == room)
        {
            row.Floor = Math.Max(row.Floor, Math.Min(id, ids[room - 1]));
#if SEEDED_BUGS
            if (SeededBugs.Is("heads-floor-lost-on-trim"))
                row.Floor = 0;
#endif
            if (place == room)
            {
                return;
            }

            row.Count--;
        }

        new Span<long>(ids + place, row.Count - place).CopyTo(
            new Span<long>(ids + place + 1, row.Count - place)
        );
        ids[place] = id;
        row.Count++;
        ShowNewest(author, in row);
    }

    private unsafe void Delete(int author, ref HeadRow row, long id)
    {
        var ids = new Span<long>(_slab.At(row.Block), row.Count);
        var place = ids.IndexOf(id);
        if (place >= 0)
        {
            ids[(place + 1)..].CopyTo(ids[place..]);
            row.Count--;
            ShowNewest(author, in row);
        }
    }

    private unsafe void ShowNewest(int author, in HeadRow row) =>
        _columns.Newest[author] =
            row.Count > 0 ? *_slab.At(row.Block)
            : row.Floor > 0 ? OnlyFloor
            : 0;

    private void Release(int author, State state)
    {
        ref var row = ref Row(author);
        if (row.State == State.Present)
        {
            _slab.Free(row.Block, row.Width);
        }

        _loading.Remove(author);
        row = new HeadRow { State = state, Width = state == State.Absent ? row.Width : (byte)0 };
        _columns.Newest[author] = NotPresent;
    }

    /// <summary>A block, taken from heads that nobody needed since the hand last passed where none is free.</summary>
    private int Allocate(int author, byte width)
    {
        int block;
        while (!_slab.TryAllocate(width, out block))
        {
            _hand = (_hand + 1) % _columns.Rows.Length;
            ref var row = ref _columns.Rows[_hand];
            if (row.State != State.Present || row.Width != width || _hand == author)
            {
                continue;
            }

            if (row.Used)
            {
                row.Used = false;
            }
            else
            {
                Release(_hand, State.Absent);
            }
        }

        return block;
    }

    private void EndWrite()
    {
        if (--_depth == 0)
        {
            Volatile.Write(ref _version, _version + 1);
        }

        _writing.Exit();
    }

    public readonly ref struct WriteScope(AuthorHeads heads)
    {
        public void Dispose() => heads.EndWrite();
    }

    private struct HeadRow
    {
        public long Floor;
        public int Block;
        public short Count;
        public byte Width;
        public State State;
        public bool Used;
    }

    /// <summary>What is kept per author. The newest ids stand alone: most followees of a merge cost one load of eight bytes.</summary>
    private sealed class Columns
    {
        public Columns(int length)
        {
            Newest = new long[length];
            Rows = new HeadRow[length];
            Array.Fill(Newest, NotPresent);
        }

        public long[] Newest { get; }

        public HeadRow[] Rows { get; }

        public long NewestOf(int author) =>
            (uint)author < (uint)Newest.Length ? Newest[author] : NotPresent;

        public Columns Grown(int author)
        {
            var grown = new Columns(Math.Max(2 * Rows.Length, author + 1));
            Newest.CopyTo(grown.Newest, 0);
            Rows.CopyTo(grown.Rows, 0);
            return grown;
        }
    }
}
