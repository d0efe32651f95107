using System.Buffers;
using System.Text;
using Rookery.Search.Index;
using Rookery.Search.Spelling;

namespace Rookery.Search;

/// <summary>Finds what was meant by words that are in hardly any post, by how often words occur in the public posts of all shards.</summary>
internal sealed class CorrectQuery(SearchIndex index, AskShards shards)
{
    /// <summary>The query that may have been meant; null where every word of it is one.</summary>
    public async ValueTask<CorrectedQuery?> HandleAsync(
        PreparedSearch asked,
        CancellationToken token
    )
    {
        var here = WordsHere(asked.Query);
        if (here.All(word => !KnownWords.MayBeSlip(word.Posts)))
        {
            return null;
        }

        var question = new WordsQuestion(asked.Text, asked.Searcher);
        var others = await shards.AskAsync(
            (shard, stop) => shard.WordsAsync(question, stop),
            token
        );
        var meant = MeantBy(here.Concat(others.Answers.SelectMany(answer => answer.Words)));
        return meant.Count == 0
            ? null
            : Rewrite(asked.Query, meant) with
            {
                IsNeeded = !FindsHere(asked) && !others.Answers.Any(answer => answer.Finds),
            };
    }

    /// <summary>Which of the query's words may be corrected, and how they are known in this process's index.</summary>
    public IReadOnlyList<AskedWord> WordsHere(SearchQuery query)
    {
        var searched = index.Now;
        return
        [
            .. Correctable(query)
                .Select(word =>
                {
                    var posts = searched.Public.CountOf(TermKind.Word, word.Bytes);
                    return new AskedWord(
                        word.ToString(),
                        posts,
                        KnownWords.MayBeSlip(posts)
                            ?
                            [
                                .. searched
                                    .Words.Near(word.Bytes)
                                    .Where(near => IsFound(searched.Public, near.Word)),
                            ]
                            : []
                    );
                }),
        ];
    }

    /// <summary>In this process's index; see <see cref="WordsAnswer"/>. Of a phrase that its words are somewhere together.</summary>
    public bool FindsHere(PreparedSearch search)
    {
        var searched = index.Now;
        return Finds(searched.Public, search.Plan)
            || (search.GuardedPlan is { } plan && Finds(searched.Guarded, plan));
    }

    /// <summary>The words that are known are forgotten late: one of which nobody finds a post any more is told to nobody.</summary>
    private static bool IsFound(PostIndex searched, string word) =>
        Finds(searched, QueryPlan.Of(new SearchNode.Term(TermKind.Word, Utf8Term.Of(word))));

    private static bool Finds(PostIndex searched, QueryPlan plan)
    {
        using var cursor = searched.Open(plan, new Page(1));
        return cursor.NextBatch(stackalloc PostId[1]) > 0;
    }

    private static IEnumerable<Utf8Term> Correctable(SearchQuery query)
    {
        var words = query
            .Parts.Where(part =>
                part.Leaf is SearchNode.Term { Kind: TermKind.Word } term
                && !IsPair(term.Text)
                && !IsNumber(term.Text)
            )
            .ToLookup(
                part => part.IsExcluded || part.Text.StartsWith('"'),
                part => ((SearchNode.Term)part.Leaf!).Text
            );
        return words[false].Distinct().Except(words[true]);
    }

    /// <summary>Every other one is near it, and none is meant by it.</summary>
    private static bool IsNumber(Utf8Term term) =>
        !term.Bytes.ContainsAnyExceptInRange((byte)'0', (byte)'9');

    /// <summary>Of characters of a script without spaces: a piece of a text, which nobody misspelt.</summary>
    private static bool IsPair(Utf8Term term) =>
        Rune.DecodeFromUtf8(term.Bytes, out var first, out _) == OperationStatus.Done
        && Scripts.IsUnspaced(Scripts.Of(first.Value));

    private static Dictionary<Utf8Term, Utf8Term> MeantBy(IEnumerable<AskedWord> known)
    {
        var meant = new Dictionary<Utf8Term, Utf8Term>();
        foreach (var same in known.GroupBy(word => word.Word, StringComparer.Ordinal))
        {
            var word = Utf8Term.Of(same.Key);
            var posts = same.Sum(one => one.Posts);
            if (KnownWords.Likeliest(word, posts, same.SelectMany(one => one.Near)) is { } right)
            {
                meant.Add(word, right);
            }
        }

        return meant;
    }

    private static CorrectedQuery Rewrite(
        SearchQuery query,
        Dictionary<Utf8Term, Utf8Term> meant
    ) =>
        new(
            query.Root.Rewrite(leaf =>
                leaf is SearchNode.Term { Kind: TermKind.Word } term
                && meant.TryGetValue(term.Text, out var right)
                    ? new SearchNode.Term(TermKind.Word, right)
                    : leaf
            ),
            query.ToText(term =>
                term.Kind == TermKind.Word && meant.TryGetValue(term.Text, out var right)
                    ? right.ToString()
                    : null
            )
        );
}

/// <param name="Text">To be shown, and read again.</param>
internal sealed record CorrectedQuery(SearchNode Root, string Text)
{
    /// <summary>The query as it stands finds nothing at all: what somebody wrote exactly so is never hidden behind what is frequent.</summary>
    public bool IsNeeded { get; init; }
}
