using System.Numerics;
using System.Runtime.Intrinsics.X86;

namespace Rookery.Reading;

/// <summary>
/// Rendered posts in one native ring. Offsets grow for ever; a record lies at its offset modulo the capacity, whole, and is
/// valid while its offset is at or above the tail. The writer moves the tail past what it is about to overwrite before it
/// overwrites, so a reader that copies first and looks at the tail afterwards knows whether its copy is whole.
/// One lock for writers, none for readers. The oldest give way; what was read while it grew old is appended again.
/// </summary>
internal sealed unsafe class FragmentRing : IDisposable
{
    private const int Alignment = 8;
    private const int LargestPayload = 1 << 20;

    // The index is made for this mean size; smaller records are evicted when it is full, not when the ring is.
    private const int MeanRecord = 256;

    // A put copies at most this many old records, so that it takes microseconds whatever was read before.
    private const int SecondChancesPerPut = 8;

    // The first lines that a page needs of a post, header and payload: the whole of most.
    private const int PrefetchedBytes = 512;
    private const int CacheLine = 64;

    private readonly Lock _writing = new();
    private readonly Tombstones _tombstones;
    private readonly FragmentIndex _index;
    private readonly NativePages _pages;
    private readonly byte* _memory;
    private readonly long _capacity;

    // Kept free in a full ring, so that a record can be appended again while it is still valid where it was.
    private readonly long _slack;
    private long _end;
    private long _tail;

