using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Rookery.Delivery;
using Rookery.Posts;

namespace Rookery.Search;

/// <summary>
/// Keeps the index current: fills it from truth at the start, then follows what is committed, by whatever process. What it was not told of, because
/// too much happened at once or nobody knows what did, it reads again from the beginning.
/// </summary>
internal sealed partial class IndexPosts(
    SearchIndex index,
    AddToIndex add,
    SearchSnapshots snapshots,
    IEventSources sources,
    IPosts posts,
    IOptions<SearchOptions> options,
    IHostApplicationLifetime lifetime,
    TimeProvider time,
    ILogger<IndexPosts> logger
) : BackgroundService, ICommitObserver
{
    /// <summary>Events that wait; one takes some 150 bytes. Beyond them reading everything again costs less.</summary>
    private const int MostWaiting = 200_000;

    private const int Batch = 500;

    /// <summary>Who searches sees what was posted a moment before; behind a long queue nobody waits for it.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan AfterFault = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan BetweenTries = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan LongestImage = TimeSpan.FromSeconds(5);

    private readonly Channel<Happening> _happened = Channel.CreateBounded<Happening>(
        new BoundedChannelOptions(MostWaiting) { SingleReader = true }
    );

    private bool _isFollowing;
    private int _lost;
    private long _told;
    private long _applied;
    private long _imaged = -1;

    /// <summary>Whether this process searches at all.</summary>
    public bool IsFollowing => Volatile.Read(ref _isFollowing);

    /// <summary>Followed from here on; what happened before is read.</summary>
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        Volatile.Write(ref _isFollowing, true);
        return base.StartAsync(cancellationToken);
    }

    /// <summary>Leaves an image for the next start.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        using var hurry = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        hurry.CancelAfter(LongestImage);
        try
        {
            await SnapshotAsync(hurry.Token);
        }
