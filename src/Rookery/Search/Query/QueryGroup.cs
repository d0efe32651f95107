namespace Rookery.Search;

/// <summary>What stands between two parentheses while it is read: alternatives, each of nodes that must all hold.</summary>
internal sealed class QueryGroup(bool isExcluded)
{
    private readonly List<SearchNode> _branches = [];
    private readonly List<SearchNode> _branch = [];

    public bool IsExcluded => isExcluded;

    public void Add(SearchNode node) => _branch.Add(node);

    /// <summary>False where there is nothing that something could be an alternative to.</summary>
    public bool StartBranch()
    {
        if (_branch.Count == 0)
        {
            return false;
        }

        _branches.Add(SearchNodes.All(_branch));
        _branch.Clear();
        return true;
    }

    /// <summary><see cref="SearchNode.Nothing"/> where nothing was added.</summary>
    public SearchNode Node()
    {
        var last = SearchNodes.All(_branch);
        return SearchNodes.Any([.. _branches, last]);
    }
}
