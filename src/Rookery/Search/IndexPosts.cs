using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
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

    private readonly Channel<Happening> _happened = Channel.CreateBounded<Happening>(
        new BoundedChannelOptions(MostWaiting) { SingleReader = true }
    );

    // What was taken from the queue and is not in the index yet; the following loop's alone.
    private readonly List<Happening> _taken = [];

    private bool _isFollowing;
    private int _lost;
    private long _told;
    private long _applied;

    /// <summary>Whether this process searches at all.</summary>
    public bool IsFollowing => Volatile.Read(ref _isFollowing);

    /// <summary>Events so far that the index had to follow.</summary>
    public long Told => Interlocked.Read(ref _told);

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

            if (!_happened.Writer.TryWrite(new Happening(committed.Event, null)))
            {
                Interlocked.Increment(ref _lost);
                return;
            }

            Interlocked.Increment(ref _told);
        }
    }

    private static bool Matters(DomainEvent happened) =>
        happened
            is PostAccepted
                or PostDeleted
                or AuthorClosed
                or PostsImported
                or AccountCreated
                or AccountsImported
                or ProfileChanged
                or AccountDeleted;

    public void Forget()
    {
        Interlocked.Increment(ref _lost);
        // Wakes who waits; where there is no room for it, nobody does.
        _happened.Writer.TryWrite(default);
    }

    /// <summary>Where nobody tells of what changes in accounts.</summary>
    public void ReadAccountsAgain() => _happened.Writer.TryWrite(new Happening(null, null, true));

    /// <summary>Completes when everything that this process was told of before the call can be found.</summary>
    public async Task CaughtUpAsync(CancellationToken token)
    {
        var reached = NewMark();
        var mark = new Happening(null, reached);
        while (!_happened.Writer.TryWrite(mark))
        {
            if (!await _happened.Writer.WaitToWriteAsync(token))
            {
                throw HasEnded();
            }
        }

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
        index.IsWhole && Told == Interlocked.Read(ref _applied)
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

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
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
                    SayApplied();
                }
                else if (await _happened.Reader.WaitToReadAsync(stoppingToken))
                {
                    await ApplyWaitingAsync(stoppingToken);
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested) { }
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

        End();
    }

    /// <summary>Nobody follows any more: who waits to be caught up with, now or later, is told so.</summary>
    private void End()
    {
        Volatile.Write(ref _isFollowing, false);
        _happened.Writer.TryComplete();
        for (Take(); _taken.Count > 0; Take())
        {
            _taken.ForEach(one => one.Reached?.TrySetException(HasEnded()));
            _taken.Clear();
        }
    }

    private static StoreUnavailableException HasEnded() =>
        new("The search index is followed no more: the server stops.");

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

            await accounts.ReadAllAsync(indexed, token);
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
        // Before the posts: it says which of them are nobody else's business.
        await accounts.ReadAllAsync(into, token);
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
        Take();
        var events = _taken.Select(one => one.Event).OfType<DomainEvent>().ToList();
        for (var isApplied = false; !isApplied; )
        {
            try
            {
                await ApplyAsync(index.Now, events, token);
                if (_taken.Exists(one => one.IsAllAccounts))
                {
                    await accounts.ReadAllAsync(index.Now, token);
                }

                isApplied = true;
            }
            catch (StoreUnavailableException fault)
            {
                Waits(logger, fault);
                await Task.Delay(BetweenTries, time, token);
            }
        }

        SayApplied();
    }

    private void SayApplied()
    {
        Interlocked.Add(ref _applied, _taken.Count(one => one.Event is not null));
        _taken.ForEach(one => one.Reached?.TrySetResult());
        _taken.Clear();
    }

    private void Take()
    {
        while (_taken.Count < Batch && _happened.Reader.TryRead(out var happened))
        {
            _taken.Add(happened);
        }
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

        await accounts.ApplyAsync(into, batch.SelectMany(AccountsIn).ToHashSet(), token);
    }

    private static IEnumerable<AccountId> AccountsIn(DomainEvent happened) =>
        happened switch
        {
            AccountCreated created => [created.Account],
            AccountsImported imported => imported.Accounts,
            ProfileChanged changed => [changed.Account],
            AccountDeleted deleted => [deleted.Account],
            _ => [],
        };

    private static TaskCompletionSource NewMark() =>
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>An event; or that something may have happened to any account; or a mark that somebody waits for; or neither, to wake who waits for either.</summary>
    private readonly record struct Happening(
        DomainEvent? Event,
        TaskCompletionSource? Reached,
        bool IsAllAccounts = false
    );

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

    [LoggerMessage(2, LogLevel.Error, "The search index could not follow; it is built again")]
    private static partial void CannotIndex(ILogger logger, Exception fault);
}
