using Microsoft.Extensions.Options;
using Rookery.Adapters.Memory;
using Rookery.Posts;
using Rookery.TestKit;
using Rookery.Tests.Graph;
using Rookery.Tests.Reading;
using Rookery.Timelines;
using Xunit;

namespace Rookery.Tests.Timelines;

/// <summary>What a read of one followee's posts, more than a head starts with, does to that head.</summary>
public sealed class HomeTimelineTests : IDisposable
{
    private const int Posts = 100;
    private const int Narrow = 16;
    private const int Middle = 64;

    private static readonly AccountId Viewer = new(1);
    private static readonly AccountId Author = new(2);

    private readonly HeldGraph _graph = new();
    private readonly AuthorHeads _heads = new(1 << 20);
    private readonly ColdReads _cold = new(
        Options.Create(new TimelinesOptions()),
        TimeProvider.System
    );
    private readonly HomeTimeline _home;

    public HomeTimelineTests()
    {
        var posts = new ScriptedPosts();
        posts.Standing.AddRange(Enumerable.Range(1, Posts).Select(Post));
        _graph.Hold(Viewer, HeldGraph.Following(Author));
        var (ordinals, graph) = (_graph.Ordinals, new InMemoryGraph(_graph.Adjacency));
        var options = Options.Create(new TimelinesOptions());
        var pushed = new PushedTimeline(
            new MemoryTimelineStore(options, TimeProvider.System),
            graph,
            posts,
            ordinals,
            new MergedAuthors(options, ordinals),
            _cold,
            OwnMeters.Unheard(),
            options
        );
        _home = new HomeTimeline(
            _heads,
            ordinals,
            graph,
            new LoadHeads(_heads, ordinals, graph, posts),
            new DeepRead(posts, _heads, ordinals),
            pushed,
            _cold,
            OwnMeters.Unheard(),
            TimeProvider.System
        );
    }

    [Fact]
    public async Task Reading_the_top_deeper_than_a_head_widens_it()
    {
        Assert.Equal(Enumerable.Range(Posts - 39, 40).Reverse(), await ReadAsync(new Page(40)));
        Assert.Equal(Middle, NextRoom());
    }

    [Fact]
    public async Task Asking_for_what_is_newer_than_an_old_post_widens_nothing()
    {
        Assert.Equal(
            Enumerable.Range(11, 5).Reverse(),
            await ReadAsync(new Page(5, MinId: new PostId(10)))
        );
        Assert.Equal(Narrow, NextRoom());
    }

    public void Dispose()
    {
        _cold.Dispose();
        _heads.Dispose();
        _graph.Dispose();
    }

    private static Post Post(int id) =>
        new(
            new PostId(id),
            Author,
            PostKind.Post,
            Visibility.Public,
            "text",
            default,
            default,
            default,
            default,
            default
        );

    private async Task<IEnumerable<int>> ReadAsync(Page page)
    {
        var read = new HomeRead();
        read.Start(Viewer, page, page.Count, includeOwn: false);
        await _home.ReadAsync(read, TestContext.Current.CancellationToken);
        return [.. read.Ids.Take(read.Count).Select(id => (int)id)];
    }

    /// <summary>How many ids of the author the next load asks for.</summary>
    private int NextRoom()
    {
        var author = _graph.Ordinals.GetOrAdd(Author);
        using (_heads.Write())
        {
            _heads.Drop(author);
        }

        using var load = _heads.BeginLoad([author]);
        return load.Room;
    }
}
