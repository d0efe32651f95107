namespace Rookery.Search.Index;

/// <summary>
/// Where the documents of one term of a sealed segment stand. One document: in <paramref name="First"/>. One block: its bytes at <paramref name="At"/> in the dictionary.
/// More: at <paramref name="At"/> in the lists, as blocks or, where a sixth or more of all documents have the term, as a bit for each document.
/// </summary>
internal readonly record struct PostingList(int Count, int First, int Width, int At)
{
    public const int DirectoryEntry = 2 * sizeof(int);

    public static bool IsBitmap(int count, int documents) =>
        count > PackedInts.BlockSize && count >= documents / 6;

    public static int BlocksOf(int count) =>
        (count + PackedInts.BlockSize - 1) / PackedInts.BlockSize;
}
