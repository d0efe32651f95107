namespace Rookery.Search.Spelling;

/// <summary>
/// Hashes of the forms that a word has with up to two of its first letters left out. Two words that are so many edits apart share one of them, so that a
/// misspelt word is found by looking its own forms up: no word is compared that does not share one.
/// </summary>
internal static class ShortenedForms
{
    /// <summary>Letters of which some are left out: what two words do not share here, they do not share further on either.</summary>
    private const int Looked = 7;

    /// <summary>None, one or two of seven left out.</summary>
    public const int Most = 1 + Looked + (Looked * (Looked - 1) / 2);

    private const int Shortest = 4;
    private const int ShortestOfTwo = 7;

    /// <summary>Edits after which a word of so many letters may still be meant: 0, 1 or 2.</summary>
    public static int EditsIn(int letters) =>
        letters >= ShortestOfTwo ? 2
        : letters >= Shortest ? 1
        : 0;

    /// <summary>How many hashes; none for a word that is too short. The same one may occur twice.</summary>
    public static int Of(ReadOnlySpan<int> letters, Span<uint> hashes)
    {
        var edits = EditsIn(letters.Length);
        if (edits == 0)
        {
            return 0;
        }

        var start = letters[..Math.Min(letters.Length, Looked)];
        var count = 0;
        hashes[count++] = HashWithout(start, -1, -1);
        for (var one = 0; one < start.Length; one++)
        {
            hashes[count++] = HashWithout(start, one, -1);
            for (var other = one + 1; edits > 1 && other < start.Length; other++)
            {
                hashes[count++] = HashWithout(start, one, other);
            }
        }

        return count;
    }

    private static uint HashWithout(ReadOnlySpan<int> letters, int one, int other)
    {
        var hash = 0x9E3779B97F4A7C15;
        for (var i = 0; i < letters.Length; i++)
        {
            if (i != one && i != other)
            {
                hash = (hash ^ (uint)letters[i]) * 0xD6E8FEB86659FD93;
                hash ^= hash >> 32;
            }
        }

        return (uint)(hash >> 16);
    }
}
