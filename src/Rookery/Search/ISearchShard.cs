using System.Text.Json.Serialization;

namespace Rookery.Search;

/// <summary>What one shard is asked: a stretch of what a query finds in it.</summary>
/// <param name="Query">Searched as it stands: nothing of it is corrected.</param>
/// <param name="SearcherId">Who may find more than everybody does; null for everybody.</param>
/// <param name="BelowId">Only older posts.</param>
/// <param name="AboveId">Only newer posts.</param>
/// <param name="FromBelow">The oldest of them are asked for, not the newest.</param>
public sealed record ShardQuestion(
    string Query,
    AccountId? SearcherId,
    int Count,
    PostId? BelowId,
    PostId? AboveId,
    bool FromBelow
)
{
    /// <summary>Posts in one answer.</summary>
    public const int MostPosts = 1_000;

    [JsonIgnore]
    public Page Page =>
        FromBelow
            ? new Page(Count, BelowId, MinId: AboveId ?? default)
            : new Page(Count, BelowId, SinceId: AboveId);

    public static ShardQuestion Of(string query, AccountId? searcher, Page page) =>
        new(
            query,
            searcher,
            page.Count,
            page.MaxId,
            page.Above > 0 ? new PostId(page.Above) : null,
            page.FromBelow
        );
}

/// <param name="Ids">Newest first.</param>
/// <param name="IsPartial">The query took more looking than it may.</param>
/// <param name="IsWhole">The shard has all its posts. Right after a start it has not.</param>
public sealed record ShardAnswer(IReadOnlyList<PostId> Ids, bool IsPartial, bool IsWhole);

/// <summary>
/// One process's part of the index.
/// <para>Order: what is found comes newest first, without gaps within the page's bounds unless the answer says so.</para>
/// <para>Freshness: what the shard's process was told of before the question is in the answer, or was waited for a moment.</para>
/// <para>Loss: <see cref="StoreUnavailableException"/> where it does not answer. Asking twice does no harm.</para>
/// </summary>
public interface ISearchShard
{
    ValueTask<ShardAnswer> FindAsync(ShardQuestion question, CancellationToken token);
}

/// <summary>Reaches a shard by the address of its process.</summary>
public interface IShardDoors
{
    ISearchShard At(string url);
}
