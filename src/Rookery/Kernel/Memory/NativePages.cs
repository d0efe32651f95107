using System.Runtime.InteropServices;

namespace Rookery.Kernel;

/// <summary>Zeroed anonymous memory that becomes resident only where it is touched.</summary>
internal static unsafe partial class NativePages
{
    private const int ReadWrite = 0x1 | 0x2;
    private const int PrivateAnonymousNoReserve = 0x02 | 0x20 | 0x4000;
    private const int AdviseHugePages = 14;

    public static byte* Reserve(long bytes)
    {
        var memory = Map(null, (nuint)bytes, ReadWrite, PrivateAnonymousNoReserve, -1, 0);
        if ((nint)memory == -1)
        {
            throw new InsufficientMemoryException(
                $"The system refused {bytes} bytes of address space."
            );
        }

        // Advice only: without huge pages random reads miss the TLB and take about twice as long.
        _ = Advise(memory, (nuint)bytes, AdviseHugePages);
        return memory;
    }

    public static void Release(byte* memory, long bytes) => _ = Unmap(memory, (nuint)bytes);

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
