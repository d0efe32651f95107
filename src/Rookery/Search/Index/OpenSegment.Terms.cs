using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace Rookery.Search.Index;

// Terms and their postings: tables of pieces that never move, found through slots that are replaced as a whole.
internal sealed partial class OpenSegment
{
    public const int FewestSlots = 2048;
    private const int EntryBits = 10;
    private const int KeyBits = 15;
    private const int PostingBits = 14;
    private const int WidestSlice = 6;
    private const int Buckets = 1024;

    // A key's hash above its number plus one; zero is free.
    private ulong[] _slots = new ulong[slots];
    private Entry[][] _entries = new Entry[4][];
    private byte[][] _keys = new byte[4][];
    private int[][] _postings = new int[4][];
    private readonly int[] _buckets = new int[Buckets];
    private int _terms;
    private int _keyEnd;
    private int _postingEnd;

    public int Slots => Volatile.Read(ref _slots).Length;

    public int Terms => Volatile.Read(ref _terms);

    public long Bytes =>
        ((long)_slots.Length * sizeof(ulong))
        + Room(_entries, Unsafe.SizeOf<Entry>())
        + Room(_keys, 1)
        + Room(_postings, sizeof(int))
        + ((_ids.Length + _largest.Length) * (long)sizeof(long))
        + Marks.Bytes;

    /// <summary>The number of a term, or -1.</summary>
    public int Find(ReadOnlySpan<byte> key, uint hash)
    {
        var start = PostTerms.StartOf(key);
        var slots = Volatile.Read(ref _slots);
        for (var at = hash; ; at++)
        {
            var slot = Volatile.Read(ref slots[at & (uint)(slots.Length - 1)]);
            if (slot == 0)
            {
                return -1;
            }

            var term = (int)(uint)slot - 1;
            if ((uint)(slot >> 32) == hash && IsKey(term, key, start))
            {
                return term;
            }
        }
    }

    public ReadOnlySpan<byte> KeyOf(int term)
    {
        ref var entry = ref EntryOf(term);
        if (entry.Key < 0)
        {
            return MemoryMarshal.AsBytes(new ReadOnlySpan<ulong>(in entry.Start))[..-entry.Key];
        }

        var at = entry.Key;
        var piece = Volatile.Read(ref _keys)[at >> KeyBits].AsSpan(at & ((1 << KeyBits) - 1));
        return piece.Slice(1, piece[0]);
    }

    /// <summary>The key's first eight bytes, such that numbers are in the order of keys; zeros behind a shorter one.</summary>
    public ulong OrderOf(int term) => BinaryPrimitives.ReverseEndianness(EntryOf(term).Start);

    /// <summary>The document of a term that has one alone, else -1.</summary>
    public int OnlyOf(int term)
    {
        var tail = Volatile.Read(ref EntryOf(term).Tail);
        return tail >> 48 == 0 ? (int)(uint)tail : -1;
    }

