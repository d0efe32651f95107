using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Rookery.Api.Internal;
using Rookery.Api.Service;
using Rookery.Search;

namespace Rookery.Adapters.Http;

/// <summary>The shards of the search index that other processes hold.</summary>
internal sealed class RemoteShards(
    IOptions<DoorOptions> options,
    ServiceKey key,
    TimeProvider time,
    ILogger<RemoteShards> logger
) : IShardDoors, IDisposable
{
    private const string Setting = $"{SearchOptions.Section}:{nameof(SearchOptions.Shards)}";

    private readonly ConcurrentDictionary<string, Door> _doors = new(StringComparer.Ordinal);

    public ISearchShard At(string url) => new RemoteShard(DoorAt(url));

    /// <summary>Where one of them is not let in, the search goes on with the others.</summary>
    public Peer PeerAt(string url)
    {
        var door = DoorAt(url);
        return new Peer(door, IsAlone: false, token => door.MeetAsync(RemoteShard.Words, token));
    }

    public Door DoorAt(string url) =>
        _doors.GetOrAdd(
            url,
            address => new Door(Setting, address, key.Value, options.Value, time, logger)
        );

    public void Dispose()
    {
        foreach (var door in _doors.Values)
        {
            door.Dispose();
        }
    }
}

/// <summary>A shard at another process.</summary>
internal sealed class RemoteShard(Door door) : ISearchShard
{
    public const string Words = "internal/search/words";

    public async ValueTask<ShardAnswer> FindAsync(
        ShardQuestion question,
        CancellationToken token
    ) =>
        await door.AskAsync(
            "internal/search/find",
            question,
            InternalJson.Default.ShardQuestion,
            InternalJson.Default.ShardAnswer,
            token
        );

    public async ValueTask<HashtagsAnswer> HashtagsAsync(
        HashtagsQuestion question,
        CancellationToken token
    ) =>
        await door.AskAsync(
            "internal/search/hashtags",
            question,
            InternalJson.Default.HashtagsQuestion,
            InternalJson.Default.HashtagsAnswer,
            token
        );

    public async ValueTask<WordsAnswer> WordsAsync(
        WordsQuestion question,
        CancellationToken token
    ) =>
        await door.AskAsync(
            Words,
            question,
            InternalJson.Default.WordsQuestion,
            InternalJson.Default.WordsAnswer,
            token
        );
}