    public FragmentRing(ReadingOptions options, TimeProvider time)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.PostCacheBytes, 1 << 12);
        _capacity = 1L << BitOperations.Log2((ulong)options.PostCacheBytes);
        _slack = _capacity / 64;
        MaxPayload = (int)Math.Min(LargestPayload, _capacity / 16 - FragmentHeader.Bytes);
        _tombstones = new Tombstones(time);
        _index = new FragmentIndex((int)Math.Min(_capacity / MeanRecord, 1 << 30));
        _pages = new NativePages(_capacity);
        _memory = _pages.Start;
    }

    /// <summary>A larger fragment is never kept.</summary>
    public int MaxPayload { get; }

    public int Count
    {
        get
        {
            lock (_writing)
            {
                return _index.Count;
            }
        }
    }

    private long Free => _capacity - (_end - _tail);

    /// <summary>
    /// Keeps a rendering unless one at least as new is held. False: it must not be kept (the post was deleted or changed
    /// since the row was read) or cannot be (<see cref="MaxPayload"/>).
    /// </summary>
    public bool TryPut(in FragmentHeader header, ReadOnlySpan<byte> payload)
    {
        header.Check(payload.Length);
        if (payload.Length > MaxPayload)
        {
            return false;
        }

        lock (_writing)
        {
            if (!header.IsDeleted && _tombstones.Forbids(header.PostId, header.PostVersion))
            {
                return false;
            }

            if (!HoldsAsNew(header))
            {
                var size = SizeOf(payload.Length);
                MakeRoom(size);
                Append(header, payload, size);
            }

            return true;
        }
    }

    /// <summary>
    /// Forgets every rendering of the post older than the version (of a deleted post: every one) and for at least
    /// <see cref="Tombstones.Lifetime"/> accepts none. Called by the commit, so that nobody who read the row before it comes late.
    /// </summary>
    public void Tombstone(PostId id, int fromVersion = int.MaxValue)
    {
#if SEEDED_BUGS
        if (SeededBugs.Is("deleted-without-tombstone"))
            return;
#endif
        lock (_writing)
        {
            _tombstones.Add(id, fromVersion);
            var held = Held(id);
            if (held != null && !held->IsDeleted && held->PostVersion < fromVersion)
            {
                _index.Remove(id.Value);
            }
        }
    }

    /// <summary>Changes the numbers in place, if the post is held; a page being written meanwhile has the old or the new ones.</summary>
    public void SetCounts(PostId id, long likes, long reposts, long replies)
    {
        lock (_writing)
        {
            var held = Held(id);
            if (held != null)
            {
                Patch(held, held->LikesAt, likes);
                Patch(held, held->RepostsAt, reposts);
                Patch(held, held->RepliesAt, replies);
            }
        }
    }

    public bool TryRead(PostId id, out FragmentRef fragment)
    {
        // Twice, because a record may have moved between the look into the index and the look at it.
        for (var attempt = 0; attempt < 2; attempt++)
        {
            if (_index.TryFind(id.Value, out var entry))
            {
                var at = At(entry.Offset);
                fragment = new FragmentRef(
                    *(FragmentHeader*)at,
                    at + FragmentHeader.Bytes,
                    entry.Offset
                );
                if (StillValid(fragment) && fragment.Id == id)
                {
                    MarkUsed(entry);
                    return true;
                }
            }
        }

        fragment = default;
        return false;
    }

    /// <summary>
    /// Reads many at once and returns how many were found; what was not does not <see cref="FragmentRef.Exists"/>.
    /// Memory is asked for everything before anything is waited for, which is most of what a page costs.
    /// </summary>
    public int Read(ReadOnlySpan<PostId> ids, Span<FragmentRef> fragments)
    {
        foreach (var id in ids)
        {
            _index.Prefetch(id.Value);
        }

        foreach (var id in ids)
        {
            if (_index.TryFind(id.Value, out var entry))
            {
                Prefetch(At(entry.Offset));
            }
        }

        var found = 0;
        for (var i = 0; i < ids.Length; i++)
        {
            found += TryRead(ids[i], out fragments[i]) ? 1 : 0;
        }

        return found;
    }

    /// <summary>True when all that was copied from the fragment before this call is what was put.</summary>
    public bool StillValid(in FragmentRef fragment)
    {
        Volatile.ReadBarrier();
        return fragment.Offset >= Volatile.Read(ref _tail);
    }

    public bool StillValid(ReadOnlySpan<FragmentRef> fragments)
    {
        Volatile.ReadBarrier();
        var tail = Volatile.Read(ref _tail);
        foreach (ref readonly var fragment in fragments)
        {
            if (fragment.Offset < tail)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Forgets every rendering. Readers that hold one find it no longer valid.</summary>
    public void Clear()
    {
        lock (_writing)
        {
            var secondChances = 0;
            while (_tail < _end)
            {
                GiveWay(ref secondChances);
            }
        }
    }

    /// <summary>Only when no reader is left.</summary>
    public void Dispose()
    {
        _index.Dispose();
        _pages.Dispose();
    }

    private static int SizeOf(int payload) =>
        (FragmentHeader.Bytes + payload + Alignment - 1) & -Alignment;

    private static void Patch(FragmentHeader* record, int place, long count)
    {
        if (place != 0)
        {
            var slot = (byte*)record + FragmentHeader.Bytes + place;
            Volatile.Write(ref *(ulong*)slot, CountSlot.Encode(count));
        }
    }

    private static void Prefetch(byte* record)
    {
        if (Sse.IsSupported)
        {
            for (var line = 0; line < PrefetchedBytes; line += CacheLine)
            {
                Sse.Prefetch0(record + line);
            }
        }
    }

    private byte* At(long offset) => _memory + (offset & (_capacity - 1));

    private FragmentHeader* Held(PostId id) =>
        _index.TryFind(id.Value, out var entry) ? (FragmentHeader*)At(entry.Offset) : null;

    private bool HoldsAsNew(in FragmentHeader header)
    {
        var held = Held(header.PostId);
        return held != null
            && (
                held->IsDeleted
                || (
                    !header.IsDeleted
                    && held->PostVersion >= header.PostVersion
                    && held->AuthorVersion >= header.AuthorVersion
                )
            );
    }

    /// <summary>A hit among the oldest quarter earns a second chance. One exchange per record and passage.</summary>
    private void MarkUsed(in FragmentIndex.Entry entry)
    {
        if (!entry.IsUsed && entry.Offset - Volatile.Read(ref _tail) < _capacity / 4)
        {
            entry.MarkUsed();
        }
    }

    private void MakeRoom(int size)
    {
        var secondChances = SecondChancesPerPut;
        while (Free < Gap(size) + size + _slack || _index.IsFull)
        {
            GiveWay(ref secondChances);
        }
    }

    /// <summary>Moves the tail past the oldest record; the copy of one that stays is published before its original ends.</summary>
    private void GiveWay(ref int secondChances)
    {
        var record = (FragmentHeader*)At(_tail);
        if (record->PostId.Value == 0)
        {
            Volatile.Write(ref _tail, _tail + ToWrap(_tail));
            return;
        }

        var size = SizeOf(record->Length);
        if (_index.TryFind(record->PostId.Value, out var entry) && entry.Offset == _tail)
        {
            if (entry.IsUsed && secondChances > 0 && Gap(size) + size <= Free)
            {
                secondChances--;
                var payload = (byte*)record + FragmentHeader.Bytes;
                Append(*record, new ReadOnlySpan<byte>(payload, record->Length), size);
            }
            else
            {
                _index.Remove(record->PostId.Value);
            }
        }

        Volatile.Write(ref _tail, _tail + size);
    }

    private void Append(in FragmentHeader header, ReadOnlySpan<byte> payload, int size)
    {
        // The tail that frees this room must be seen before the first byte of it changes.
        Volatile.WriteBarrier();
        var gap = Gap(size);
        if (gap > 0)
        {
            *(PostId*)At(_end) = default;
            _end += gap;
        }

        var at = At(_end);
        *(FragmentHeader*)at = header;
        payload.CopyTo(new Span<byte>(at + FragmentHeader.Bytes, payload.Length));
        _index.Set(header.PostId.Value, _end);
        _end += size;
    }

    /// <summary>What is left unused before the wrap, because a record lies in one piece.</summary>
    private long Gap(int size)
    {
        var toWrap = ToWrap(_end);
        return toWrap < size ? toWrap : 0;
    }

    private long ToWrap(long offset) => _capacity - (offset & (_capacity - 1));
}
