using Rookery.Posts;

namespace Rookery.Search;

/// <summary>Asks a whole query of one post: for what the index cannot tell, such as whether words stand side by side. Not for two threads at once.</summary>
internal sealed class MatchPost
{
    private readonly PostAnalyzer _analyzer = new();
    private readonly HashSet<(TermKind Kind, Utf8Term Text)> _terms = [];
    private byte[] _folded = [];

    public bool Matches(SearchNode query, Post post, ReadOnlySpan<AccountId> mentioned)
    {
        _terms.Clear();
        var sink = new Sink(_terms);
        _analyzer.Analyze(SearchablePost.Of(post, mentioned), ref sink);
        // The warning stands before the text, as it is read.
        _folded = _analyzer
            .Fold(post.Warning.Length > 0 ? $"{post.Warning}\n{post.Text}" : post.Text)
            .ToArray();
        return Holds(query, post.Id);
    }

    private bool Holds(SearchNode node, PostId post) =>
        node switch
        {
            SearchNode.Term term => _terms.Contains((term.Kind, term.Text)),
            SearchNode.Prefix prefix => _terms.Any(term =>
                term.Kind == prefix.Kind && term.Text.Bytes.StartsWith(prefix.Text.Bytes)
            ),
            SearchNode.Phrase phrase => phrase.IsIn(_folded),
            SearchNode.All all => all.Nodes.All(part => Holds(part, post)),
            SearchNode.Any any => any.Nodes.Any(part => Holds(part, post)),
            SearchNode.Not not => !Holds(not.Node, post),
            SearchNode.Ids ids => post.Value >= ids.From.Value && post.Value < ids.To.Value,
            SearchNode.OneOf one => one.Sorted.Contains(post),
            _ => false,
        };

    private readonly struct Sink(HashSet<(TermKind, Utf8Term)> terms) : ITermSink
    {
        public void Add(TermKind kind, ReadOnlySpan<byte> term) =>
            terms.Add((kind, new Utf8Term(term)));
    }
}
