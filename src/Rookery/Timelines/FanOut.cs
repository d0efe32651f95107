using System.Diagnostics;
using Microsoft.Extensions.Options;
using Rookery.Delivery;
using Rookery.Graph;
using Rookery.Posts;
using Rookery.Telemetry;

namespace Rookery.Timelines;

/// <summary>
/// Puts posts of pushed authors on their followers' timelines, chunk by chunk, and drops timelines whose set of followees grew: the
/// next read builds them anew. Mutes and blocks are decided at read, so they change nothing here. Everything here may come twice.
/// A part of the timelines that cannot be reached holds up nobody else: what it lacks is noted, and made up by <see cref="GuardTimelines"/>.
/// </summary>
/// <param name="postponed">Null: parts that cannot be reached are the caller's.</param>
internal sealed class FanOut(
    IGraph graph,
    IPosts posts,
    ITimelineStore timelines,
    IPostponedParts? postponed,
    MergedAuthors merged,
    LargeFanOuts large,
    IOptions<TimelinesOptions> options,
    TelemetryEvents telemetry,
    TimeProvider time
) : IEventConsumer
{
    public string Name => "fan-out";

    public IReadOnlyList<Type> Reads { get; } =
    [
        typeof(PostAccepted),
        typeof(PostsImported),
        typeof(AuthorSuspended),
        typeof(AuthorRestored),
        typeof(Followed),
        typeof(FollowsImported),
    ];

    /// <summary>The same, onto other timelines.</summary>
    public FanOut Onto(ITimelineStore others) =>
        new(graph, posts, others, null, merged, large, options, telemetry, time);

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

        var away = new Dictionary<string, PostponedPart>();
        foreach (var committed in events)
        {
            await HandleAsync(committed, away, token);
        }

        await NoteAsync(away, token);
    }

    /// <summary>Nobody knows whom the post reached. A part that is away is cleared when it is back: there the event fails again.</summary>
    public async Task GiveUpAsync(Committed happened, CancellationToken token)
    {
        if (happened.Event is PostAccepted { Class: AuthorClass.Pushed } post && !merged.All)
        {
            var away = new Dictionary<string, PostponedPart>();
            await DropFollowersAsync(
                post.Author,
                drop => PostponeAsync(drop, happened, away),
                token
            );
            await NoteAsync(away, token);
        }
    }

    private Task NoteAsync(Dictionary<string, PostponedPart> away, CancellationToken token) =>
        away.Count > 0 ? postponed!.NoteAsync([.. away.Values], token) : Task.CompletedTask;

    /// <param name="away">Grows by the parts that did not get the event.</param>
    private Task HandleAsync(
        Committed committed,
        Dictionary<string, PostponedPart> away,
        CancellationToken token
    )
    {
        Task ReachableAsync(Func<Task> act) => PostponeAsync(act, committed, away);
        return committed.Event switch
        {
            PostAccepted { Class: AuthorClass.Pushed } post
                when post.Visibility != Visibility.Direct => PushAsync(post, ReachableAsync, token),
            Followed followed => ReachableAsync(() =>
                DropAsync(new[] { followed.Follower }, token)
            ),
            FollowsImported imported => ReachableAsync(() =>
                DropAsync(imported.Followers.ToArray(), token)
            ),
            PostsImported imported => DropFollowersAsync(imported.Author, ReachableAsync, token),
            // Entries that show nothing would cost every read a look at truth.
            AuthorSuspended suspended => DropFollowersAsync(
                suspended.Author,
                ReachableAsync,
                token
            ),
            // What was built meanwhile lacks the author's posts.
            AuthorRestored restored => DropFollowersAsync(restored.Author, ReachableAsync, token),
            _ => Task.CompletedTask,
        };
    }

    private async Task PostponeAsync(
        Func<Task> act,
        Committed committed,
        Dictionary<string, PostponedPart> away
    )
    {
        try
        {
            await act();
        }
        catch (StoreUnavailableException fault)
            when (postponed is not null && fault.Parts.Count > 0)
        {
            foreach (var part in fault.Parts)
            {
                var first = away.GetValueOrDefault(part)?.First ?? committed.Sequence;
                away[part] = new PostponedPart(part, first, committed.Sequence)
                {
                    Outbox = committed.Outbox,
                };
            }
        }
    }

    private async Task PushAsync(
        PostAccepted post,
        Func<Func<Task>, Task> reachableAsync,
        CancellationToken token
    )
    {
        var entry = new TimelineEntry(post.Post, post.Author);
        var followers = 0;
        await foreach (var chunk in FollowersAsync(post.Author, token))
        {
            await reachableAsync(() => PushAsync(chunk, entry, token));
            followers += chunk.Length;
        }

        large.Done(post.Author, followers);
        telemetry.PostPushed(followers, time.GetUtcNow() - post.Post.CreatedAt);
        // This post has been pushed; the author's next one is merged.
        if (followers > options.Value.MergeAtReadAbove)
        {
            await posts.MergeAuthorAsync(post.Author, token);
        }
    }

    private async Task DropFollowersAsync(
        AccountId author,
        Func<Func<Task>, Task> reachableAsync,
        CancellationToken token
    )
    {
        await foreach (var chunk in FollowersAsync(author, token))
        {
            await reachableAsync(() => DropAsync(chunk, token));
        }
    }

    private Task DropAsync(ReadOnlyMemory<AccountId> owners, CancellationToken token) =>
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
            var begun = Stopwatch.GetTimestamp();
            await timelines.PushAsync(owners, entry, token);
            telemetry.TimelineStorePushed(Stopwatch.GetElapsedTime(begun));
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