    /// <summary>Begins to read what a term is found at: it stands anywhere, and the waits for several terms overlap.</summary>
    public unsafe void Prefetch(int term)
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch0(Unsafe.AsPointer(ref EntryOf(term)));
        }
    }

    /// <summary>Posts that have a term, removed ones too, but not withdrawn ones.</summary>
    public int CountOf(int term) => EntryOf(term).Count;

    /// <summary>Terms that share the kind and the first two bytes with this one were added before it; -1 after the last.</summary>
    public int FirstLike(ReadOnlySpan<byte> key) => Volatile.Read(ref _buckets[BucketOf(key)]) - 1;

    public int NextLike(int term) => EntryOf(term).Next - 1;

    /// <summary>A term's slices, oldest first; together its documents in ascending order. The array may grow.</summary>
    public int SlicesOf(int term, ref Slice[] slices)
    {
        var tail = Volatile.Read(ref EntryOf(term).Tail);
        var (start, count, level) = (
            (int)(uint)tail,
            (int)(tail >> 32) & 0xFFFF,
            (int)(tail >> 48)
        );
        var found = 0;
        for (; level > 0; found++)
        {
            Grow(ref slices, found);
            var piece = Volatile.Read(ref _postings)[start >> PostingBits];
            var at = start & ((1 << PostingBits) - 1);
            slices[found] = new Slice(piece, at + 1, count);
            var before = piece[at];
            (level, start) = (before & 7, before >> 3 << 2);
            count = RoomOf(level);
        }

        if (found == 0)
        {
            Grow(ref slices, found);
            slices[found++] = new Slice([start], 0, 1);
        }

        slices.AsSpan(0, found).Reverse();
        return found;
    }

    private static int RoomOf(int level) => (2 << level) - 1;

    private static int BucketOf(ReadOnlySpan<byte> key)
    {
        var start = key.Length < 3 ? key[0] : (uint)((key[0] << 16) | (key[1] << 8) | key[2]);
        return (int)((start * 2654435761) >> 22);
    }

    private ref Entry EntryOf(int term) =>
        ref Volatile.Read(ref _entries)[term >> EntryBits][term & ((1 << EntryBits) - 1)];

    private bool IsKey(int term, ReadOnlySpan<byte> key, ulong start)
    {
        ref var entry = ref EntryOf(term);
        return entry.Start == start
            && (
                key.Length <= sizeof(ulong)
                    ? entry.Key == -key.Length
                    : entry.Key >= 0 && KeyOf(term).SequenceEqual(key)
            );
    }

    /// <summary>As <see cref="Prefetch(int)"/>, for all terms of a post.</summary>
    private unsafe void Prefetch(PostTerms terms)
    {
        if (!Sse.IsSupported)
        {
            return;
        }

        var (slots, mask) = (_slots, (uint)(_slots.Length - 1));
        foreach (var term in terms)
        {
            Sse.Prefetch0(Unsafe.AsPointer(ref slots[term.Hash & mask]));
        }

        foreach (var term in terms)
        {
            if (slots[term.Hash & mask] is not 0 and var slot)
            {
                Prefetch((int)(uint)slot - 1);
            }
        }
    }

    private void AddTerm(ReadOnlySpan<byte> key, uint hash, int document)
    {
        var term = _terms;
        Piece(ref _entries, term >> EntryBits, 1 << EntryBits);
        ref var bucket = ref _buckets[BucketOf(key)];
        EntryOf(term) = new Entry
        {
            Tail = (1L << 32) | (uint)document,
            Start = PostTerms.StartOf(key),
            Key = key.Length <= sizeof(ulong) ? -key.Length : Store(key),
            Count = 1,
            Last = document,
            Next = bucket,
        };
        if ((_terms + 1) * 5 > _slots.Length * 3)
        {
            GrowSlots();
        }

        Volatile.Write(ref FreeSlot(_slots, hash), ((ulong)hash << 32) | (uint)(term + 1));
        Volatile.Write(ref bucket, term + 1);
        Volatile.Write(ref _terms, term + 1);
    }

    private int Store(ReadOnlySpan<byte> key)
    {
        var at = Room(ref _keyEnd, key.Length + 1, KeyBits);
        var piece = Piece(ref _keys, at >> KeyBits, 1 << KeyBits).AsSpan(at & ((1 << KeyBits) - 1));
        piece[0] = (byte)key.Length;
        key.CopyTo(piece[1..]);
        return at;
    }

    private void Push(ref Entry entry, int document)
    {
        var tail = entry.Tail;
        var (start, count, level) = (
            (int)(uint)tail,
            (int)(tail >> 32) & 0xFFFF,
            (int)(tail >> 48)
        );
        if (level > 0 && count < RoomOf(level))
        {
            _postings[start >> PostingBits][(start & ((1 << PostingBits) - 1)) + 1 + count] =
                document;
            Volatile.Write(ref entry.Tail, tail + (1L << 32));
            return;
        }

        var next = Math.Min(level + 1, WidestSlice);
        var at = Room(ref _postingEnd, RoomOf(next) + 1, PostingBits);
        var slice = Piece(ref _postings, at >> PostingBits, 1 << PostingBits)
            .AsSpan(at & ((1 << PostingBits) - 1));
        var filled = 1;
        if (level == 0)
        {
            // The first document stood in the tail itself.
            slice[filled++] = start;
        }

        slice[0] = level == 0 ? 0 : (start >> 2 << 3) | level;
        slice[filled] = document;
        Volatile.Write(ref entry.Tail, ((long)next << 48) | ((long)filled << 32) | (uint)at);
    }

    private void GrowSlots()
    {
        var slots = new ulong[_slots.Length * 2];
        foreach (var slot in _slots)
        {
            if (slot != 0)
            {
                FreeSlot(slots, (uint)(slot >> 32)) = slot;
            }
        }

        Volatile.Write(ref _slots, slots);
    }

    private static ref ulong FreeSlot(ulong[] slots, uint hash)
    {
        var at = hash;
        while (slots[at & (uint)(slots.Length - 1)] != 0)
        {
            at++;
        }

        return ref slots[at & (uint)(slots.Length - 1)];
    }

    /// <summary>So much of one piece, from the next on if this one has no room left.</summary>
    private static int Room(ref int end, int count, int bits)
    {
        if ((end & ((1 << bits) - 1)) + count > 1 << bits)
        {
            end = ((end >> bits) + 1) << bits;
        }

        var at = end;
        end += count;
        return at;
    }

    private static T[] Piece<T>(ref T[][] pieces, int number, int room)
    {
        if (number == pieces.Length)
        {
            var more = new T[pieces.Length * 2][];
            pieces.CopyTo(more, 0);
            Volatile.Write(ref pieces, more);
        }

        return pieces[number] ??= new T[room];
    }

    private static long Room<T>(T[][] pieces, int size) =>
        pieces.Sum(piece => piece is null ? 0L : (long)piece.Length * size);

    private static void Grow(ref Slice[] slices, int count)
    {
        if (count == slices.Length)
        {
            Array.Resize(ref slices, Math.Max(8, count * 2));
        }
    }

    /// <summary>Documents in ascending order, somewhere in a larger array.</summary>
    public readonly record struct Slice(int[] Numbers, int At, int Count)
    {
        public ReadOnlySpan<int> Span => Numbers.AsSpan(At, Count);
    }

    private struct Entry
    {
        /// <summary>Level, documents in it and place of the newest slice; at level 0 the only document.</summary>
        public long Tail;

        /// <summary>The key's first eight bytes as they stand in memory; zeros behind a shorter one.</summary>
        public ulong Start;

        /// <summary>Where the whole key stands; of one that <see cref="Start"/> holds, its length below zero.</summary>
        public int Key;
        public int Count;
        public int Last;
        public int Next;
    }
}
