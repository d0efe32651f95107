namespace Rookery.Search.Index;

/// <summary>
/// A query made ready to run over segments: terms hashed, phrases turned into what the index can tell of them. It lets through every post that
/// matches; where <see cref="NeedsTexts"/>, also some that do not, and the whole query is to be asked of the texts of what was found.
/// </summary>
internal sealed class QueryPlan
{
    // Below this nothing is told apart any more, so that no query can exhaust the stack.
    private const int Deepest = 64;

    private QueryPlan(SearchNode query) => Root = Make(query, 0, positive: true);

    public bool NeedsTexts { get; private set; }

    public Node Root { get; }

    public static QueryPlan Of(SearchNode query) => new(query);

    private Node Make(SearchNode node, int depth, bool positive) =>
        depth > Deepest
            ? Unknown(positive)
            : node switch
            {
                SearchNode.Term term => new Term(KeyOf(term.Kind, term.Text)),
                SearchNode.Prefix prefix => new Prefix(KeyOf(prefix.Kind, prefix.Text)),
                SearchNode.Phrase phrase => MakePhrase(phrase, depth, positive),
                SearchNode.All all => MakeAll(all.Nodes, depth, positive),
                SearchNode.Any any => MakeAny(any.Nodes, depth, positive),
                SearchNode.Not not => new Not(Make(not.Node, depth + 1, !positive)),
                SearchNode.Ids ids => new Ids(ids.From.Value, ids.To.Value),
                SearchNode.OneOf one => new OneOf([
                    .. one.Sorted.Select(id => id.Value).Distinct().Order(),
                ]),
                SearchNode.Nothing => new Any([]),
                _ => Unknown(positive),
            };

    /// <summary>Of no influence on what is let through: the texts tell.</summary>
    private Node Unknown(bool positive)
    {
        NeedsTexts = true;
        return positive ? new All([]) : new Any([]);
    }

    private Node MakePhrase(SearchNode.Phrase phrase, int depth, bool positive)
    {
        // That all words occur does not say that they follow one another: a post with all of them may still be without the phrase.
        NeedsTexts = true;
        return positive ? MakeAll(phrase.Terms, depth, positive) : new Any([]);
    }

    private Node MakeAll(IReadOnlyList<SearchNode> nodes, int depth, bool positive) =>
        nodes.Count == 1
            ? Make(nodes[0], depth + 1, positive)
            : new All(MakeMany(nodes, depth, positive));

    private Node MakeAny(IReadOnlyList<SearchNode> nodes, int depth, bool positive) =>
        nodes.Count == 1 ? Make(nodes[0], depth + 1, positive)
        : nodes.Count > 1 && nodes.All(node => node is SearchNode.Term)
            ? new AnyTerm([
                .. nodes
                    .Cast<SearchNode.Term>()
                    .Select(term => KeyOf(term.Kind, term.Text))
                    .OrderBy(
                        key => key.Bytes,
                        Comparer<byte[]>.Create((a, b) => a.AsSpan().SequenceCompareTo(b))
                    ),
            ])
        : new Any(MakeMany(nodes, depth, positive));

    private Node[] MakeMany(IReadOnlyList<SearchNode> nodes, int depth, bool positive)
    {
        var made = new Node[nodes.Count];
        for (var i = 0; i < made.Length; i++)
        {
            made[i] = Make(nodes[i], depth + 1, positive);
        }

        return made;
    }

    private static Key KeyOf(TermKind kind, Utf8Term text)
    {
        var term = text.Bytes;
        term = term.Length > PostTerms.LongestTerm ? term[..PostTerms.LongestTerm] : term;
        var key = new byte[term.Length + 1];
        key[0] = (byte)kind;
        term.CopyTo(key.AsSpan(1));
        return new Key(key, PostTerms.HashOf(key));
    }

    internal readonly record struct Key(byte[] Bytes, uint Hash);

    internal abstract record Node;

    internal sealed record Term(Key Key) : Node;

    internal sealed record Prefix(Key Key) : Node;

    /// <summary>One of many terms, in ascending order.</summary>
    internal sealed record AnyTerm(Key[] Keys) : Node;

    /// <summary>With no parts: everything.</summary>
    internal sealed record All(Node[] Parts) : Node;

    /// <summary>With no parts: nothing.</summary>
    internal sealed record Any(Node[] Parts) : Node;

    internal sealed record Not(Node Part) : Node;

    internal sealed record Ids(long From, long To) : Node;

    internal sealed record OneOf(long[] Sorted) : Node;
}
