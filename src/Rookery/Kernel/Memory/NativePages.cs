using System.Runtime.InteropServices;

namespace Rookery.Kernel;

/// <summary>
/// Zeroed anonymous memory that becomes resident only where it is touched. It is given back once, however often its owner is disposed of (a container
/// does it for every service that answers with the owner): the second time its addresses may be somebody else's.
/// </summary>
internal sealed unsafe partial class NativePages : IDisposable
{
    private const int ReadWrite = 0x1 | 0x2;
    private const int PrivateAnonymousNoReserve = 0x02 | 0x20 | 0x4000;
    private const int AdviseHugePages = 14;

    private readonly nuint _bytes;
    private int _isReleased;

    /// <exception cref="InsufficientMemoryException">The system refuses so much address space.</exception>
    public NativePages(long bytes)
    {
        _bytes = (nuint)bytes;
        Start = Map(null, _bytes, ReadWrite, PrivateAnonymousNoReserve, -1, 0);
        if ((nint)Start == -1)
        {
            throw new InsufficientMemoryException(
                $"The system refused {bytes} bytes of address space."
            );
        }

        // Advice only: without huge pages random reads miss the TLB and take about twice as long.
        _ = Advise(Start, _bytes, AdviseHugePages);
    }

    public byte* Start { get; }

    /// <summary>Only when nobody reads or writes there any more.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isReleased, 1) == 0)
        {
            _ = Unmap(Start, _bytes);
        }
    }

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial byte* Map(
        void* at,
        nuint bytes,
        int protection,
        int flags,
        int file,
        nint offset
    );

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(void* at, nuint bytes, int advice);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int Unmap(void* at, nuint bytes);
}
