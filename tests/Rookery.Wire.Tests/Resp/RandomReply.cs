using System.Text;

namespace Rookery.Wire.Tests.Resp;

/// <summary>Replies made at random: bytes, and what they must be read as, as <see cref="GoldenReplies.Show"/> writes it.</summary>
internal static class RandomReply
{
    private const string Alphabet = "+-:$*%~>|#_,(=!0123456789\r\ntf ";

    public static (string Bytes, string Shown) Make(Random random, int depth = 0)
    {
        var (bytes, shown) = random.Next(depth > 4 ? 9 : 13) switch
        {
            0 => Number(random),
            1 => Line(random, '+', "simple"),
            2 => Line(random, '-', "error"),
            3 => Bulk(random, '$', "", "bulk"),
            4 => Bulk(random, '!', "", "error"),
            5 => Bulk(random, '=', "txt:", "verbatim"),
            6 => Pick(random, ("_\r\n", "null"), ("$-1\r\n", "null"), ("*-1\r\n", "null")),
            7 => Pick(random, ("#t\r\n", "true"), ("#f\r\n", "false")),
            8 => Pick(
                random,
                (",1.5\r\n", "double(1.5)"),
                (",-inf\r\n", "double(-inf)"),
                ("(-12\r\n", "big(-12)")
            ),
            9 => Items(random, depth, '*', "[", "]", 1),
            10 => Items(random, depth, '%', "{", "}", 2),
            11 => Items(random, depth, '~', "<", ">", 1),
            _ => Items(random, depth, '>', ">", "<", 1),
        };
        if (random.Next(10) == 0)
        {
            var attributes = Items(random, depth + 3, '|', "", "", 2);
            bytes = attributes.Bytes + bytes;
        }

        return (bytes, shown);
    }

    /// <summary>Replies of which some bytes were changed, taken out or put in; or nothing but what might be one.</summary>
    public static byte[] Broken(Random random)
    {
        if (random.Next(4) == 0)
        {
            return GoldenReplies.Bytes(
                new string(random.GetItems(Alphabet.AsSpan(), random.Next(200)))
            );
        }

        var bytes = GoldenReplies.Bytes(Make(random).Bytes + Make(random).Bytes).ToList();
        for (var i = random.Next(1, 4); i > 0 && bytes.Count > 0; i--)
        {
            var at = random.Next(bytes.Count);
            var value =
                random.Next(3) == 0
                    ? (byte)random.Next(256)
                    : (byte)Alphabet[random.Next(Alphabet.Length)];
            switch (random.Next(3))
            {
                case 0:
                    bytes[at] = value;
                    break;
                case 1:
                    bytes.RemoveAt(at);
                    break;
                default:
                    bytes.Insert(at, value);
                    break;
            }
        }

        return [.. bytes];
    }

    /// <summary>Sizes of pieces, mostly small ones.</summary>
    public static IEnumerable<int> Pieces(Random random) =>
        Enumerable.Range(0, 2000).Select(_ => random.Next(1, random.Next(3) == 0 ? 100 : 8));

    private static (string Bytes, string Shown) Number(Random random)
    {
        var number =
            random.Next(3) == 0 ? random.NextInt64(long.MinValue, long.MaxValue) : random.Next(100);
        return ($":{number}\r\n", $"{number}");
    }

    private static (string Bytes, string Shown) Line(Random random, char type, string kind)
    {
        var text = string.Concat(Text(random).Where(c => c is not ('\r' or '\n')));
        var shown = kind == "simple" && text == "OK" ? "OK" : $"{kind}({text})";
        return ($"{type}{text}\r\n", shown);
    }

    private static (string Bytes, string Shown) Bulk(
        Random random,
        char type,
        string format,
        string kind
    )
    {
        var text = Text(random);
        return ($"{type}{format.Length + text.Length}\r\n{format}{text}\r\n", $"{kind}({text})");
    }

    private static (string Bytes, string Shown) Items(
        Random random,
        int depth,
        char type,
        string open,
        string close,
        int each
    )
    {
        var count = random.Next(5);
        var items = Enumerable.Range(0, count * each).Select(_ => Make(random, depth + 1)).ToList();
        return (
            $"{type}{count}\r\n{string.Concat(items.Select(item => item.Bytes))}",
            open + string.Join(',', items.Select(item => item.Shown)) + close
        );
    }

    private static string Text(Random random)
    {
        var bytes = new byte[random.Next(random.Next(10) == 0 ? 300 : 12)];
        random.NextBytes(bytes);
        return Encoding.Latin1.GetString(bytes);
    }

    private static (string Bytes, string Shown) Pick(
        Random random,
        params (string Bytes, string Shown)[] from
    ) => from[random.Next(from.Length)];
}
