using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Rookery.Load;

/// <summary>
/// The kernel's own readiness list. The framework's asynchronous sockets cost the client a thread hop per answer, which on one core is as much
/// as the server spends.
/// </summary>
internal sealed unsafe partial class Epoll : IDisposable
{
    private const int AddSocket = 1;
    private const uint Readable = 1;

    private readonly int _list = epoll_create1(0);
    private readonly Event[] _events = new Event[256];

    public void Add(Socket socket, int tag)
    {
        var entry = new Event { Kinds = Readable, Tag = (ulong)tag };
        if (epoll_ctl(_list, AddSocket, (int)socket.Handle, &entry) != 0)
        {
            throw new InvalidOperationException("The kernel does not watch this socket.");
        }
    }

    /// <summary>The tags of sockets that have something to read.</summary>
    public int Wait(Span<int> tags, TimeSpan longest)
    {
        fixed (Event* events = _events)
        {
            var time = stackalloc long[2];
            (time[0], time[1]) = (
                longest.Ticks / TimeSpan.TicksPerSecond,
                longest.Ticks % TimeSpan.TicksPerSecond * TimeSpan.NanosecondsPerTick
            );
            var count = epoll_pwait2(_list, events, _events.Length, time, 0);
            for (var i = 0; i < count; i++)
            {
                tags[i] = (int)events[i].Tag;
            }

            return Math.Max(0, count);
        }
    }

    public void Dispose() => _ = close(_list);

    [LibraryImport("libc")]
    private static partial int epoll_create1(int flags);

    [LibraryImport("libc")]
    private static partial int epoll_ctl(int list, int operation, int socket, Event* entry);

    [LibraryImport("libc")]
    private static partial int epoll_pwait2(
        int list,
        Event* events,
        int room,
        long* longest,
        nint signals
    );

    [LibraryImport("libc")]
    private static partial int close(int handle);

    // Packed on x64 only, as the kernel has it there.
    [StructLayout(LayoutKind.Sequential, Pack = 4)]
    private struct Event
    {
        public uint Kinds;
        public ulong Tag;
    }
}
