using Rookery.Search;

namespace Rookery.Tests.Search;

/// <summary>Says by plain code whether a post is what a query asks for: what every index must agree with.</summary>
internal static class PlainMatch
{
    public static bool Matches(SearchNode node, in SearchablePost post)
    {
        var terms = FoundTerms.Of(post);
        return Matches(
            node,
            new Facts(post.Id, [.. terms], FoundTerms.Folded(post.Text.ToString()))
        );
    }

    public static bool Matches(string query, string text) =>
        Matches(ParseQuery.Handle(query).Root, FoundTerms.Post(text));

    private sealed record Facts(PostId Id, HashSet<(TermKind, string)> Terms, string Folded);

    private static bool Matches(SearchNode node, Facts facts) =>
        node switch
        {
            SearchNode.Term term => facts.Terms.Contains((term.Kind, term.Text.ToString())),
            SearchNode.Prefix prefix => facts.Terms.Any(term =>
                term.Item1 == prefix.Kind
                && term.Item2.StartsWith(prefix.Text.ToString(), StringComparison.Ordinal)
            ),
            SearchNode.Phrase phrase => phrase.Terms.All(term => Matches(term, facts))
                && facts.Folded.Contains(phrase.Folded, StringComparison.Ordinal),
            SearchNode.All all => all.Nodes.All(child => Matches(child, facts)),
            SearchNode.Any any => any.Nodes.Any(child => Matches(child, facts)),
            SearchNode.Not not => !Matches(not.Node, facts),
            SearchNode.Ids ids => facts.Id >= ids.From && facts.Id < ids.To,
            SearchNode.OneOf some => some.Sorted.Contains(facts.Id),
            SearchNode.Nothing => false,
            _ => throw new ArgumentException($"{node} was not resolved.", nameof(node)),
        };
}
