using System.Numerics;

namespace Rookery.Search.Index;

/// <summary>Hears how often words occur in the index. Called by its writer and by a merge, which may be another thread.</summary>
internal interface IWordCounts
{
    void Change(ReadOnlySpan<byte> word, int change);
}

/// <summary>
/// Counts are told in steps, so that a frequent word costs its writer nothing: a word that is in n posts of one segment counts as the largest power of two up
/// to n there, and as nothing where it is only once. What was told for a segment can be worked out from the segment, and so taken back exactly.
/// </summary>
internal static class WordCounts
{
    public static bool IsStep(int count) => count > 1 && BitOperations.IsPow2(count);

    public static int Of(int count) => count < 2 ? 0 : 1 << BitOperations.Log2((uint)count);

    /// <summary>For a term of which so much was told and that so many posts have now; other terms than words are passed over.</summary>
    public static void Replace(this IWordCounts words, ReadOnlySpan<byte> key, int told, int count)
    {
        var change = Of(count) - told;
        if (key[0] == (byte)TermKind.Word && change != 0)
        {
            words.Change(key[1..], change);
        }
    }
}
