namespace Rookery.Search.Index;

/// <summary>
/// Where the documents of one term of a sealed segment stand. One document: in <paramref name="First"/>. One block: its bytes at <paramref name="At"/> in the dictionary.
/// More: at <paramref name="At"/> in the lists, as blocks or, where one of <see cref="PerBit"/> documents or more have the term, as a bit for each document.
/// </summary>
internal readonly record struct PostingList(int Count, int First, int Width, int At)
{
    // A bitmap is read as it stands and takes an eighth of a byte a document: a block takes one of some nine bits for each that has the term. Some forty words of a language
    // are so frequent, and a search for two of them is what costs most.
    private const int PerBit = 64;

    public const int DirectoryEntry = 2 * sizeof(int);

    public static bool IsBitmap(int count, int documents) =>
        count > PackedInts.BlockSize && count >= documents / PerBit;

    public static int BlocksOf(int count) =>
        (count + PackedInts.BlockSize - 1) / PackedInts.BlockSize;
}
