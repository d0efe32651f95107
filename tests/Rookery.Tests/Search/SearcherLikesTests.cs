using Microsoft.Extensions.Options;
using Rookery.Posts;
using Rookery.Search;
using Rookery.TestKit;
using Rookery.Tests.Reading;
using Xunit;

namespace Rookery.Tests.Search;

/// <summary>The likes of searchers that are kept in memory are those that truth has, whatever happens meanwhile.</summary>
public sealed class SearcherLikesTests
{
    private static readonly AccountId _searcher = new(7);

    private readonly ScriptedPosts _posts = new();
    private readonly SearcherLikes _likes;
    private List<PostId> _truth = [];
    private int _reads;

    public SearcherLikesTests()
    {
        _likes = new SearcherLikes(
            _posts,
            Options.Create(new SearchOptions { CachedSearchers = 16 })
        );
        _posts.NewestMarks = _ =>
        {
            _reads++;
            return Task.FromResult(Newest());
        };
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Through HTTP, and of everything that is asked of the database.</summary>
    [Fact]
    public async Task Who_searches_again_asks_the_database_nothing_and_finds_what_was_liked_in_between()
    {
        var ports = new CountedPorts();
        await using var world = await World.CreateAsync(Stop, ports: ports);
        var (alice, bob) = (world.Alice, world.Bob);
        var liked = await PostAsync("guillemot one");
        await PostAsync("guillemot two");
        await world.SettleAsync(Stop);
        await FindsAsync([]);
        Assert.Contains(nameof(IPostStore.NewestMarksAsync), ports.Calls);

        await FindsWithoutAskingAsync([]);
        (await bob.MarkAsync("like", liked, Stop)).Require(200);
        // Who wrote it is told, which reads it.
        await world.SettleAsync(Stop);
        await FindsWithoutAskingAsync([liked]);
        await FindsWithoutAskingAsync([liked]);
        (await bob.MarkAsync("unlike", liked, Stop)).Require(200);
        await world.SettleAsync(Stop);
        await FindsWithoutAskingAsync([]);

        async Task<PostId> PostAsync(string text) =>
            new(
                (await alice.PostAsync(text, Stop, visibility: Visibility.Unlisted))
                    .Require(201)
                    .Id("tweet_id")
            );

        async Task FindsWithoutAskingAsync(IReadOnlyList<PostId> expected)
        {
            var before = ports.Calls.Count;
            await FindsAsync(expected);
            // Likes are counted behind their answers.
            Assert.DoesNotContain(
                ports.Calls.Skip(before),
                call => call != nameof(IPostStore.CountAsync)
            );
        }

        async Task FindsAsync(IReadOnlyList<PostId> expected)
        {
            var answer = (await bob.SearchAsync("guillemot", Stop)).Require(200);
            Assert.Equal(expected, Entry.Many(answer).Select(entry => entry.Id));
        }
    }

    [Fact]
    public async Task Likes_taken_and_given_in_any_order_leave_the_newest_of_them()
    {
        var random = new Random(5);
        var candidates = Enumerable.Range(1, SearcherLikes.Most + 400).ToArray();
        random.Shuffle(candidates);
        _truth = [.. candidates.Take(SearcherLikes.Most - 100).Select(id => new PostId(id))];
        await AreTheNewestAsync();
        for (var step = 0; step < 4_000; step++)
        {
            var post = new PostId(random.Next(1, candidates.Length + 1));
            // More likes than are held in the one half, fewer in the other.
            var isLiked = random.Next(100) < (step < 2_000 ? 75 : 35);
            Commit(post, isLiked);
            if (random.Next(3) == 0)
            {
                await AreTheNewestAsync();
            }
        }

        Assert.InRange(_reads, 2, 1_000);
        var reads = _reads;
        _likes.Forget();
        await AreTheNewestAsync();
        Assert.Equal(reads + 1, _reads);
    }

    [Fact]
    public async Task A_read_that_began_before_a_like_never_hides_it_though_others_began_after()
    {
        var old = HoldNextRead();
        var first = LikesAsync();
        Commit(new PostId(42), isLiked: true);
        var current = HoldNextRead();
        var second = LikesAsync();

        old.SetResult(new NewestMarks([], []));
        current.SetResult(Newest());
        Assert.Equal(_truth, await second);
        Assert.Equal(_truth, await first);
        Assert.Equal(_truth, await LikesAsync());
    }

    [Fact]
    public async Task Where_a_read_fails_the_next_reads_anew()
    {
        var failing = HoldNextRead();
        var first = LikesAsync();
        failing.SetException(new StoreUnavailableException("gone"));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => first);
        _truth = [new PostId(9)];
        _posts.NewestMarks = _ => Task.FromResult(Newest());
        await AreTheNewestAsync();
    }

    [Fact]
    public async Task More_searchers_than_are_held_are_read_again()
    {
        _truth = [new PostId(3)];
        for (var round = 0; round < 2; round++)
        {
            for (var searcher = 1; searcher <= 200; searcher++)
            {
                Assert.Equal(_truth, await _likes.OfAsync(new AccountId(searcher), Stop));
            }
        }

        Assert.InRange(_reads, 201, 400);
    }

    private NewestMarks Newest() => new([.. _truth.OrderDescending().Take(SearcherLikes.Most)], []);

    private void Commit(PostId post, bool isLiked)
    {
        _truth.Remove(post);
        if (isLiked)
        {
            _truth.Add(post);
        }

        _likes.OnCommitted([
            new Committed(
                1,
                isLiked ? new PostLiked(_searcher, post) : new PostUnliked(_searcher, post)
            ),
        ]);
    }

    private async Task AreTheNewestAsync() =>
        Assert.Equal(Newest().Liked.Reverse(), await LikesAsync());

    private async Task<IReadOnlyList<PostId>> LikesAsync() => await _likes.OfAsync(_searcher, Stop);

    private TaskCompletionSource<NewestMarks> HoldNextRead()
    {
        var held = new TaskCompletionSource<NewestMarks>(
            TaskCreationOptions.RunContinuationsAsynchronously
        );
        _posts.NewestMarks = _ => held.Task;
        return held;
    }
}
