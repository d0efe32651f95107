using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Rookery.Accounts;
using Rookery.Delivery;
using Rookery.Posts;
using Rookery.Search;
using Rookery.Search.Index;
using Rookery.TestKit;
using Rookery.Tests.Reading;
using Xunit;

namespace Rookery.Tests.Search;

/// <summary>How the index follows what happens, when that is much, or something was missed.</summary>
public sealed class IndexPostsTests : IAsyncDisposable
{
    private const int MostWaiting = 1_000;

    private static readonly AccountId Author = new(1 << 12);

    private readonly TemporaryFolder _folder = new();
    private readonly Started _lifetime = new();
    private readonly ScriptedPosts _posts = new();
    private readonly FakeTime _time = new();
    private readonly IOptions<SearchOptions> _options = Options.Create(
        new SearchOptions { MostWaitingEvents = MostWaiting }
    );
    private readonly SearchIndex _index;
    private readonly SearchSnapshots _snapshots;
    private readonly IndexPosts _follow;
    private readonly AddToIndex _add;
    private long _toldThrough;
    private int _builds;

    public IndexPostsTests()
    {
        _index = new SearchIndex(_options);
        var layout = new ShardLayout(_options);
        var sources = DeliveryLines.Only(
            new DeliveryLine(
                null!,
                new EventSource(new NoPast(), null!, new CommitLeases([]))
                {
                    ToldThroughAsync = () => Task.FromResult(_toldThrough),
                }
            )
        );
        _snapshots = new SearchSnapshots(
            new SearchFolder(_folder.Path),
            sources,
            layout,
            _options,
            NullLogger<SearchSnapshots>.Instance
        );
        _add = new AddToIndex(_posts, layout);
        _follow = new IndexPosts(
            _index,
            _add,
            new IndexAccounts(new KnownAccounts(Author), _add),
            _snapshots,
            sources,
            _posts,
            _lifetime,
            _options,
            TimeProvider.System,
            NullLogger<IndexPosts>.Instance
        );
        _posts.Reading = above =>
        {
            _builds += above.Value == 0 ? 1 : 0;
            return Task.CompletedTask;
        };
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Where_more_happens_than_may_wait_everything_is_read_again_once_and_meanwhile_followed()
    {
        await StartAsync();
        var (stands, goes) = (new TaskCompletionSource(), new TaskCompletionSource());
        var reads = 0;
        _posts.Reading = async above =>
        {
            _builds += above.Value == 0 ? 1 : 0;
            if (reads++ == 0)
            {
                stands.SetResult();
                await goes.Task;
            }
            else if (reads < 6)
            {
                // It goes on all the time, each time with as much as may wait at once.
                Accept(MostWaiting);
            }
        };
        _builds = 0;
        _follow.Forget();
        await stands.Task;
        // One that is missed while everything is read is a reason to read once more.
        Accept(MostWaiting + 1);
        Assert.False(_index.IsWhole);
        goes.SetResult();
        await _follow.CaughtUpAsync(Stop);
        Assert.Equal(2, _builds);
        Assert.True(_index.IsWhole);
        Assert.Equal(_posts.Standing.Count, Found());
    }

    [Fact]
    public async Task What_is_posted_while_everything_is_read_again_is_found_before_that_is_done()
    {
        await StartAsync();
        Accept(1);
        await _follow.CaughtUpAsync(Stop);
        var (stands, goes) = (new TaskCompletionSource(), new TaskCompletionSource());
        var reads = 0;
        _posts.Reading = async _ =>
        {
            // The second read is of the end.
            if (reads++ == 1)
            {
                stands.SetResult();
                await goes.Task;
            }
            else if (reads == 1)
            {
                Accept(1);
            }
        };
        _follow.Forget();
        var caughtUp = _follow.CaughtUpAsync(Stop);
        await stands.Task;
        Assert.Equal(2, Found());
        Assert.False(_index.IsWhole);
        Assert.False(caughtUp.IsCompleted);
        goes.SetResult();
        await caughtUp;
        Assert.True(_index.IsWhole);
        Assert.Equal(2, Found());
    }

    [Fact]
    public async Task However_many_search_meanwhile_nothing_waits_for_them_in_the_queue()
    {
        var (stands, goes) = (new TaskCompletionSource(), new TaskCompletionSource());
        _posts.Reading = async above =>
        {
            _builds += above.Value == 0 ? 1 : 0;
            stands.TrySetResult();
            await goes.Task;
        };
        await _follow.StartAsync(Stop);
        _lifetime.Start();
        await stands.Task;
        var searches = Enumerable
            .Range(0, 2 * MostWaiting)
            .Select(_ => _follow.NearlyCaughtUpAsync(Stop).AsTask())
            .ToList();
        Accept(MostWaiting);
        goes.SetResult();
        await Task.WhenAll(searches);
        await _follow.CaughtUpAsync(Stop);
        Assert.Equal(1, _builds);
        Assert.Equal(MostWaiting, Found());
    }

    [Fact]
    public async Task An_image_says_no_more_of_itself_than_its_process_was_told()
    {
        await StartAsync();
        _toldThrough = 5;
        Assert.Equal(5, (await _snapshots.WatermarkAsync(Stop)).Sequence);
    }

    [Fact]
    public async Task While_accounts_are_away_posts_are_found()
    {
        var away = new AwayAccounts();
        using var keep = new KeepIndex(
            _index,
            _follow,
            _snapshots,
            away,
            new IndexAccounts(away, _add),
            _options,
            _time,
            NullLogger<KeepIndex>.Instance
        );
        await StartAsync();
        await keep.StartAsync(Stop);
        await Wait.UntilAsync(
            () =>
            {
                _time.Advance(TimeSpan.FromSeconds(30));
                return Task.FromResult(away.Asked > 1);
            },
            () => "accounts are asked again and again",
            Stop
        );
        Accept(1);
        await _follow.CaughtUpAsync(Stop);
        Assert.Equal(1, Found());
        await keep.StopAsync(Stop);
    }

    public async ValueTask DisposeAsync()
    {
        await _follow.StopAsync(CancellationToken.None);
        _follow.Dispose();
        _folder.Dispose();
        _lifetime.Dispose();
    }

    private async Task StartAsync()
    {
        await _follow.StartAsync(Stop);
        _lifetime.Start();
        await _follow.CaughtUpAsync(Stop);
        Assert.True(_index.IsWhole);
    }

    /// <summary>Posts that stand, and of which everybody is told.</summary>
    private void Accept(int count)
    {
        var accepted = new List<Committed>();
        lock (_posts.Standing)
        {
            for (var i = 0; i < count; i++)
            {
                var id = new PostId(((_posts.Standing.Count + 1L) << 22) | 1);
                _posts.Standing.Add(
                    new Post(
                        id,
                        Author,
                        PostKind.Post,
                        Visibility.Public,
                        "word",
                        default,
                        default,
                        default,
                        default,
                        default
                    )
                );
                accepted.Add(
                    new Committed(
                        _posts.Standing.Count,
                        new PostAccepted(
                            id,
                            Author,
                            PostKind.Post,
                            Visibility.Public,
                            AuthorClass.Merged,
                            default,
                            default,
                            []
                        )
                    )
                );
            }
        }

        _follow.OnCommitted(accepted);
    }

    private int Found()
    {
        var everything = QueryPlan.Of(new SearchNode.Ids(new PostId(1), new PostId(long.MaxValue)));
        using var cursor = _index.Now.Public.Open(
            everything,
            new Page(Page.MaxCount),
            long.MaxValue
        );
        var batch = new PostId[Page.MaxCount];
        var found = 0;
        for (int count; (count = cursor.NextBatch(batch)) > 0; )
        {
            found += count;
        }

        return found;
    }

    private sealed class Started : IHostApplicationLifetime, IDisposable
    {
        private readonly CancellationTokenSource _started = new();

        public CancellationToken ApplicationStarted => _started.Token;

        public CancellationToken ApplicationStopping => CancellationToken.None;

        public CancellationToken ApplicationStopped => CancellationToken.None;

        public void Start() => _started.Cancel();

        public void StopApplication() => throw new NotSupportedException();

        public void Dispose() => _started.Dispose();
    }

    private sealed class NoPast : IPastEvents
    {
        public Task<string> OutboxAsync(CancellationToken token) => Task.FromResult("an outbox");

        public ValueTask<long> LastAsync(CancellationToken token) => ValueTask.FromResult(100_000L);

        public ValueTask<bool> StandsAsync(long sequence, CancellationToken token) =>
            ValueTask.FromResult(false);

        public IAsyncEnumerable<IReadOnlyList<Committed>> BetweenAsync(
            long after,
            long through,
            CancellationToken token
        ) => throw new NotSupportedException();
    }

    /// <summary>Another process's, which does not answer.</summary>
    private sealed class AwayAccounts : IAccounts
    {
        private int _asked;

        public int Asked => Volatile.Read(ref _asked);

        public bool TellsOfChanges => false;

        public ValueTask<AccountLocks> LocksAsync(
            ReadOnlyMemory<AccountId> ids,
            CancellationToken token
        ) => throw new NotSupportedException();

        public ValueTask<IReadOnlyList<AccountCard>> AllAboveAsync(
            AccountId after,
            CancellationToken token
        )
        {
            Interlocked.Increment(ref _asked);
            throw new StoreUnavailableException("away");
        }

        public ValueTask<IReadOnlyList<AccountCard>> CardsAsync(
            ReadOnlyMemory<AccountId> ids,
            CancellationToken token
        ) => throw new StoreUnavailableException("away");

        public ValueTask<IReadOnlyList<AccountId>> UnknownAsync(
            ReadOnlyMemory<AccountId> ids,
            CancellationToken token
        ) => throw new StoreUnavailableException("away");

        public ValueTask<IReadOnlyDictionary<string, AccountId>> ResolveAsync(
            IReadOnlyCollection<string> foldedUsernames,
            CancellationToken token
        ) => throw new StoreUnavailableException("away");

        public ValueTask<AccountId?> AuthenticateAsync(string authToken, CancellationToken token) =>
            throw new StoreUnavailableException("away");

        public ValueTask<bool> IsSessionOpenAsync(TokenHash session, CancellationToken token) =>
            throw new StoreUnavailableException("away");

        public int ProfileVersion(int ordinal) => 0;
    }
}
