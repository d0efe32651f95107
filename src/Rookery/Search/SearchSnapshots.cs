using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Rookery.Delivery;
using Rookery.Search.Index;
using Rookery.Search.Spelling;

namespace Rookery.Search;

/// <summary>The folder for what a process can make again.</summary>
internal sealed record SearchFolder(string Path);

/// <summary>Up to where an image of the index goes, in the events of the database that has the posts.</summary>
/// <param name="Analysis">Which rules its terms were made by.</param>
/// <param name="Shard">Which part of all posts is in it: <see cref="ShardLayout.Name"/>.</param>
/// <param name="Outbox">Whose sequence it is.</param>
internal sealed record SearchWatermark(int Analysis, string Shard, string Outbox, long Sequence);

[JsonSerializable(typeof(SearchWatermark))]
internal sealed partial class SearchWatermarkJson : JsonSerializerContext;

/// <summary>Writes the index to the disk and takes it up again, so that a start reads only what happened since.</summary>
internal sealed partial class SearchSnapshots(
    SearchFolder folder,
    IEventSources sources,
    ShardLayout layout,
    IOptions<SearchOptions> options,
    ILogger<SearchSnapshots> logger
)
{
    // One for both indexes: two would be of two moments where the process ends between them.
    private string File => Path.Combine(folder.Path, "posts.index");

    /// <summary>What an image that is taken after everything told before this call was applied can say of itself: what this process was not told of yet is not in it.</summary>
    public async Task<SearchWatermark> WatermarkAsync(CancellationToken token) =>
        new(
            PostAnalyzer.Version,
            layout.Name,
            await sources.Posts.Past.OutboxAsync(token),
            await sources.Posts.ToldThroughAsync().WaitAsync(token)
        );

    public void Write(IndexedPosts indexed, SearchWatermark watermark)
    {
        var mark = JsonSerializer.SerializeToUtf8Bytes(
            watermark,
            SearchWatermarkJson.Default.SearchWatermark
        );
        try
        {
            Directory.CreateDirectory(folder.Path);
            IndexSnapshot.Write(
                File,
                [indexed.Public.TakeImage(), indexed.Guarded.TakeImage()],
                mark
            );
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            CannotWrite(logger, fault, folder.Path);
        }
    }

    /// <summary>The index as it was written, and after which event to go on; null where it is to be built from the posts.</summary>
    public async Task<(IndexedPosts Indexed, long After, long Through)?> ReadAsync(
        CancellationToken token
    )
    {
        if (
            IndexSnapshot.Read(File) is not SnapshotOutcome.Loaded loaded
            || loaded.Images is not [var open, var guarded]
            || MarkOf(loaded) is not { } mark
        )
        {
            CannotUse(logger, "there is none that is whole");
            return null;
        }

        var past = sources.Posts.Past;
        var last = await past.LastAsync(token);
        var refusal =
            mark.Analysis != PostAnalyzer.Version
                ? "texts were cut by other rules when it was written"
            : mark.Shard != layout.Name ? "it is another shard's"
            : mark.Outbox != await past.OutboxAsync(token) ? "it is another database's"
            : last < mark.Sequence ? "the database was put back to an earlier moment"
            : last > mark.Sequence && !await past.StandsAsync(mark.Sequence + 1, token)
                ? "what happened since is not kept any more"
            : null;
        if (refusal is not null)
        {
            CannotUse(logger, refusal);
            return null;
        }

        var words = new KnownWords(options.Value.WordBytes);
        var limits = new IndexLimits();
        var indexed = new IndexedPosts(
            PostIndex.Of(open, limits, words),
            PostIndex.Of(guarded, limits),
            words
        );
        return (indexed, mark.Sequence, last);
    }

    private static SearchWatermark? MarkOf(SnapshotOutcome.Loaded loaded)
    {
        try
        {
            return JsonSerializer.Deserialize(
                loaded.Watermark,
                SearchWatermarkJson.Default.SearchWatermark
            );
        }
        catch (JsonException)
        {
            return null;
        }
    }

    [LoggerMessage(
        1,
        LogLevel.Information,
        "The search index is built from the posts: of its image on the disk, {Reason}"
    )]
    private static partial void CannotUse(ILogger logger, string reason);

    [LoggerMessage(
        2,
        LogLevel.Warning,
        "The search index could not be written to {Folder}; the next start builds it from the posts"
    )]
    private static partial void CannotWrite(ILogger logger, Exception fault, string folder);
}
