using Rookery.Delivery;

namespace Rookery.Posts;

/// <summary>Counts likes, reposts and replies of posts in the background.</summary>
internal sealed class CountMarks(IPostStore store) : IEventConsumer
{
    public string Name => "post-counts";

    public Task HandleAsync(IReadOnlyList<Committed> events, CancellationToken token) =>
        store.CountAsync(Name, events, token);
}
