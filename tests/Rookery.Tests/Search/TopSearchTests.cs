using Rookery.TestKit;
using Xunit;

namespace Rookery.Tests.Search;

/// <summary>The most noticed first: one ranking, of which who asks sees what it may see.</summary>
public sealed class TopSearchTests : IAsyncLifetime
{
    private const int Count = 20;

    private World _world = null!;

    /// <summary>By alice and carol in turn, oldest first; some older ones of both are liked.</summary>
    private List<Written> _posts = [];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _world = await World.CreateAsync(Stop);
        for (var i = 0; i < 80; i++)
        {
            var author = i % 2 == 0 ? _world.Alice : _world.Carol;
            var answer = (await author.PostAsync($"grouse {i}", Stop)).Require(201);
            var likes =
                i % 7 == 0 ? 2
                : i % 5 == 0 ? 1
                : 0;
            _posts.Add(new Written(new PostId(answer.Id("tweet_id")), author, likes));
            foreach (var fan in new[] { _world.Star, _world.Bob }.Take(likes))
            {
                (await fan.MarkAsync("like", _posts[^1].Id, Stop)).Require(200);
            }
        }

        await _world.SettleAsync(Stop);
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Who_mutes_or_blocks_half_of_the_authors_sees_the_ranking_without_them()
    {
        await FindsAsync(_posts, "");
        (await _world.Bob.RelateAsync("mute", _world.Carol.Id, Stop)).Require(200);
        await FindsAsync(_posts.Where(post => post.Author == _world.Alice), "");
        (await _world.Bob.RelateAsync("block", _world.Carol.Id, Stop)).Require(200);
        await FindsAsync(_posts.Where(post => post.Author == _world.Alice), "");
    }

    [Fact]
    public async Task The_bounds_of_the_page_bound_what_is_ranked()
    {
        var (low, high) = (_posts[9].Id, _posts[70].Id);
        await FindsAsync(_posts, "&min_id=1");
        await FindsAsync(_posts.Skip(10), $"&min_id={low}");
        await FindsAsync(_posts.Skip(10), $"&since_id={low}");
        await FindsAsync(_posts.Take(70), $"&max_id={high}");
        await FindsAsync(_posts.Take(70).Skip(10), $"&max_id={high}&min_id={low}");
    }

    private async Task FindsAsync(IEnumerable<Written> among, string bounds)
    {
        var answer = await _world.Bob.SearchAsync($"grouse%20sort:top&count={Count}{bounds}", Stop);
        Assert.Equal(
            among
                .OrderByDescending(post => post.Likes)
                .ThenByDescending(post => post.Id)
                .Take(Count)
                .Select(post => post.Id),
            Entry.Many(answer.Require(200)).Select(entry => entry.Id)
        );
    }

    private sealed record Written(PostId Id, ClassicClient Author, int Likes);
}
