using Rookery.Delivery;

namespace Rookery.Posts;

/// <summary>Counts likes, reposts and replies of posts in the background.</summary>
internal sealed class CountMarks(IPostStore store) : IEventConsumer
{
    public string Name => "post-counts";

    public IReadOnlyList<Type> Reads { get; } =
    [typeof(PostAccepted), typeof(PostDeleted), typeof(PostLiked), typeof(PostUnliked)];

    public Task HandleAsync(IReadOnlyList<Committed> events, CancellationToken token) =>
        store.CountAsync(Name, events, token);
}
