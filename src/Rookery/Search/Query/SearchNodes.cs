namespace Rookery.Search;

/// <summary>What is done with whole trees. They are as deep as a query may be nested: <see cref="ParseQuery.MaxNesting"/>.</summary>
internal static class SearchNodes
{
    /// <summary>The nodes that have no children, in order, those under a <see cref="SearchNode.Not"/> too.</summary>
    public static IEnumerable<SearchNode> Leaves(this SearchNode node) =>
        node switch
        {
            SearchNode.All all => all.Nodes.SelectMany(Leaves),
            SearchNode.Any any => any.Nodes.SelectMany(Leaves),
            SearchNode.Not not => Leaves(not.Node),
            _ => [node],
        };

    /// <summary>
    /// The tree with other leaves: how names become accounts once those are known. What follows from the new leaves is drawn: nothing in
    /// an <see cref="SearchNode.All"/> is nothing, and in an <see cref="SearchNode.Any"/> it goes away.
    /// </summary>
    /// <param name="replace">What takes a leaf's place; the leaf itself where it stays.</param>
    public static SearchNode Rewrite(this SearchNode node, Func<SearchNode, SearchNode> replace) =>
        node switch
        {
            SearchNode.All all => All(all.Nodes.Select(child => child.Rewrite(replace))),
            SearchNode.Any any => Any(any.Nodes.Select(child => child.Rewrite(replace))),
            SearchNode.Not not => new SearchNode.Not(not.Node.Rewrite(replace)),
            _ => replace(node),
        };

    /// <summary>
    /// The same tree with each not on a leaf, and without what would find nearly everything: an alternative, or a whole query, of nothing but
    /// exclusions.
    /// </summary>
    /// <returns><see cref="SearchNode.Nothing"/> where nothing is left.</returns>
    public static SearchNode Bounded(SearchNode node, out bool wasUnbounded)
    {
        var dropped = false;
        var bounded = Bound(PushNot(node, isNegated: false), ref dropped);
        wasUnbounded = dropped || !IsBounded(bounded);
        return IsBounded(bounded) ? bounded : new SearchNode.Nothing();
    }

    public static SearchNode All(IEnumerable<SearchNode> nodes)
    {
        var flat = new List<SearchNode>();
        foreach (var node in nodes)
        {
            switch (node)
            {
                case SearchNode.All all:
                    flat.AddRange(all.Nodes);
                    break;
                case SearchNode.Nothing:
                    return node;
                case SearchNode.Not { Node: SearchNode.Nothing }:
                    break;
                default:
                    flat.Add(node);
                    break;
            }
        }

        return One([.. flat.Distinct()], many => new SearchNode.All(many));
    }

    public static SearchNode Any(IEnumerable<SearchNode> nodes)
    {
        var flat = new List<SearchNode>();
        foreach (var node in nodes)
        {
            if (node is SearchNode.Any any)
            {
                flat.AddRange(any.Nodes);
            }
            else if (node is not SearchNode.Nothing)
            {
                flat.Add(node);
            }
        }

        return One([.. flat.Distinct()], many => new SearchNode.Any(many));
    }

    private static SearchNode One(
        IReadOnlyList<SearchNode> nodes,
        Func<IReadOnlyList<SearchNode>, SearchNode> many
    ) =>
        nodes.Count switch
        {
            0 => new SearchNode.Nothing(),
            1 => nodes[0],
            _ => many(nodes),
        };

    private static SearchNode PushNot(SearchNode node, bool isNegated)
    {
        switch (node)
        {
            case SearchNode.All all:
                var ofAll = all.Nodes.Select(child => PushNot(child, isNegated));
                return isNegated ? Any(ofAll) : All(ofAll);
            case SearchNode.Any any:
                var ofAny = any.Nodes.Select(child => PushNot(child, isNegated));
                return isNegated ? All(ofAny) : Any(ofAny);
            case SearchNode.Not not:
                return PushNot(not.Node, !isNegated);
            default:
                return isNegated ? new SearchNode.Not(node) : node;
        }
    }

    /// <summary>
    /// What is left of a node that has to be looked up by itself. Beside something else to look up any exclusion is welcome; without it, only an
    /// alternative that can be looked up is kept.
    /// </summary>
    private static SearchNode Bound(SearchNode node, ref bool dropped)
    {
        switch (node)
        {
            case SearchNode.All all when !IsBounded(all):
                var parts = new List<SearchNode>();
                foreach (var child in all.Nodes)
                {
                    var part = Bound(child, ref dropped);
                    parts.Add(part is SearchNode.Nothing ? child : part);
                }

                return All(parts);
            case SearchNode.Any any:
                var kept = new List<SearchNode>();
                foreach (var child in any.Nodes)
                {
                    var bounded = Bound(child, ref dropped);
                    var isKept = IsBounded(bounded);
                    kept.AddRange(isKept ? [bounded] : []);
                    dropped |= !isKept;
                }

                return Any(kept);
            default:
                return node;
        }
    }

    /// <summary>Whether there is something to look up, rather than everything but something.</summary>
    public static bool IsBounded(this SearchNode node) =>
        node switch
        {
            SearchNode.Not or SearchNode.InPublic => false,
            SearchNode.All all => all.Nodes.Any(IsBounded),
            SearchNode.Any any => any.Nodes.All(IsBounded),
            _ => true,
        };
}