#pragma warning disable CA1031 // An end's edge: without an image the next start takes longer.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            NoImage(logger, fault);
        }

        await base.StopAsync(cancellationToken);
    }

    public void OnCommitted(IReadOnlyList<Committed> group)
    {
        if (!IsFollowing)
        {
            return;
        }

        foreach (var committed in group)
        {
            if (
                committed.Event
                is not (PostAccepted or PostDeleted or AuthorClosed or PostsImported)
            )
            {
                continue;
            }

            if (!_happened.Writer.TryWrite(new Happening(committed.Event, null)))
            {
                Interlocked.Increment(ref _lost);
                return;
            }

            Interlocked.Increment(ref _told);
        }
    }

    public void Forget()
    {
        Interlocked.Increment(ref _lost);
        // Wakes who waits; where there is no room for it, nobody does.
        _happened.Writer.TryWrite(default);
    }

    /// <summary>Completes when everything that this process was told of before the call can be found.</summary>
    public async Task CaughtUpAsync(CancellationToken token)
    {
        var reached = NewMark();
        await _happened.Writer.WriteAsync(new Happening(null, reached), token);
        await reached.Task.WaitAsync(token);
    }

    /// <summary>Everything is read again from the posts; completes when it was.</summary>
    public async Task BuildAgainAsync(CancellationToken token)
    {
        Forget();
        // The first mark may be in what is being applied at this moment.
        await CaughtUpAsync(token);
        await CaughtUpAsync(token);
    }

    /// <summary>As <see cref="CaughtUpAsync"/>, or when that takes longer than a searcher should wait.</summary>
    public ValueTask NearlyCaughtUpAsync(CancellationToken token) =>
        index.IsWhole && Interlocked.Read(ref _told) == Interlocked.Read(ref _applied)
            ? ValueTask.CompletedTask
            : WaitAsync(token);

    private async ValueTask WaitAsync(CancellationToken token)
    {
        var reached = NewMark();
        if (_happened.Writer.TryWrite(new Happening(null, reached)))
        {
            await reached
                .Task.WaitAsync(Patience, time, token)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(
            FollowAsync(stoppingToken),
            TakeImagesAsync(stoppingToken),
            MergeAsync(stoppingToken)
        );

    /// <summary>Beside the writer, which would do it itself if nobody else did.</summary>
    private async Task MergeAsync(CancellationToken token)
    {
        using var timer = new PeriodicTimer(BetweenTries, time);
        while (await TickAsync(timer, token))
        {
            var searched = index.Now;
            while (
                !token.IsCancellationRequested
                && (searched.Public.Merge() | searched.Guarded.Merge())
            ) { }
        }
    }

    private async Task TakeImagesAsync(CancellationToken token)
    {
        using var timer = new PeriodicTimer(
            TimeSpan.FromMinutes(options.Value.SnapshotMinutes),
            time
        );
        while (await TickAsync(timer, token))
        {
            try
            {
                await SnapshotAsync(token);
            }
#pragma warning disable CA1031 // A loop's edge: the next image makes up for this one.
            catch (Exception fault) when (!token.IsCancellationRequested)
#pragma warning restore CA1031
            {
                NoImage(logger, fault);
            }
        }
    }

    private static async Task<bool> TickAsync(PeriodicTimer timer, CancellationToken token)
    {
        try
        {
            return await timer.WaitForNextTickAsync(token);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>Where anything happened since the last one.</summary>
    private async Task SnapshotAsync(CancellationToken token)
    {
        var told = Interlocked.Read(ref _told);
        if (!index.IsWhole || told == Volatile.Read(ref _imaged))
        {
            return;
        }

        var watermark = await snapshots.WatermarkAsync(token);
        await CaughtUpAsync(token);
        await Task.Run(() => snapshots.Write(index.Now, watermark), token);
        Volatile.Write(ref _imaged, told);
    }

    private async Task FollowAsync(CancellationToken stoppingToken)
    {
        // A start that fails reads nothing, and says nothing but why.
        using var begun = CancellationTokenSource.CreateLinkedTokenSource(
            stoppingToken,
            lifetime.ApplicationStarted
        );
        await Task.Delay(Timeout.InfiniteTimeSpan, time, begun.Token)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        int? built = null;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var lost = Volatile.Read(ref _lost);
                if (built != lost)
                {
                    await BuildAsync(stoppingToken);
                    built = lost;
                }
                else if (await _happened.Reader.WaitToReadAsync(stoppingToken))
                {
                    await ApplyWaitingAsync(stoppingToken);
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
            catch (StoreUnavailableException fault)
            {
                Waits(logger, fault);
                await Task.Delay(BetweenTries, time, stoppingToken)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
#pragma warning disable CA1031 // A loop's edge: whatever it met, everything is read again.
            catch (Exception fault)
#pragma warning restore CA1031
            {
                CannotIndex(logger, fault);
                built = null;
                await Task.Delay(AfterFault, time, stoppingToken)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>The image of the index with what happened since, or what the posts are now.</summary>
    private async Task BuildAsync(CancellationToken token)
    {
        if (!index.IsWhole && await snapshots.ReadAsync(token) is var (indexed, after, through))
        {
            var past = sources.Posts.Past;
            await foreach (var events in past.BetweenAsync(after, through, token))
            {
                await ApplyAsync(indexed, [.. events.Select(one => one.Event)], token);
            }

            index.Use(indexed);
            TakenUp(logger, through - after);
            return;
        }

        await BuildFromPostsAsync(token);
    }

    private async Task BuildFromPostsAsync(CancellationToken token)
    {
        var into = index.Begin();
        var (started, count) = (time.GetTimestamp(), 0L);
        IReadOnlyList<Post> some = [];
        do
        {
            some = await posts.AllAboveAsync(some.Count > 0 ? some[^1].Id : default, Batch, token);
            count += some.Count;
            await add.AddAsync(into, some, token);
        } while (some.Count > 0);
        index.Use(into);
        Built(logger, count, time.GetElapsedTime(started).TotalSeconds);
    }

    /// <summary>As often as it takes: what waits has been taken from the queue.</summary>
    private async Task ApplyWaitingAsync(CancellationToken token)
    {
        var batch = Take();
        var events = batch.Select(one => one.Event).OfType<DomainEvent>().ToList();
        for (var isApplied = false; !isApplied; )
        {
            try
            {
                await ApplyAsync(index.Now, events, token);
                isApplied = true;
            }
            catch (StoreUnavailableException fault)
            {
                Waits(logger, fault);
                await Task.Delay(BetweenTries, time, token);
            }
        }

        Interlocked.Add(ref _applied, events.Count);
        batch.ForEach(one => one.Reached?.TrySetResult());
    }

    private List<Happening> Take()
    {
        var batch = new List<Happening>();
        while (batch.Count < Batch && _happened.Reader.TryRead(out var happened))
        {
            batch.Add(happened);
        }

        return batch;
    }

    /// <summary>May run again: what was done is not done twice.</summary>
    private async Task ApplyAsync(
        IndexedPosts into,
        IReadOnlyList<DomainEvent> batch,
        CancellationToken token
    )
    {
        // A post that was deleted meanwhile does not stand and is not read.
        await add.AddAsync(
            into,
            [.. batch.OfType<PostAccepted>().Select(accepted => accepted.Post)],
            token
        );
        foreach (var author in batch.OfType<PostsImported>().Select(one => one.Author).Distinct())
        {
            await add.AddAllOfAsync(into, author, token);
        }

        foreach (var happened in batch)
        {
            switch (happened)
            {
                case PostDeleted deleted:
                    into.Remove(deleted.Post);
                    break;
                case AuthorClosed closed:
                    into.Close(closed.Author);
                    break;
            }
        }
    }

    private static TaskCompletionSource NewMark() =>
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>An event; or a mark that somebody waits for; or neither, to wake who waits for either.</summary>
    private readonly record struct Happening(DomainEvent? Event, TaskCompletionSource? Reached);

    [LoggerMessage(
        1,
        LogLevel.Information,
        "The search index has everything: {Count} posts, read in {Seconds:F1} s"
    )]
    private static partial void Built(ILogger logger, long count, double seconds);

    [LoggerMessage(
        3,
        LogLevel.Information,
        "The search index was taken up from the disk, and {Events} events applied"
    )]
    private static partial void TakenUp(ILogger logger, long events);

    [LoggerMessage(5, LogLevel.Warning, "The search index waits for the database")]
    private static partial void Waits(ILogger logger, Exception fault);

    [LoggerMessage(4, LogLevel.Warning, "No image of the search index was written")]
    private static partial void NoImage(ILogger logger, Exception fault);

    [LoggerMessage(2, LogLevel.Error, "The search index could not follow; it is built again")]
    private static partial void CannotIndex(ILogger logger, Exception fault);
}
