using System.Buffers.Binary;
using System.Buffers.Text;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Rookery.Search.Index;

/// <summary>
/// The terms of one post on their way into the index, hashed already: whoever analyses texts on several threads leaves little to the one writer.
/// Reused from post to post. A term is kept as a key: its kind in one byte, then its bytes.
/// </summary>
internal sealed class PostTerms
{
    /// <summary>A term's bytes; a longer one is cut, the same way in the index and in queries.</summary>
    public const int LongestTerm = 64;

    public const int LongestKey = LongestTerm + 1;

    // Each entry: hash in four bytes, length in one, key.
    private const int Heading = 5;

    // Drawn at start: nobody can make terms that all fall into one slot.
    private static readonly ulong _seed = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8));

    private byte[] _entries = new byte[1024];
    private int _length;

    /// <summary>What an analyser writes to.</summary>
    public Sink Writer => new(this);

    public void Clear() => _length = 0;

    public void Add(TermKind kind, ReadOnlySpan<byte> term)
    {
        term = term.Length > LongestTerm ? term[..LongestTerm] : term;
        if (_entries.Length - _length < Heading + LongestKey)
        {
            Array.Resize(ref _entries, _entries.Length * 2);
        }

        var entry = _entries.AsSpan(_length);
        var key = entry.Slice(Heading, term.Length + 1);
        key[0] = (byte)kind;
        term.CopyTo(key[1..]);
        entry[4] = (byte)key.Length;
        MemoryMarshal.Write(entry, HashOf(key));
        _length += Heading + key.Length;
    }

    public void AddAccount(TermKind kind, AccountId account)
    {
        Span<byte> digits = stackalloc byte[20];
        Utf8Formatter.TryFormat(account.Value, digits, out var length);
        Add(kind, digits[..length]);
    }

    public Entries GetEnumerator() => new(_entries.AsSpan(0, _length));

    public static uint HashOf(ReadOnlySpan<byte> key)
    {
        var hash = _seed ^ (ulong)key.Length;
        while (key.Length >= 8)
        {
            hash = Fold(hash ^ MemoryMarshal.Read<ulong>(key));
            key = key[8..];
        }

        hash = Fold(hash ^ (key.IsEmpty ? 0 : StartOf(key)));
        return (uint)(hash >> 32);
    }

    /// <summary>The first eight bytes of a key as they stand in memory, the first the lowest; zeros behind a shorter one.</summary>
    public static ulong StartOf(ReadOnlySpan<byte> key)
    {
        var length = key.Length;
        return length >= sizeof(ulong) ? BinaryPrimitives.ReadUInt64LittleEndian(key)
            // Two reads that overlap.
            : length >= sizeof(uint)
                ? BinaryPrimitives.ReadUInt32LittleEndian(key)
                    | (
                        (ulong)BinaryPrimitives.ReadUInt32LittleEndian(key[^sizeof(uint)..])
                        << (8 * (length - sizeof(uint)))
                    )
            // The first, middle and last of three, two or one.
            : key[0]
                | ((ulong)key[length >> 1] << (8 * (length >> 1)))
                | ((ulong)key[length - 1] << (8 * (length - 1)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Fold(ulong value)
    {
        var high = Math.BigMul(value, 0x9E3779B97F4A7C15, out var low);
        return high ^ low ^ _seed;
    }

    public readonly struct Sink(PostTerms terms) : ITermSink
    {
        public void Add(TermKind kind, ReadOnlySpan<byte> term) => terms.Add(kind, term);
    }

    public ref struct Entries(ReadOnlySpan<byte> entries)
    {
        private ReadOnlySpan<byte> _rest = entries;

        public ReadOnlySpan<byte> Key { get; private set; }

        public uint Hash { get; private set; }

        /// <summary>This, so that <c>foreach</c> gives the key with its hash.</summary>
        public readonly Entries Current => this;

        public bool MoveNext()
        {
            if (_rest.IsEmpty)
            {
                return false;
            }

            Hash = MemoryMarshal.Read<uint>(_rest);
            Key = _rest.Slice(Heading, _rest[4]);
            _rest = _rest[(Heading + _rest[4])..];
            return true;
        }
    }
}
