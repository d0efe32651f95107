namespace Rookery.Graph;

/// <summary>
/// Blocks of ints outside the collected heap. The region is cut into pages, a page into blocks of one size; a page whose blocks are all
/// returned serves any size again. A block is named by its offset in units, so that four bytes point to it. Safe for many threads.
/// </summary>
internal sealed unsafe class IntBlocks : IDisposable
{
    public const uint None = uint.MaxValue;

    public const int PageBytes = 1 << 16;
    private const int UnitBytes = 4 * sizeof(int);
    private const int UnitsPerPage = PageBytes / UnitBytes;
    private const int NoPage = -1;

    // One block beyond the bound must always find room, else a viewer with more followees than the bound holds could never be served.
    private const long Reserve = 1L << 28;

    /// <summary>How many sizes larger a block may be taken where none that fits better is free: four times.</summary>
    private const int LargerSizes = 4;

    // Two sizes for each doubling, so that a block is on average seven eighths full; at the top as many as a page divides into.
    private static readonly int[] Sizes =
    [
        1,
        2,
        3,
        4,
        6,
        8,
        12,
        16,
        24,
        32,
        48,
        64,
        96,
        128,
        192,
        256,
        384,
        512,
        682,
        819,
        1024,
        1365,
        2048,
        UnitsPerPage,
    ];

    private readonly Lock _lock = new();
    private readonly long _bound;
    private readonly NativePages _memory;
    private readonly byte* _start;
    private readonly long _length;
    private readonly Page[] _pages;
    private readonly int[] _withRoom = new int[Sizes.Length];
    private int _lowestFree;
    private long _usedPages;
    private long _charged;

    public IntBlocks(long bound)
    {
        _bound = bound;
        _length = bound + Reserve;
        _memory = new NativePages(_length);
        _start = _memory.Start;
        _pages = new Page[_length / PageBytes];
        Array.Fill(_withRoom, NoPage);
    }

    /// <summary>What counts against the bound: whole pages, and what was charged beside them.</summary>
    public long Bytes => (Volatile.Read(ref _usedPages) * PageBytes) + Volatile.Read(ref _charged);

    /// <summary>Counts bytes that stand elsewhere against the bound.</summary>
    public void Charge(long bytes) => Interlocked.Add(ref _charged, bytes);

    /// <summary>A block for at least <paramref name="count"/> ints; false where the bound leaves none, unless it may be passed.</summary>
    public bool TryTake(int count, bool beyondBound, out uint block)
    {
        block = None;
        if (count == 0)
        {
            return true;
        }

        var units = (count + 3) / 4;
        lock (_lock)
        {
            var page =
                units > UnitsPerPage
                    ? OpenRun((units + UnitsPerPage - 1) / UnitsPerPage, beyondBound)
                    : FindRoom(units, beyondBound);
            if (page != NoPage)
            {
                block = TakeFrom(page);
            }

            return page != NoPage;
        }
    }

    public void Return(uint block)
    {
        if (block == None)
        {
            return;
        }

        var index = (int)(block / UnitsPerPage);
        lock (_lock)
        {
            ref var page = ref _pages[index];
            *(ushort*)At(block) = page.FirstReturned;
            page.FirstReturned = (ushort)((block % UnitsPerPage) + 1);
            if (--page.Taken == 0)
            {
                Close(index);
            }
            else if (!page.HasRoom)
            {
                Link(index);
            }
        }
    }

    /// <summary>Of a block that is held: how many ints it has room for.</summary>
    public int CapacityOf(uint block) => block == None ? 0 : _pages[block / UnitsPerPage].Units * 4;

    public Span<int> Ints(uint block, int count) =>
        block == None ? [] : new((void*)At(block), count);

    /// <summary>Nobody holds or returns a block any more; one taken from now on is never written.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            Array.Clear(_pages);
            Array.Fill(_withRoom, NoPage);
            _memory.Dispose();
        }
    }

    private byte* At(uint block) => _start + ((long)block * UnitBytes);

    private static int SizeFor(int units)
    {
        var size = Array.BinarySearch(Sizes, units);
        return size >= 0 ? size : ~size;
    }

    private int FindRoom(int units, bool beyondBound)
    {
        var size = SizeFor(units);
        if (_withRoom[size] != NoPage)
        {
            return _withRoom[size];
        }

        var opened = OpenRun(1, beyondBound);
        if (opened != NoPage)
        {
            _pages[opened].Units = Sizes[size];
            Link(opened);
            return opened;
        }

        var last = Math.Min(size + LargerSizes, Sizes.Length - 1);
        while (++size <= last)
        {
            if (_withRoom[size] != NoPage)
            {
                return _withRoom[size];
            }
        }

        return NoPage;
    }

    private uint TakeFrom(int index)
    {
        ref var page = ref _pages[index];
        uint first = (uint)index * UnitsPerPage;
        uint block;
        if (page.FirstReturned > 0)
        {
            block = first + page.FirstReturned - 1;
            page.FirstReturned = *(ushort*)At(block);
        }
        else
        {
            block = first + (uint)page.Cut;
            page.Cut += page.Units;
        }

        page.Taken++;
        if (page.HasRoom && page.FirstReturned == 0 && page.Cut + page.Units > UnitsPerPage)
        {
            Unlink(index);
        }

        return block;
    }

    /// <summary>Takes neighbouring pages as one block; of a single page the caller makes more.</summary>
    private int OpenRun(int count, bool beyondBound)
    {
        if (!beyondBound && Bytes + ((long)count * PageBytes) > _bound)
        {
            return NoPage;
        }

        for (int first = _lowestFree, free = 0, i = first; i < _pages.Length; i++)
        {
            free = _pages[i].Units == 0 ? free + 1 : 0;
            first = free == 1 ? i : first;
            if (free == count)
            {
                Open(first, count);
                return first;
            }
        }

        return NoPage;
    }

    private void Open(int first, int count)
    {
        _pages[first] = new Page { Units = count * UnitsPerPage, Run = count };
        for (var i = first + 1; i < first + count; i++)
        {
            _pages[i].Units = UnitsPerPage;
        }

        if (count == 1 || first == _lowestFree)
        {
            _lowestFree = first + count;
        }

        _usedPages += count;
    }

    private void Close(int index)
    {
        if (_pages[index].HasRoom)
        {
            Unlink(index);
        }

        var run = _pages[index].Run;
        Array.Clear(_pages, index, run);
        _lowestFree = Math.Min(_lowestFree, index);
        _usedPages -= run;
    }

    private void Link(int index)
    {
        ref var head = ref _withRoom[SizeFor(_pages[index].Units)];
        if (head != NoPage)
        {
            _pages[head].Before = index;
        }

        _pages[index].After = head;
        _pages[index].Before = NoPage;
        _pages[index].HasRoom = true;
        head = index;
    }

    private void Unlink(int index)
    {
        ref var page = ref _pages[index];
        if (page.Before != NoPage)
        {
            _pages[page.Before].After = page.After;
        }
        else
        {
            _withRoom[SizeFor(page.Units)] = page.After;
        }

        if (page.After != NoPage)
        {
            _pages[page.After].Before = page.Before;
        }

        page.HasRoom = false;
    }

    /// <summary>A page in use has units; one that has room is linked to the others of its size.</summary>
    private struct Page
    {
        public int Units;
        public int Run;
        public int Taken;
        public int Cut;
        public ushort FirstReturned;
        public bool HasRoom;
        public int Before;
        public int After;
    }
}
