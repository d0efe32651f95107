namespace Rookery.Timelines;

/// <summary>
/// Native memory for heads of three widths, each with its share. A block is named by its place in units of the narrowest, so that any number a
/// torn read yields lies inside the mapping.
/// </summary>
internal sealed unsafe class HeadSlab : IDisposable
{
    public const byte Widest = 2;

    private const int Narrowest = 16;

    private readonly NativePages _pages;
    private readonly long* _ids;
    private readonly Share[] _shares;

    public HeadSlab(long bytes)
    {
        var units = Math.Clamp(bytes / (Narrowest * sizeof(long)), 128, 1 << 30);
        // Most authors are narrow; the wide eighths hold those who post all day.
        var wide = (int)(units / 8) & ~15;
        var middle = wide;
        var narrow = (int)units - wide - middle;
        _shares =
        [
            new Share(0, narrow, 1),
            new Share(narrow, middle / 4, 4),
            new Share(narrow + middle, wide / 16, 16),
        ];
        // One widest block beyond the end: a torn read may combine the last place with the greatest count.
        var reserved = (units + RoomOf(Widest) / Narrowest) * Narrowest * sizeof(long);
        _pages = new NativePages(reserved);
        _ids = (long*)_pages.Start;
    }

    /// <summary>Ids that fit: 16 to start with (a page of a reader with twenty followees takes one of each), then 64, then 256.</summary>
    public static int RoomOf(byte width) => Narrowest << (2 * width);

    public long* At(int block) => _ids + ((long)block * Narrowest);

    public bool TryAllocate(byte width, out int block) => _shares[width].TryTake(out block);

    public void Free(int block, byte width) => _shares[width].Free.Push(block);

    public void Dispose() => _pages.Dispose();

    private sealed class Share(int start, int blocks, int unitsPerBlock)
    {
        private int _next;

        public Stack<int> Free { get; } = [];

        public bool TryTake(out int block)
        {
            if (Free.TryPop(out block))
            {
                return true;
            }

            block = start + (_next * unitsPerBlock);
            if (_next >= Math.Max(1, blocks))
            {
                return false;
            }

            _next++;
            return true;
        }
    }
}
