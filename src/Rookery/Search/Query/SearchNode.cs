using System.Text;

namespace Rookery.Search;

/// <summary>
/// What a post must have to be found. Immutable, compared by value. As <see cref="ParseQuery"/> makes it: a <see cref="Not"/> stands over a node without
/// children; an <see cref="All"/> or <see cref="Any"/> has two children or more; <see cref="Nothing"/> stands alone; and there is always something to look
/// up: <see cref="SearchNodes.IsBounded"/> is true of the root.
/// </summary>
internal abstract record SearchNode
{
    private SearchNode() { }

    /// <summary>The post has the term.</summary>
    public sealed record Term(TermKind Kind, Utf8Term Text) : SearchNode
    {
        public override string ToString() => $"{Kind}:{Text}";
    }

    /// <summary>The post has a term that begins so.</summary>
    public sealed record Prefix(TermKind Kind, Utf8Term Text) : SearchNode
    {
        public override string ToString() => $"{Kind}:{Text}*";
    }

    /// <summary>
    /// The post has all terms, and its text the words of <paramref name="Folded"/> side by side. There may be no terms: then only the text tells, and a
    /// prefix stands beside it in an <see cref="All"/>.
    /// </summary>
    /// <param name="Terms">At most <see cref="QueryTerms.MostPhraseTerms"/>.</param>
    /// <param name="Folded">As <see cref="PostAnalyzer.Fold"/> writes it, with a space at both ends.</param>
    public sealed record Phrase(IReadOnlyList<Term> Terms, string Folded) : SearchNode
    {
        private readonly byte[] _folded = Encoding.UTF8.GetBytes(Folded);

        /// <param name="text">The text as <see cref="PostAnalyzer.Fold"/> writes it.</param>
        public bool IsIn(ReadOnlySpan<byte> text) => text.IndexOf(_folded) >= 0;

        public bool Equals(Phrase? other) =>
            other is not null && Folded == other.Folded && Terms.SequenceEqual(other.Terms);

        public override int GetHashCode() => Folded.GetHashCode(StringComparison.Ordinal);

        public override string ToString() => $"\"{Folded.Trim()}\"[{string.Join(' ', Terms)}]";
    }

    public sealed record All(IReadOnlyList<SearchNode> Nodes) : SearchNode
    {
        public bool Equals(All? other) => other is not null && Nodes.SequenceEqual(other.Nodes);

        public override int GetHashCode() => HashOf(Nodes);

        public override string ToString() => $"({string.Join(" & ", Nodes)})";
    }

    public sealed record Any(IReadOnlyList<SearchNode> Nodes) : SearchNode
    {
        public bool Equals(Any? other) => other is not null && Nodes.SequenceEqual(other.Nodes);

        public override int GetHashCode() => ~HashOf(Nodes);

        public override string ToString() => $"({string.Join(" | ", Nodes)})";
    }

    public sealed record Not(SearchNode Node) : SearchNode
    {
        public override string ToString() => $"-{Node}";
    }

    /// <summary>Posts from <paramref name="From"/> on to before <paramref name="To"/>: a stretch of time.</summary>
    public sealed record Ids(PostId From, PostId To) : SearchNode
    {
        public override string ToString() => $"[{From}..{To})";
    }

    /// <summary>One of these, in rising order.</summary>
    public sealed record OneOf(IReadOnlyList<PostId> Sorted) : SearchNode
    {
        public bool Equals(OneOf? other) => other is not null && Sorted.SequenceEqual(other.Sorted);

        public override int GetHashCode() => Sorted.Count == 0 ? 0 : Sorted[0].GetHashCode();

        public override string ToString() => $"{{{string.Join(" ", Sorted)}}}";
    }

    /// <summary>No post.</summary>
    public sealed record Nothing : SearchNode
    {
        public override string ToString() => "nothing";
    }

    /// <summary>Not resolved yet: posts by the account of that name (in lower case, without @).</summary>
    public sealed record FromName(string Name) : SearchNode
    {
        public override string ToString() => $"from:{Name}";
    }

    /// <summary>Not resolved yet: replies to the account of that name (in lower case, without @).</summary>
    public sealed record ToName(string Name) : SearchNode
    {
        public override string ToString() => $"to:{Name}";
    }

    /// <summary>Not resolved yet: posts by those whom the searcher follows, and its own.</summary>
    public sealed record InHome : SearchNode
    {
        public override string ToString() => "in:home";
    }

    /// <summary>Not resolved yet: the searcher's own posts, those that mention it and those that it liked.</summary>
    public sealed record InLibrary : SearchNode
    {
        public override string ToString() => "in:library";
    }

    /// <summary>Not resolved yet: posts that everybody finds. Nearly all of them, so it bounds nothing.</summary>
    public sealed record InPublic : SearchNode
    {
        public override string ToString() => "in:public";
    }

    /// <summary>Not resolved yet: the searcher's own posts.</summary>
    public sealed record FromMe : SearchNode
    {
        public override string ToString() => "in:me";
    }

    private static int HashOf(IReadOnlyList<SearchNode> nodes)
    {
        var hash = new HashCode();
        foreach (var node in nodes)
        {
            hash.Add(node);
        }

        return hash.ToHashCode();
    }
}
