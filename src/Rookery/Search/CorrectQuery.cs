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
        var searched = index.Now;
        if (Correctable(asked.Query).All(word => !KnownWords.MayBeSlip(CountOf(searched, word))))
        {
            return null;
        }

        var here = AnswerHere(asked, index.IsWhole);
        var question = new WordsQuestion(asked.Text, asked.Searcher);
        var others = await shards.AskAsync(
            (shard, stop) => shard.WordsAsync(question, stop),
            token
        );
        IReadOnlyList<WordsAnswer> answers = [here, .. others.Answers];
        var isNeeded = !answers.Any(answer => answer.Finds);
        var meant = MeantBy(answers.SelectMany(answer => answer.Words), isNeeded);
        return meant.Count == 0 ? null : Rewrite(asked.Query, meant) with { IsNeeded = isNeeded };
    }

    /// <summary>
    /// How the words of the query that may be corrected are known in this process's index, and whether it finds something there; of a phrase that its words are somewhere
    /// together.
    /// </summary>
    public WordsAnswer AnswerHere(PreparedSearch search, bool isWhole)
    {
        var searched = index.Now;
        var finds =
            Finds(searched.Public, search.Plan)
            || (search.GuardedPlan is { } plan && Finds(searched.Guarded, plan));
        return new WordsAnswer(
            [
                .. Correctable(search.Query)
                    .Select(word =>
                    {
                        var posts = CountOf(searched, word);
                        return new AskedWord(word.ToString(), posts, [.. Near(word, posts)]);
                    }),
            ],
            finds,
            isWhole
        );

        IEnumerable<WordUses> Near(Utf8Term word, long posts) =>
            !KnownWords.MayBeSlip(posts) ? []
            : finds || posts > 0 ? FrequentNear(searched, word)
            : FrequentNear(searched, word)
                .Concat(SeldomNear(searched, word))
                .DistinctBy(near => near.Word);
    }

    /// <summary>Posts that have a word. Removed ones count until they are merged away: where nothing else is left of so few, there are none.</summary>
    private static long CountOf(IndexedPosts searched, Utf8Term word)
    {
        var posts = searched.Public.CountOf(TermKind.Word, word.Bytes);
        return posts > 0 && KnownWords.MayBeSlip(posts) && !IsFound(searched.Public, word)
            ? 0
            : posts;
    }

    private static IEnumerable<WordUses> FrequentNear(IndexedPosts searched, Utf8Term word) =>
        searched
            .Words.Near(word.Bytes)
            .Where(near => IsFound(searched.Public, Utf8Term.Of(near.Word)));

    /// <summary>Words that hardly any post has are not among those that are known: the index's own terms are looked through, which a query that finds nothing is worth.</summary>
    private static IEnumerable<WordUses> SeldomNear(IndexedPosts searched, Utf8Term word)
    {
        var edits = KnownWords.EditsIn(word.Bytes);
        return edits == 0 || HasDigit(word)
            ? []
            : KnownWords
                .LikeliestOf(
                    word,
                    searched
                        .Public.TermsNear(TermKind.Word, word.Bytes, edits)
                        .Select(near => new WordUses(near.Term.ToString(), near.Posts))
                )
                .Where(near => IsFound(searched.Public, Utf8Term.Of(near.Word)))
                .Take(KnownWords.MostNear);
    }

    /// <summary>The words that are known are forgotten late: one of which nobody finds a post any more is told to nobody.</summary>
    private static bool IsFound(PostIndex searched, Utf8Term word) =>
        Finds(searched, QueryPlan.Of(new SearchNode.Term(TermKind.Word, word)));

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

    /// <summary>What differs in a digit is something else, not misspelt; what is frequent is proposed all the same.</summary>
    private static bool HasDigit(Utf8Term term) =>
        term.Bytes.ContainsAnyInRange((byte)'0', (byte)'9');

    private static Dictionary<Utf8Term, Utf8Term> MeantBy(
        IEnumerable<AskedWord> known,
        bool seldomToo
    )
    {
        var meant = new Dictionary<Utf8Term, Utf8Term>();
        foreach (var same in known.GroupBy(word => word.Word, StringComparer.Ordinal))
        {
            var word = Utf8Term.Of(same.Key);
            var posts = same.Sum(one => one.Posts);
            var near = same.SelectMany(one => one.Near);
            if (KnownWords.Likeliest(word, posts, near, seldomToo) is { } right)
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
