using Rookery.Reading;

namespace Rookery.Api.Mastodon;

/// <summary>Reads the statuses that notifications are about, for who was told of them.</summary>
internal sealed class GatherNotified(ReadTimeline read, GatherStatuses gather)
{
    private const int AtOnce = 100;

    /// <summary>Without those that went away since they were looked at.</summary>
    public async ValueTask<IReadOnlyDictionary<PostId, Status>> HandleAsync(
        AccountId viewer,
        IEnumerable<PostId> posts,
        CancellationToken token
    )
    {
        var found = new Dictionary<PostId, Status>();
        foreach (var some in posts.Where(post => post.Value != 0).Distinct().Chunk(AtOnce))
        {
            using var into = TimelinePage.Rent();
            var sight = await read.ContextAsync(viewer, token);
            await read.PostsAsync(some, mutesHide: false, sight, into, token);
            foreach (var status in await gather.HandleAsync(into, token))
            {
                found[status.Post.Id] = status;
            }
        }

        return found;
    }
}
