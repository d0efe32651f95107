using System.Buffers;
using System.Collections.Concurrent;
using Rookery.Timelines;

namespace Rookery.Reading;

/// <summary>
/// One page of a timeline on its way: the stretch being read, its rendered posts, and the entries kept so far. Rented, because a page
/// must cost nothing but its bytes.
/// </summary>
internal sealed class TimelinePage : IDisposable
{
    /// <summary>Hidden entries that one stretch can lose without needing another.</summary>
    private const int Spare = 8;

    /// <summary>More are never in use at once for long; each takes some 40 kB.</summary>
    private const int MostPooled = 256;

    /// <summary>A usual page of 20 has 9 kB. What a rare large one grew to is not kept for good.</summary>
    private const int LargestKept = 256 * 1024;

    private static readonly ConcurrentQueue<TimelinePage> Pool = [];

    private readonly FragmentRef[] _parts = new FragmentRef[2 * Page.MaxCount];
    private readonly ViewerFlags[] _flags = new ViewerFlags[2 * Page.MaxCount];
    private int _wanted;

    private TimelinePage() { }

    public HomeRead Read { get; } = new();

    public HydratedPage Hydrated { get; } = new();

    /// <summary>
    /// The page as it is sent. A buffer of ours, kept with the page: what Kestrel lends for more than 4 kB before the headers are written is
    /// a new array, and what stands in it cannot be taken back when a fragment was overwritten meanwhile.
    /// </summary>
    public ArrayBufferWriter<byte> Output { get; } = new(16 * 1024);

    /// <summary>The entries, newest first; a repost is followed by its original.</summary>
    public ReadOnlyMemory<FragmentRef> Parts => _parts.AsMemory(0, PartCount);

    /// <summary>The viewer's marks of each part.</summary>
    public Memory<ViewerFlags> Flags => _flags.AsMemory(0, PartCount);

    public int PartCount { get; private set; }

    public int EntryCount { get; private set; }

    public bool IsFull => EntryCount == _wanted;

    /// <summary>Of a page with entries that is finished.</summary>
    public PostId FirstEntry => _parts[0].Id;

    /// <inheritdoc cref="FirstEntry"/>
    public PostId LastEntry =>
        _parts[PartCount - (PartCount > 1 && HoldsOriginal(PartCount - 2) ? 2 : 1)].Id;

    public static TimelinePage Rent() => Pool.TryDequeue(out var page) ? page : new TimelinePage();

    public void Dispose()
    {
        Hydrated.Clear();
        if (Output.Capacity <= LargestKept && Pool.Count < MostPooled)
        {
            Pool.Enqueue(this);
        }
    }

    public void Start(AccountId viewer, Page page, bool includeOwn)
    {
        _wanted = Math.Min(page.Count, Page.MaxCount);
        PartCount = 0;
        EntryCount = 0;
        Array.Clear(_flags);
        Read.Start(viewer, page, _wanted + Spare, includeOwn);
    }

    public void NextStretch() => Read.Continue();

    /// <summary>Lets go of the entries.</summary>
    public void Empty()
    {
        PartCount = 0;
        EntryCount = 0;
    }

    /// <summary>That the part is a repost, and the next part its original.</summary>
    public bool HoldsOriginal(int part) => _parts[part].Header.OriginalId.Value != 0;

    /// <summary>The place of the i-th entry to look at: from the end of the page that is being filled.</summary>
    public int Place(int i) => Read.FromBelow ? Hydrated.Count - 1 - i : i;

    public void Keep(in FragmentRef post, in FragmentRef original)
    {
        // Upwards, the original is put first: the whole is turned around in the end.
        if (Read.FromBelow && original.Exists)
        {
            _parts[PartCount++] = original;
        }

        _parts[PartCount++] = post;
        if (!Read.FromBelow && original.Exists)
        {
            _parts[PartCount++] = original;
        }

        EntryCount++;
    }

    public void Finish()
    {
        if (Read.FromBelow)
        {
            Array.Reverse(_parts, 0, PartCount);
        }
    }
}
