using Microsoft.Extensions.Options;
using Rookery.Delivery;
using Rookery.Graph;
using Rookery.Posts;

namespace Rookery.Timelines;

/// <summary>
/// Puts posts of pushed authors on their followers' timelines, chunk by chunk, and drops timelines whose set of followees grew: the
/// next read builds them anew. Mutes and blocks are decided at read, so they change nothing here. Everything here may come twice.
/// </summary>
internal sealed class FanOut(
    IGraph graph,
    IPosts posts,
    ITimelineStore timelines,
    MergedAuthors merged,
    LargeFanOuts large,
    IOptions<TimelinesOptions> options
) : IEventConsumer
{
    public string Name => "fan-out";

    public IReadOnlyList<Type> Reads { get; } =
    [typeof(PostAccepted), typeof(PostsImported), typeof(Followed), typeof(FollowsImported)];

    /// <summary>The same, onto other timelines.</summary>
    public FanOut Onto(ITimelineStore others) => new(graph, posts, others, merged, large, options);

    public bool HasLanes => !merged.All;

    public ValueTask<IReadOnlyList<Committed>> LargeAsync(
        IReadOnlyList<Committed> events,
        CancellationToken token
    ) => ValueTask.FromResult(large.Among(events));

    public async Task HandleAsync(IReadOnlyList<Committed> events, CancellationToken token)
    {
        if (merged.All)
        {
            return;
        }

        foreach (var committed in events)
        {
            await HandleAsync(committed.Event, token);
        }
    }

    /// <summary>Nobody knows whom the post reached.</summary>
    public Task GiveUpAsync(Committed happened, CancellationToken token) =>
        happened.Event is PostAccepted { Class: AuthorClass.Pushed } post && !merged.All
            ? DropFollowersAsync(post.Author, token)
            : Task.CompletedTask;

    private Task HandleAsync(DomainEvent happened, CancellationToken token) =>
        happened switch
        {
            PostAccepted { Class: AuthorClass.Pushed } post
                when post.Visibility != Visibility.Direct => PushAsync(post, token),
            Followed followed => DropAsync([followed.Follower], token),
            FollowsImported imported => DropAsync([.. imported.Followers], token),
            PostsImported imported => DropFollowersAsync(imported.Author, token),
            _ => Task.CompletedTask,
        };

    private async Task PushAsync(PostAccepted post, CancellationToken token)
    {
        var entry = new TimelineEntry(post.Post, post.Author);
        var followers = 0;
        await foreach (var chunk in FollowersAsync(post.Author, token))
        {
            await PushAsync(chunk, entry, token);
            followers += chunk.Length;
        }

        large.Done(post.Author, followers);
        // This post has been pushed; the author's next one is merged.
        if (followers > options.Value.MergeAtReadAbove)
        {
            await posts.MergeAuthorAsync(post.Author, token);
        }
    }

    private async Task DropFollowersAsync(AccountId author, CancellationToken token)
    {
        await foreach (var chunk in FollowersAsync(author, token))
        {
            await timelines.DropAsync(chunk, token);
        }
    }

    private Task DropAsync(AccountId[] owners, CancellationToken token) =>
        timelines.DropAsync(owners, token).AsTask();

    /// <summary>What fails again and again becomes a dead letter, and no timeline may say that it is complete without the entry.</summary>
    private async Task PushAsync(
        ReadOnlyMemory<AccountId> owners,
        TimelineEntry entry,
        CancellationToken token
    )
    {
        try
        {
            await timelines.PushAsync(owners, entry, token);
        }
        catch (Exception fault)
            when (fault is not (StoreUnavailableException or OperationCanceledException))
        {
            await timelines.DropAsync(owners, token);
            throw;
        }
    }

    private async IAsyncEnumerable<ReadOnlyMemory<AccountId>> FollowersAsync(
        AccountId author,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken token
    )
    {
        var after = default(AccountId);
        while (true)
        {
            var chunk = await graph.FollowersAfterAsync(
                author,
                after,
                options.Value.FanOutChunk,
                token
            );
            if (chunk.Count == 0)
            {
                yield break;
            }

            yield return chunk.ToArray();
            after = chunk[^1];
        }
    }
}
