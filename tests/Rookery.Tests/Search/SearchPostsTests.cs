using Microsoft.Extensions.Options;
using Rookery.Posts;
using Rookery.Search;
using Rookery.TestKit;
using Xunit;

namespace Rookery.Tests.Search;

public sealed class SearchPostsTests : IDisposable
{
    private readonly FakeTime _time = new();
    private readonly HeldPosts _posts = new();
    private readonly SearchPosts _search;

    public SearchPostsTests() =>
        _search = new SearchPosts(
            _posts,
            Options.Create(new SearchOptions { ScansAtOnce = 2 }),
            _time
        );

    [Fact]
    public async Task No_more_search_at_the_same_time_than_the_option_says()
    {
        var first = SearchAsync();
        var second = SearchAsync();
        var third = SearchAsync();
        Assert.Equal(2, _posts.Reading);

        _posts.LetOneGo();
        Assert.True((await await Task.WhenAny(first, second)).Succeeded);
        Assert.True(await _posts.ReachedAsync(3));
        _posts.LetOneGo();
        _posts.LetOneGo();

        var all = await Task.WhenAll(first, second, third);
        Assert.All(all, found => Assert.True(found.Succeeded));
    }

    [Fact]
    public async Task Who_gets_no_turn_within_a_second_is_told_when_to_come_back()
    {
        var running = new[] { SearchAsync(), SearchAsync() };
        var refused = SearchAsync();
        Assert.False(refused.IsCompleted);

        _time.Advance(TimeSpan.FromSeconds(1));

        var problem = (await refused).Problem;
        Assert.Equal(ProblemKind.Unavailable, problem?.Kind);
        Assert.Equal(TimeSpan.FromSeconds(1), problem?.RetryAfter);
        _posts.LetOneGo();
        _posts.LetOneGo();
        await Task.WhenAll(running);

        // Nobody's turn was lost with the one who gave up.
        running = [SearchAsync(), SearchAsync()];
        Assert.True(await _posts.ReachedAsync(4));
        _posts.LetOneGo();
        _posts.LetOneGo();
        await Task.WhenAll(running);
    }

    [Fact]
    public async Task Who_hangs_up_while_waiting_takes_no_turn()
    {
        using var gone = new CancellationTokenSource();
        var running = new[] { SearchAsync(), SearchAsync() };
        var waiting = _search.HandleAsync("word", new Page(20), gone.Token).AsTask();

        await gone.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        _posts.LetOneGo();
        _posts.LetOneGo();
        await Task.WhenAll(running);
        Assert.Equal(2, _posts.Reading);
    }

    public void Dispose()
    {
        _search.Dispose();
        _posts.Dispose();
    }

    private Task<Result<IReadOnlyList<PostId>>> SearchAsync() =>
        _search.HandleAsync("word", new Page(20), TestContext.Current.CancellationToken).AsTask();

    /// <summary>No posts, and every read of the list waits until it is let go.</summary>
    private sealed class HeldPosts : IPosts, IDisposable
    {
        private readonly SemaphoreSlim _gate = new(0);
        private readonly SemaphoreSlim _arrivals = new(0);
        private int _awaited;
        private int _reading;

        /// <summary>Reads that were begun.</summary>
        public int Reading => Volatile.Read(ref _reading);

        public void LetOneGo() => _gate.Release();

        public void Dispose()
        {
            _gate.Dispose();
            _arrivals.Dispose();
        }

        public async Task<bool> ReachedAsync(int reads)
        {
            for (; _awaited < reads; _awaited++)
            {
                await _arrivals.WaitAsync(TestContext.Current.CancellationToken);
            }

            return Reading == reads;
        }

        public async ValueTask<IReadOnlyList<PostId>> ListAsync(
            PostList list,
            Page page,
            CancellationToken token
        )
        {
            Interlocked.Increment(ref _reading);
            _arrivals.Release();
            await _gate.WaitAsync(token);
            return [];
        }

        public ValueTask<IReadOnlyList<Post>> GetManyAsync(
            ReadOnlyMemory<PostId> ids,
            CancellationToken token
        ) => ValueTask.FromResult<IReadOnlyList<Post>>([]);

        public ValueTask<IReadOnlyList<AuthorIds>> NewestOfAsync(
            ReadOnlyMemory<AccountId> authors,
            PostId below,
            int perAuthor,
            CancellationToken token
        ) => throw new NotSupportedException();

        public ValueTask<IReadOnlyList<AuthorIds>> OldestOfAsync(
            ReadOnlyMemory<AccountId> authors,
            PostId above,
            int perAuthor,
            CancellationToken token
        ) => throw new NotSupportedException();

        public ValueTask<IReadOnlyDictionary<PostId, ViewerMarks>> MarksAsync(
            AccountId viewer,
            ReadOnlyMemory<PostId> ids,
            CancellationToken token
        ) => throw new NotSupportedException();

        public ValueTask<NewestMarks> NewestMarksAsync(
            AccountId viewer,
            int limit,
            CancellationToken token
        ) => throw new NotSupportedException();

        public ValueTask<IReadOnlySet<PostId>> MentioningAsync(
            AccountId account,
            ReadOnlyMemory<PostId> ids,
            CancellationToken token
        ) => throw new NotSupportedException();

        public ValueTask<PostId> NewestIdAsync(CancellationToken token) =>
            throw new NotSupportedException();

        public ValueTask<IReadOnlyList<AccountId>> MergedAuthorsAsync(CancellationToken token) =>
            throw new NotSupportedException();

        public Task MergeAuthorAsync(AccountId author, CancellationToken token) =>
            throw new NotSupportedException();
    }
}
