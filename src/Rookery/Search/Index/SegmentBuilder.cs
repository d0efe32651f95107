using System.Runtime.InteropServices;

namespace Rookery.Search.Index;

/// <summary>Writes a sealed segment: its ids are known, its terms come in ascending order of their keys.</summary>
internal sealed class SegmentBuilder(long[] ids, int dictionaryRoom, int listsRoom)
{
    private readonly ByteWriter _dictionary = new(dictionaryRoom);
    private readonly ByteWriter _lists = new(listsRoom);
    private readonly List<int> _blocks = [];
    private readonly byte[] _last = new byte[PostTerms.LongestKey];
    private int _lastLength;
    private int _terms;

    /// <param name="documents">Ascending, at least one.</param>
    public void Add(ReadOnlySpan<byte> key, ReadOnlySpan<int> documents)
    {
        WriteKey(key);
        _dictionary.WriteNumber((uint)documents.Length);
        if (documents.Length > PackedInts.BlockSize)
        {
            _dictionary.WriteNumber((uint)_lists.Length);
            if (PostingList.IsBitmap(documents.Length, ids.Length))
            {
                WriteBitmap(documents);
            }
            else
            {
                WriteBlocks(documents);
            }

            return;
        }

        _dictionary.WriteNumber((uint)documents[0]);
        if (documents.Length > 1)
        {
            WriteBlock(_dictionary, documents);
        }
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

    private void WriteKey(ReadOnlySpan<byte> key)
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

        _dictionary.WriteByte((byte)shared);
        _dictionary.WriteByte((byte)(key.Length - shared));
        _dictionary.Write(key[shared..]);
        key.CopyTo(_last);
        _lastLength = key.Length;
    }

    private void WriteBlocks(ReadOnlySpan<int> documents)
    {
        var start = _lists.Length;
        var directory = start;
        _lists.Take(PostingList.BlocksOf(documents.Length) * PostingList.DirectoryEntry);
        for (; !documents.IsEmpty; directory += PostingList.DirectoryEntry)
        {
            var block = documents[..Math.Min(documents.Length, PackedInts.BlockSize)];
            _lists.WriteIntAt(directory, block[0]);
            _lists.WriteIntAt(directory + sizeof(int), _lists.Length - start);
            WriteBlock(_lists, block);
            documents = documents[block.Length..];
        }
    }

    private static void WriteBlock(ByteWriter writer, ReadOnlySpan<int> block)
    {
        var width = PackedInts.WidthOf(block);
        writer.WriteByte((byte)width);
        var bytes = PackedInts.BytesOf(block.Length, width);
        PackedInts.Pack(block, width, writer.Take(bytes, PackedInts.Slack));
    }

    private void WriteBitmap(ReadOnlySpan<int> documents)
    {
        var bytes = _lists.Take(SegmentMarks.WordsOf(ids.Length) * sizeof(ulong));
        var words = MemoryMarshal.Cast<byte, ulong>(bytes);
        foreach (var document in documents)
        {
            words[document >> 6] |= 1UL << document;
        }
    }
}
