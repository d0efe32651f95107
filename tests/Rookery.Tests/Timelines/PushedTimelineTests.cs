using Microsoft.Extensions.Options;
using Rookery.Adapters.Memory;
using Rookery.Graph;
using Rookery.Posts;
using Rookery.TestKit;
using Rookery.Tests.Graph;
using Rookery.Tests.Reading;
using Rookery.Timelines;
using Xunit;

namespace Rookery.Tests.Timelines;

/// <summary>Home timelines from pushed entries and heads, and their rebuilding.</summary>
public sealed class PushedTimelineTests : IDisposable
{
    private static readonly AccountId Viewer = new(1);
    private static readonly AccountId Known = new(2);
    private static readonly AccountId New = new(3);

    private readonly HeldGraph _graph = new();
    private readonly AuthorHeads _heads = new(1 << 20);
    private readonly ColdReads _cold;
    private readonly MemoryTimelineStore _store;
    private readonly HomeTimeline _home;

    public PushedTimelineTests()
    {
        var options = Options.Create(new TimelinesOptions { MergeAtReadAbove = 10 });
        var time = new FakeTime();
        var posts = new ScriptedPosts();
        posts.Standing.AddRange([Post(10, Known), Post(20, New), Post(30, Known)]);
        _graph.Hold(Viewer, HeldGraph.Following(Known));
        _cold = new ColdReads(options, time);
        _store = new MemoryTimelineStore(options, time);
        var graph = new BehindTruth(_graph.Adjacency);
        var pushed = new PushedTimeline(
            _store,
            graph,
            posts,
            _graph.Ordinals,
            new MergedAuthors(options, _graph.Ordinals),
            _cold,
            OwnMeters.Unheard(),
            options
        );
        _home = new HomeTimeline(
            _heads,
            _graph.Ordinals,
            graph,
            new LoadHeads(_heads, _graph.Ordinals, graph, posts),
            new DeepRead(posts, _heads, _graph.Ordinals),
            pushed,
            _cold,
            OwnMeters.Unheard(),
            time
        );
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_rebuild_asks_truth_whom_the_owner_follows()
    {
        // This process has not been told yet of the newest follow; the drop that it caused was before.
        Assert.Equal([30L, 10L], await ReadAsync());
        var built = await _store.ReadAsync(Viewer, 9, Stop);
        Assert.Equal([30L, 20L, 10L], built.Entries.Select(entry => entry.Post.Value));
    }

    [Fact]
    public async Task An_entry_by_who_is_no_longer_followed_is_not_shown()
    {
        await ReadAsync();
        Assert.Equal([30L, 10L], await ReadAsync());
    }

    [Fact]
    public async Task A_pushed_entry_is_read_beside_what_was_built()
    {
        await ReadAsync();
        var entry = new TimelineEntry(new PostId(40), Known);
        await _store.PushAsync(new[] { Viewer }, entry, Stop);
        Assert.Equal([40L, 30L, 10L], await ReadAsync());
    }

    public void Dispose()
    {
        _cold.Dispose();
        _heads.Dispose();
        _graph.Dispose();
    }

    private static Post Post(int id, AccountId author) =>
        new(
            new PostId(id),
            author,
            PostKind.Post,
            Visibility.Public,
            "text",
            default,
            default,
            default,
            default,
            default
        );

    private async Task<List<long>> ReadAsync()
    {
        var read = new HomeRead();
        read.Start(Viewer, new Page(20), 20, includeOwn: false);
        await _home.ReadAsync(read, Stop);
        return [.. read.Ids[..read.Count]];
    }

    private sealed class BehindTruth(Adjacency adjacency) : InMemoryGraph(adjacency)
    {
        public override ValueTask<IReadOnlyList<AccountId>> FolloweesInTruthAsync(
            AccountId viewer,
            CancellationToken token
        ) => ValueTask.FromResult<IReadOnlyList<AccountId>>([Known, New]);
    }
}
