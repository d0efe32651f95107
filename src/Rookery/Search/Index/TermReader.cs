using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Rookery.Search.Index;

/// <summary>
/// Walks the terms of a sealed segment in order. A term stands as the bytes it shares with the one before, its other bytes, how many documents have it, and
/// these where one block holds them; every sixteenth shares nothing, so that it can be searched for.
/// </summary>
internal struct TermReader(SealedSegment segment, int at)
{
    private readonly SealedSegment _segment = segment;
    private int _at = at;
    private int _length;
    private KeyBytes _key;

    [UnscopedRef]
    public readonly ReadOnlySpan<byte> Key => ((ReadOnlySpan<byte>)_key)[.._length];

    /// <summary>See <see cref="StartOf"/>.</summary>
    public readonly ulong Start
    {
        get
        {
            var start = BinaryPrimitives.ReadUInt64BigEndian(_key);
            return _length >= sizeof(ulong) ? start
                : _length == 0 ? 0
                : start & (ulong.MaxValue << (8 * (sizeof(ulong) - _length)));
        }
    }

    public PostingList List { readonly get; private set; }

    /// <summary>Where the term ends in the dictionary: no other one does.</summary>
    public readonly int End => _at;

    /// <summary>That have the term and count: all but withdrawn ones.</summary>
    public readonly int Posts => Math.Max(0, List.Count - _segment.Marks.Withdrawn.Of(_at));

    /// <summary>A key's first eight bytes, such that numbers are in the order of keys; zeros behind a shorter one.</summary>
    public static ulong StartOf(ReadOnlySpan<byte> key)
    {
        if (key.Length >= sizeof(ulong))
        {
            return BinaryPrimitives.ReadUInt64BigEndian(key);
        }

        var start = 0UL;
        for (var i = 0; i < key.Length; i++)
        {
            start |= (ulong)key[i] << (56 - (8 * i));
        }

        return start;
    }

    public bool MoveNext()
    {
        var bytes = _segment.Dictionary;
        if (_at >= bytes.Length - PackedInts.Slack)
        {
            return false;
        }

        var shared = bytes[_at];
        var own = bytes[_at + 1];
        bytes.Slice(_at + 2, own).CopyTo(((Span<byte>)_key)[shared..]);
        _length = shared + own;
        _at += 2 + own;
        List = ReadList(bytes);
        return true;
    }

    /// <summary>
    /// Moves to a term of the block that it stands before, if it is there; else it may not be read on. What a term shares with the one before it tells mostly
    /// whether it comes before the one that is looked for: few bytes are compared and none copied.
    /// </summary>
    public bool MoveTo(ReadOnlySpan<byte> key)
    {
        var bytes = _segment.Dictionary;
        var matched = 0;
        while (_at < bytes.Length - PackedInts.Slack && bytes[_at] >= matched)
        {
            var own = bytes.Slice(_at + 2, bytes[_at + 1]);
            var isNear = bytes[_at] == matched;
            _at += 2 + own.Length;
            if (isNear)
            {
                var left = key[matched..];
                var same = own.CommonPrefixLength(left);
                if (same == left.Length || (same < own.Length && own[same] > left[same]))
                {
                    List = ReadList(bytes);
                    return same == left.Length && same == own.Length;
                }

                matched += same;
            }

            List = ReadList(bytes);
        }

        return false;
    }

    private PostingList ReadList(ReadOnlySpan<byte> bytes)
    {
        var count = (int)ByteWriter.ReadNumber(bytes, ref _at);
        return count switch
        {
            1 => new PostingList(1, (int)ByteWriter.ReadNumber(bytes, ref _at), 0, 0),
            <= PackedInts.BlockSize => ReadInline(bytes, count),
            _ => new PostingList(count, 0, 0, (int)ByteWriter.ReadNumber(bytes, ref _at)),
        };
    }

    private PostingList ReadInline(ReadOnlySpan<byte> bytes, int count)
    {
        var first = (int)ByteWriter.ReadNumber(bytes, ref _at);
        var width = bytes[_at++];
        var list = new PostingList(count, first, width, _at);
        _at += PackedInts.BytesOf(count, width);
        return list;
    }

    [InlineArray(PostTerms.LongestKey)]
    private struct KeyBytes
    {
        private byte _first;
    }
}
