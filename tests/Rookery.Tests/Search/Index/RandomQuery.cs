using System.Globalization;
using System.Text;
using Rookery.Search;

namespace Rookery.Tests.Search.Index;

/// <summary>Queries of every kind of node, over words of which few are frequent and many rare.</summary>
internal sealed class RandomQuery(Random random, int words, int authors)
{
    private IEnumerable<long> _ids = [];

    public static string WordOf(Random random, int words)
    {
        var rank = (int)Math.Pow(words, random.NextDouble()) - 1;
        return NameOf(rank);
    }

    public static Utf8Term Utf8(string text) => new(Encoding.UTF8.GetBytes(text));

    public SearchNode Next(IEnumerable<long> ids)
    {
        _ids = ids;
        return Next(depth: 0);
    }

    public static string NameOf(int rank) =>
        string.Concat(
            (char)('a' + (rank % 3)),
            (char)('a' + (rank / 3 % 4)),
            rank.ToString(CultureInfo.InvariantCulture)
        );

    private SearchNode Next(int depth) =>
        random.Next(depth > 3 ? 8 : 14) switch
        {
            < 4 => Word(),
            4 => new SearchNode.Prefix(
                random.Next(10) == 0 ? TermKind.Hashtag : TermKind.Word,
                Utf8(WordOf(random, words)[..random.Next(1, 3)])
            ),
            5 => new SearchNode.Term(
                TermKind.Author,
                Utf8(random.Next(authors + 1).ToString(CultureInfo.InvariantCulture))
            ),
            6 => random.Next(3) == 0 ? new SearchNode.Nothing() : Range(),
            7 => random.Next(2) == 0 ? Phrase() : One(),
            < 11 => new SearchNode.All(Parts(depth)),
            < 13 => new SearchNode.Any(Parts(depth)),
            _ => new SearchNode.Not(Next(depth + 1)),
        };

    private SearchNode.Term Word() => new(TermKind.Word, Utf8(WordOf(random, words + 2)));

    private List<SearchNode> Parts(int depth)
    {
        var onlyWords = random.Next(4) == 0;
        return
        [
            .. Enumerable
                .Range(0, onlyWords ? random.Next(1, 40) : random.Next(0, 4))
                .Select(_ => onlyWords ? Word() : Next(depth + 1)),
        ];
    }

    private SearchNode.Phrase Phrase()
    {
        var terms = Enumerable.Range(0, random.Next(1, 3)).Select(_ => Word()).ToList();
        return new SearchNode.Phrase(terms, string.Join(' ', terms.Select(term => term.Text)));
    }

    private SearchNode.Ids Range()
    {
        var (one, other) = (AnyId(), AnyId());
        return new SearchNode.Ids(
            new PostId(Math.Min(one, other)),
            new PostId(Math.Max(one, other))
        );
    }

    private SearchNode.OneOf One() =>
        new([.. Enumerable.Range(0, random.Next(6)).Select(_ => new PostId(AnyId())).Order()]);

    private long AnyId() => _ids.Skip(random.Next(50)).FirstOrDefault(1L);
}
