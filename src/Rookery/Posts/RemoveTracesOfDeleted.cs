using Rookery.Delivery;

namespace Rookery.Posts;

/// <summary>
/// Removes the reposts and likes of a deleted post. They are hidden since the deletion; the removal goes on behind, in chunks that leave room for
/// others between them, and starts over where a crash cut it off.
/// </summary>
internal sealed class RemoveTracesOfDeleted(IPostStore store) : IEventConsumer
{
    /// <summary>Rows of one commit: about 3 ms of the commit thread.</summary>
    private const int Chunk = 100;

    public string Name => "trace-cleanup";

    public IReadOnlyList<Type> Reads { get; } = [typeof(PostDeleted)];

    public async Task HandleAsync(IReadOnlyList<Committed> events, CancellationToken token)
    {
        var deleted = events
            .Select(committed => committed.Event)
            .OfType<PostDeleted>()
            // What is done to a repost is done to its original.
            .Where(post => post.Kind != PostKind.Repost)
            .Select(post => post.Post);
        foreach (var posts in deleted.Chunk(Chunk))
        {
            while (await store.RemoveSomeOnAsync(posts, Chunk, token) > 0)
            {
                // Each chunk is a commit of its own.
            }
        }
    }
}
