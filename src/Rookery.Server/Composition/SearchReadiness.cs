using Rookery.Adapters.Http;
using Rookery.Api;
using Rookery.Search;

namespace Rookery.Server.Composition;

/// <summary>
/// A process that only searches should get no searches until it has read all posts, nor while it would find those of its own shard alone because no other
/// lets it in: others of its role are better off.
/// </summary>
internal sealed class SearchReadiness(SearchIndex index, ShardLayout layout, RemoteShards shards)
    : IReadiness
{
    private readonly Door[] _others = [.. layout.Others.Select(shards.DoorAt)];

    public string Name => "search";

    public string? Problem =>
        index.IsBuilt ? Refusal : "The search index is being filled; searches would miss posts.";

    /// <summary>
    /// A process with another key than all others is refused by all who answer. Where some let this one in, the wrong one is whoever refuses it, and says so
    /// itself: that one must not take all others out.
    /// </summary>
    private string? Refusal =>
        Array.Exists(_others, door => door.WasLetIn)
            ? null
            : Array.Find(_others, door => door.Refusal is not null)?.Refusal;
}
