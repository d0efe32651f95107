using System.Buffers;
using System.Numerics;

namespace Rookery.Search.Index;

/// <summary>
/// Puts documents of which each occurs once in ascending order. Many are set as bits and read off: lists that came together in about their order are
/// the most of what sealing and merging sort.
/// </summary>
internal sealed class DocumentOrder : IDisposable
{
    // Setting and reading off costs a little for each word of 64 documents; comparing costs more the more there are.
    private const int FewDocuments = 24;
    private const int WordsPerDocument = 4;

    private readonly ulong[] _bits;

    /// <param name="documents">Every document is below it.</param>
    public DocumentOrder(int documents)
    {
        _bits = ArrayPool<ulong>.Shared.Rent((documents >> 6) + 1);
        Array.Clear(_bits);
    }

    public void Sort(Span<int> documents)
    {
        if (documents.Length <= FewDocuments)
        {
            documents.Sort();
            return;
        }

        var (least, most) = (int.MaxValue, 0);
        foreach (var document in documents)
        {
            (least, most) = (Math.Min(least, document), Math.Max(most, document));
        }

        if (((most - least) >> 6) / WordsPerDocument > documents.Length)
        {
            documents.Sort();
            return;
        }

        foreach (var document in documents)
        {
            _bits[document >> 6] |= 1UL << document;
        }

        ReadOff(least >> 6, documents);
    }

    /// <summary>All bits from a word on, which are clear then.</summary>
    private void ReadOff(int word, Span<int> documents)
    {
        for (var read = 0; read < documents.Length; word++)
        {
            for (var rest = _bits[word]; rest != 0; rest &= rest - 1)
            {
                documents[read++] = (word << 6) + BitOperations.TrailingZeroCount(rest);
            }

            _bits[word] = 0;
        }
    }

    public void Dispose() => ArrayPool<ulong>.Shared.Return(_bits);
}
