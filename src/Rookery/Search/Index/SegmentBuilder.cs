using System.Runtime.InteropServices;

namespace Rookery.Search.Index;

/// <summary>Writes a sealed segment: its ids are known, its terms come in ascending order of their keys.</summary>
internal sealed class SegmentBuilder(long[] ids, int dictionaryRoom, int listsRoom) : IDisposable
{
    // A block's first document is written apart from its others.
    private const int MostOfBlock =
        1 + ((PackedInts.BlockSize - 1) * sizeof(int)) + PackedInts.Slack;

    private const int MostOfTerm =
        2 + PostTerms.LongestKey + (2 * ByteWriter.LongestNumber) + MostOfBlock;

    private readonly ByteWriter _dictionary = new(dictionaryRoom);
    private readonly ByteWriter _lists = new(listsRoom);
    private readonly List<int> _blocks = [];
    private readonly byte[] _last = new byte[PostTerms.LongestKey];
    private int _lastLength;
    private int _terms;

    /// <summary>A term of one document.</summary>
    public void Add(ReadOnlySpan<byte> key, int document)
    {
        var room = _dictionary.Room(MostOfTerm);
        var at = WriteKey(room, key);
        room[at++] = 1;
        _dictionary.Advance(at + ByteWriter.Write(room[at..], (uint)document));
    }

    /// <param name="documents">Ascending, at least one.</param>
    public void Add(ReadOnlySpan<byte> key, ReadOnlySpan<int> documents)
    {
        var room = _dictionary.Room(MostOfTerm);
        var at = WriteKey(room, key);
        at += ByteWriter.Write(room[at..], (uint)documents.Length);
        if (documents.Length > PackedInts.BlockSize)
        {
            at += ByteWriter.Write(room[at..], (uint)_lists.Length);
            WriteList(documents);
        }
        else
        {
            at += ByteWriter.Write(room[at..], (uint)documents[0]);
            at += documents.Length > 1 ? WriteBlock(room[at..], documents) : 0;
        }

        _dictionary.Advance(at);
    }

    public SealedSegment Build(SegmentMarks marks) =>
        new(
            ids,
            _dictionary.ToArray(PackedInts.Slack),
            [.. _blocks],
            _lists.ToArray(PackedInts.Slack),
            _terms,
            marks
        );

    public void Dispose()
    {
        _dictionary.Dispose();
        _lists.Dispose();
    }

    private int WriteKey(Span<byte> room, ReadOnlySpan<byte> key)
    {
        var shared = 0;
        if (_terms++ % SealedSegment.TermsPerBlock == 0)
        {
            _blocks.Add(_dictionary.Length);
        }
        else
        {
            shared = key.CommonPrefixLength(_last.AsSpan(0, _lastLength));
        }

        room[0] = (byte)shared;
        room[1] = (byte)(key.Length - shared);
        key[shared..].CopyTo(room[2..]);
        key.CopyTo(_last);
        _lastLength = key.Length;
        return 2 + key.Length - shared;
    }

    private void WriteList(ReadOnlySpan<int> documents)
    {
        if (PostingList.IsBitmap(documents.Length, ids.Length))
        {
            WriteBitmap(documents);
        }
        else
        {
            WriteBlocks(documents);
        }
    }

    private void WriteBlocks(ReadOnlySpan<int> documents)
    {
        var start = _lists.Length;
        var directory = start;
        var entries = PostingList.BlocksOf(documents.Length) * PostingList.DirectoryEntry;
        _lists.Room(entries);
        _lists.Advance(entries);
        for (; !documents.IsEmpty; directory += PostingList.DirectoryEntry)
        {
            var block = documents[..Math.Min(documents.Length, PackedInts.BlockSize)];
            _lists.WriteIntAt(directory, block[0]);
            _lists.WriteIntAt(directory + sizeof(int), _lists.Length - start);
            _lists.Advance(WriteBlock(_lists.Room(MostOfBlock), block));
            documents = documents[block.Length..];
        }
    }

    private static int WriteBlock(Span<byte> room, ReadOnlySpan<int> block)
    {
        var width = PackedInts.WidthOf(block);
        room[0] = (byte)width;
        PackedInts.Pack(block, width, room[1..]);
        return 1 + PackedInts.BytesOf(block.Length, width);
    }

    private void WriteBitmap(ReadOnlySpan<int> documents)
    {
        var bytes = _lists.Room(SegmentMarks.WordsOf(ids.Length) * sizeof(ulong));
        bytes.Clear();
        var words = MemoryMarshal.Cast<byte, ulong>(bytes);
        foreach (var document in documents)
        {
            words[document >> 6] |= 1UL << document;
        }

        _lists.Advance(bytes.Length);
    }
}
