using System.Text.Json.Serialization;

namespace Rookery.Search;

/// <summary>What one shard is asked: a stretch of what a query finds in it.</summary>
/// <param name="Query">Searched as it stands: nothing of it is corrected.</param>
/// <param name="SearcherId">Who may find more than everybody does; null for everybody.</param>
/// <param name="BelowId">Only older posts.</param>
/// <param name="AboveId">Only newer posts.</param>
/// <param name="FromBelow">The oldest of them are asked for, not the newest.</param>
/// <param name="MayRead">Posts that it may read through for the answer, if its own bound is not smaller.</param>
public sealed record ShardQuestion(
    string Query,
    AccountId? SearcherId,
    int Count,
    PostId? BelowId,
    PostId? AboveId,
    bool FromBelow,
    int MayRead = ShardQuestion.MostRead
)
{
    /// <summary>Posts in one answer.</summary>
    public const int MostPosts = 1_000;

    /// <summary>Posts that a process may be set to read through for one search.</summary>
    public const int MostRead = 1_000_000;

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

/// <summary>Whatever a shard is asked.</summary>
public interface IShardAnswer
{
    /// <summary>The shard has all its posts. Right after a start it has not.</summary>
    bool IsWhole { get; }
}

/// <param name="Ids">Newest first.</param>
/// <param name="ReachedId">Where the query takes more looking than it may: everything was looked at as far as there, and a page from there goes on. Null where the answer is full, or nothing follows.</param>
/// <param name="Read">Posts that were read through.</param>
public sealed record ShardAnswer(
    IReadOnlyList<PostId> Ids,
    PostId? ReachedId,
    int Read,
    bool IsWhole
) : IShardAnswer;

/// <summary>Which hashtags of one shard's public posts begin so.</summary>
public sealed record HashtagsQuestion(string Query, int Count)
{
    /// <summary>Hashtags in one answer: more than anybody is shown, so that what is frequent in all shards together is in the answer of each.</summary>
    public const int Most = 3 * SearchHashtags.MaxCount;
}

/// <param name="Name">Without its sign, folded: hashtags that differ in case or accents are one.</param>
/// <param name="Posts">Public ones with it, those that were deleted lately perhaps among them.</param>
/// <param name="Spelling">As its newest post has it, in the form under which that post stands on the hashtag's timeline; null where the post cannot be read.</param>
public readonly record struct FoundHashtag(string Name, long Posts, string? Spelling = null)
{
    /// <summary>What people are shown, and find a timeline under.</summary>
    [JsonIgnore]
    public string Shown => Spelling ?? Name;
}

/// <param name="Hashtags">The hashtag itself first, then those of the most posts; none that nobody but some may find.</param>
public sealed record HashtagsAnswer(IReadOnlyList<FoundHashtag> Hashtags, bool IsWhole)
    : IShardAnswer;

/// <summary>How the words of a query are known in one shard, and what they may have been meant to be.</summary>
/// <param name="SearcherId">As in <see cref="ShardQuestion"/>.</param>
public sealed record WordsQuestion(string Query, AccountId? SearcherId);

/// <summary>A word of a query that may be a slip.</summary>
/// <param name="Word">As posts have it: folded, in the singular.</param>
/// <param name="Posts">Public ones that have it.</param>
/// <param name="Near">What may have been meant, the likeliest first; none where so many posts have the word that it is no slip.</param>
public sealed record AskedWord(string Word, long Posts, IReadOnlyList<WordUses> Near);

/// <param name="Posts">Public ones that have it, about.</param>
public readonly record struct WordUses(string Word, long Posts);

/// <param name="Words">Without those that are quoted or excluded.</param>
/// <param name="Finds">The query as it stands finds something here, of what everybody may find or the searcher alone.</param>
public sealed record WordsAnswer(IReadOnlyList<AskedWord> Words, bool Finds, bool IsWhole)
    : IShardAnswer;

/// <summary>
/// One process's part of the index.
/// <para>Order: what is found comes newest first, without gaps within the page's bounds unless the answer says so.</para>
/// <para>Freshness: what the shard's process was told of before the question is in the answer, or was waited for a moment.</para>
/// <para>Loss: <see cref="StoreUnavailableException"/> where it does not answer. Asking twice does no harm.</para>
/// </summary>
public interface ISearchShard
{
    ValueTask<ShardAnswer> FindAsync(ShardQuestion question, CancellationToken token);

    ValueTask<HashtagsAnswer> HashtagsAsync(HashtagsQuestion question, CancellationToken token);

    ValueTask<WordsAnswer> WordsAsync(WordsQuestion question, CancellationToken token);
}

/// <summary>Reaches a shard by the address of its process.</summary>
public interface IShardDoors
{
    ISearchShard At(string url);
}
