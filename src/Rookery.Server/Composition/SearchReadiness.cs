using Rookery.Api;
using Rookery.Search;

namespace Rookery.Server.Composition;

/// <summary>A process that only searches should get no searches until it has read all posts: others of its role have.</summary>
internal sealed class SearchReadiness(SearchIndex index) : IReadiness
{
    public string? Problem =>
        index.IsBuilt ? null : "The search index is being filled; searches would miss posts.";
}
