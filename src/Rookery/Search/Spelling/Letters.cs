using System.Text;

namespace Rookery.Search.Spelling;

/// <summary>A word letter by letter, and how far two are apart.</summary>
internal static class Letters
{
    /// <summary>More than any term has.</summary>
    public const int Most = 64;

    /// <summary>How many letters; 0 for what is not UTF-8 or has more than any term.</summary>
    public static int Decode(ReadOnlySpan<byte> word, Span<int> letters)
    {
        var count = 0;
        while (!word.IsEmpty)
        {
            if (
                count == letters.Length
                || Rune.DecodeFromUtf8(word, out var letter, out var length)
                    != System.Buffers.OperationStatus.Done
            )
            {
                return 0;
            }

            letters[count++] = letter.Value;
            word = word[length..];
        }

        return count;
    }

    /// <summary>
    /// Letters left out, put in, replaced, or two neighbours swapped, whichever makes the fewest; <paramref name="most"/> + 1 for anything beyond that.
    /// </summary>
    public static int Distance(ReadOnlySpan<int> one, ReadOnlySpan<int> other, int most)
    {
        if (Math.Abs(one.Length - other.Length) > most)
        {
            return most + 1;
        }

        Span<int> rows = stackalloc int[3 * (Most + 1)];
        const int Row = Most + 1;
        var before = rows[..Row];
        var last = rows.Slice(Row, Row);
        var now = rows.Slice(2 * Row, Row);
        for (var column = 0; column <= other.Length; column++)
        {
            last[column] = column;
        }

        for (var row = 1; row <= one.Length; row++)
        {
            now[0] = row;
            var least = row;
            for (var column = 1; column <= other.Length; column++)
            {
                var replaced = last[column - 1] + (one[row - 1] == other[column - 1] ? 0 : 1);
                var best = Math.Min(replaced, Math.Min(last[column], now[column - 1]) + 1);
                if (
                    row > 1
                    && column > 1
                    && one[row - 1] == other[column - 2]
                    && one[row - 2] == other[column - 1]
                )
                {
                    best = Math.Min(best, before[column - 2] + 1);
                }

                now[column] = best;
                least = Math.Min(least, best);
            }

            if (least > most)
            {
                return most + 1;
            }

            var spare = before;
            before = last;
            last = now;
            now = spare;
        }

        return Math.Min(last[other.Length], most + 1);
    }
}
