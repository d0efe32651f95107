using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Rookery.Accounts;
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
    IndexAccounts accounts,
    SearchSnapshots snapshots,
    IEventSources sources,
    IPosts posts,
    IHostApplicationLifetime lifetime,
    IOptions<SearchOptions> options,
    TimeProvider time,
    ILogger<IndexPosts> logger
) : BackgroundService, ICommitObserver
{
    /// <summary>Of what waits when everything is read again: longer than that it is not applied to the index that is searched until then.</summary>
    private const int MostMeanwhile = 20;

    private static readonly TimeSpan AfterFault = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan BetweenTries = TimeSpan.FromSeconds(1);

    private readonly IndexQueue _queue = new(index, options.Value.MostWaitingEvents, time);

    private bool _isFollowing;

    // How often something was missed, and how much of that the index has made up for.
    private int _lost;
    private int _builtAfter = -1;
    private int _builds;

    /// <summary>Whether this process searches at all.</summary>
    public bool IsFollowing => Volatile.Read(ref _isFollowing);

    /// <summary>A number that is another one whenever the index may be another one.</summary>
    public long Changes => _queue.Told + Volatile.Read(ref _builds);

    private bool IsCurrent => Volatile.Read(ref _builtAfter) == Volatile.Read(ref _lost);

    /// <summary>Followed from here on; what happened before is read.</summary>
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        Volatile.Write(ref _isFollowing, true);
        return base.StartAsync(cancellationToken);
    }

    public void OnCommitted(IReadOnlyList<Committed> group)
    {
        if (!IsFollowing)
        {
            return;
        }

        foreach (var committed in group)
        {
            if (!Matters(committed.Event))
            {
                continue;
            }

            if (!_queue.TryPut(committed.Event))
            {
                Miss();
                return;
            }
        }
    }

    private static bool Matters(DomainEvent happened) =>
        happened
            is PostAccepted
                or PostDeleted
                or AuthorClosed
                or AuthorSuspended
                or AuthorRestored
                or PostsImported
                or AccountCreated
                or AccountsImported
                or ProfileChanged
                or AccountDeleted
                or AccountSuspended
                or AccountRestored;

    public void Forget()
    {
        Miss();
        _queue.Wake();
    }

    /// <summary>What was read of accounts whose changes nobody tells of. Waits while much else does.</summary>
    public ValueTask GiveAsync(AccountsNow accounts, CancellationToken token) =>
        _queue.PutAsync(accounts, token);

    /// <summary>Completes when everything that this process was told of before the call can be found.</summary>
    public Task CaughtUpAsync(CancellationToken token) => _queue.CaughtUpAsync(token);

    /// <summary>As <see cref="CaughtUpAsync"/>, or when that takes longer than a searcher should wait.</summary>
    public ValueTask NearlyCaughtUpAsync(CancellationToken token) =>
        _queue.NearlyCaughtUpAsync(token);

    /// <summary>Everything is read again from the posts; completes when it was.</summary>
    public Task BuildAgainAsync(CancellationToken token)
    {
        Forget();
        return CaughtUpAsync(token);
    }

    private void Miss()
    {
        Interlocked.Increment(ref _lost);
        index.Doubt();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // A start that fails reads nothing, and says nothing but why.
        using var begun = CancellationTokenSource.CreateLinkedTokenSource(
            stoppingToken,
            lifetime.ApplicationStarted
        );
        await Task.Delay(Timeout.InfiniteTimeSpan, time, begun.Token)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var waits = false;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (!IsCurrent)
                {
                    await BuildAsync(stoppingToken);
                }
                else if (await _queue.AwaitAsync(stoppingToken))
                {
                    await ApplyWaitingAsync(null, stoppingToken);
                }

                waits = false;
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested) { }
            catch (StoreUnavailableException fault)
            {
                // What is wrong with it, the store itself says.
                if (!waits)
                {
                    waits = true;
                    Waits(logger, fault.Message);
                }

                await Task.Delay(BetweenTries, time, stoppingToken)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
#pragma warning disable CA1031 // A loop's edge: whatever it met, everything is read again.
            catch (Exception fault)
#pragma warning restore CA1031
            {
                CannotIndex(logger, fault);
                _queue.Leave();
                Miss();
                await Task.Delay(AfterFault, time, stoppingToken)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        Volatile.Write(ref _isFollowing, false);
        _queue.End();
    }

    /// <summary>The image of the index with what happened since, or what the posts are now.</summary>
    private async Task BuildAsync(CancellationToken token)
    {
        var lost = Volatile.Read(ref _lost);
        if (index.IsBuilt || !await TryTakeUpAsync(token))
        {
            await BuildFromPostsAsync(token);
        }

        Volatile.Write(ref _builtAfter, lost);
        Interlocked.Increment(ref _builds);
        if (!IsCurrent)
        {
            index.Doubt();
        }

        _queue.Advance(IsCurrent);
    }

    private async Task<bool> TryTakeUpAsync(CancellationToken token)
    {
        if (await snapshots.ReadAsync(token) is not var (indexed, after, through))
        {
            return false;
        }

#if SEEDED_BUGS
        after = SeededBugs.Is("image-taken-for-current") ? through : after;
#endif
        var past = sources.Posts.Past;
        await foreach (var events in past.BetweenAsync(after, through, token))
        {
            await ApplyAsync(indexed, [.. events.Select(one => one.Event)], token);
        }

        await accounts.ReadAllAsync(indexed, token);
        index.Use(indexed);
        TakenUp(logger, through - after);
        return true;
    }

    private async Task BuildFromPostsAsync(CancellationToken token)
    {
        await FollowMeanwhileAsync(null, token);
        // What waits still was committed before, so it is read: applied one by one, it would come to an end later than the posts.
        while (_queue.Waiting >= IndexQueue.Batch)
        {
            _queue.Take();
            _queue.Leave();
        }

        var into = index.Begin();
        var (started, count) = (time.GetTimestamp(), 0L);
        // Before the posts: it says which of them are nobody else's business.
        await accounts.ReadAllAsync(into, token);
        IReadOnlyList<Post> some = [];
        do
        {
            some = await posts.AllAboveAsync(
                some.Count > 0 ? some[^1].Id : default,
                IndexQueue.Batch,
                token
            );
            count += some.Count;
            await add.AddAsync(into, some, token);
            await FollowMeanwhileAsync(into, token);
        } while (some.Count > 0);
        index.Use(into);
        Built(logger, count, time.GetElapsedTime(started).TotalSeconds);
    }

    /// <summary>While everything is read again the queue must not run over, and who searches goes on to find what was just posted.</summary>
    private async Task FollowMeanwhileAsync(IndexedPosts? building, CancellationToken token)
    {
        for (var i = 0; i < MostMeanwhile && _queue.Waiting > 0; i++)
        {
            await ApplyWaitingAsync(building, token);
        }
    }

    /// <summary>Where it throws, what waits has been taken from the queue and is taken again.</summary>
    /// <param name="building">Another index that is being filled, if any.</param>
    private async Task ApplyWaitingAsync(IndexedPosts? building, CancellationToken token)
    {
        _queue.Take();
        foreach (var into in new[] { index.Now, building }.OfType<IndexedPosts>().Distinct())
        {
            await ApplyAsync(into, _queue.Events, token);
            foreach (var read in _queue.Accounts)
            {
                await accounts.ApplyAsync(into, read, token);
            }
        }

        _queue.Leave();
        _queue.Advance(IsCurrent);
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
#if SEEDED_BUGS
                case PostDeleted when SeededBugs.Is("deleted-stays-in-index"):
                    break;
#endif
                case PostDeleted deleted:
                    into.Remove(deleted.Post);
                    break;
                case AuthorClosed closed:
                    into.Close(closed.Author);
                    break;
                case AuthorSuspended suspended:
                    into.Close(suspended.Author);
                    break;
                case AuthorRestored restored:
                    into.Open(restored.Author);
                    break;
            }
        }

        await accounts.ApplyAsync(into, batch.SelectMany(AccountsIn).ToHashSet(), token);
    }

    private static IEnumerable<AccountId> AccountsIn(DomainEvent happened) =>
        happened switch
        {
            AccountCreated created => [created.Account],
            AccountsImported imported => imported.Accounts,
            ProfileChanged changed => [changed.Account],
            AccountDeleted deleted => [deleted.Account],
            AccountSuspended suspended => [suspended.Account],
            AccountRestored restored => [restored.Account],
            AuthorRestored restored => [restored.Author],
            _ => [],
        };

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

    [LoggerMessage(5, LogLevel.Warning, "The search index waits for the database: {Why}")]
    private static partial void Waits(ILogger logger, string why);

    [LoggerMessage(2, LogLevel.Error, "The search index could not follow; it is built again")]
    private static partial void CannotIndex(ILogger logger, Exception fault);
}
