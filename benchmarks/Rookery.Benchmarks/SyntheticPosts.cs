using System.Globalization;
using System.Text;
using Rookery.Search;
using Rookery.Search.Index;

namespace Rookery.Benchmarks;

/// <summary>
/// Posts of about twelve terms besides their author: eight words by Zipf's law out of half a million, and hashtags, links, flags
/// and a language as often as they occur on such servers.
/// </summary>
internal sealed class SyntheticPosts(int seed)
{
    public const int Vocabulary = 500_000;

    private const int WordsPerPost = 8;
    private const int Authors = 200_000;
    private const int Hashtags = 50_000;

    private readonly Random _random = new(seed);
    private readonly byte[][] _words =
    [
        .. Enumerable.Range(0, Vocabulary).Select(rank => Encoding.UTF8.GetBytes(WordOf(rank))),
    ];
    private long _milliseconds = 600_000_000_000;
    private int _sequence;

    public PostId NextId()
    {
        _milliseconds += _random.Next(3);
        _sequence = (_sequence + 1) % Snowflake.MaxSequence;
        // A few come some seconds after those that were drawn later.
        var late = _random.Next(50) == 0 ? _random.Next(3_000) : 0;
        return new PostId(
            Snowflake.Compose(_milliseconds - late, _random.Next(1024), 1, _sequence)
        );
    }

    public AccountId NextAuthor() => new(1_000_000 + Skewed(Authors));

    public void Write(PostTerms terms)
    {
        terms.Clear();
        for (var i = 0; i < WordsPerPost; i++)
        {
            terms.Add(TermKind.Word, _words[Skewed(Vocabulary)]);
        }

        if (_random.Next(5) == 0)
        {
            terms.Add(TermKind.Hashtag, _words[Skewed(Hashtags)]);
        }

        if (_random.Next(3) == 0)
        {
            Span<byte> address = stackalloc byte[16];
            "t.co/"u8.CopyTo(address);
            _random
                .NextInt64()
                .TryFormat(address[5..], out var written, "x", CultureInfo.InvariantCulture);
            terms.Add(TermKind.Link, "t.co"u8);
            terms.Add(TermKind.Link, address[..(5 + Math.Min(written, 10))]);
            terms.Add(TermKind.Flag, "link"u8);
        }

        if (_random.Next(3) == 0)
        {
            terms.AddAccount(TermKind.Mentioned, NextAuthor());
            terms.Add(TermKind.Flag, "reply"u8);
        }

        terms.Add(TermKind.Flag, "public"u8);
        terms.Add(TermKind.Language, _random.Next(3) == 0 ? "de"u8 : "en"u8);
    }

    public static SearchNode.Term Word(int rank) =>
        new(TermKind.Word, new Utf8Term(Encoding.UTF8.GetBytes(WordOf(rank))));

    /// <summary>Three to ten letters, the frequent ones short.</summary>
    public static string WordOf(int rank)
    {
        var word = new StringBuilder();
        for (var rest = rank + 27; rest > 0; rest /= 26)
        {
            word.Append((char)('a' + (rest % 26)));
        }

        return word.Append(rank > 5_000 ? "ings" : "").ToString();
    }

    /// <summary>A rank by Zipf's law: each half of the orders of magnitude as likely as the other.</summary>
    private int Skewed(int count) => (int)Math.Exp(_random.NextDouble() * Math.Log(count + 1)) - 1;
}
