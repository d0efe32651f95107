using Rookery.Graph;
using Rookery.TestKit;
using Xunit;

namespace Rookery.Tests.Graph;

public sealed class AdjacencyTests : IDisposable
{
    private static readonly AccountId Alice = new(1);
    private static readonly AccountId Bob = new(2);
    private static readonly AccountId Carol = new(3);
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private readonly HeldGraph _graph = new();

    public void Dispose() => _graph.Dispose();

    [Fact]
    public void Nobody_is_held_before_it_was_loaded()
    {
        Assert.Null(_graph.FolloweesOf(Alice));
        Assert.Null(_graph.Adjacency.HiddenFrom(Alice));
        _graph.Hold(Alice, HeldGraph.Following());
        Assert.Equal([], _graph.FolloweesOf(Alice));
        Assert.Same(HiddenAccounts.None, _graph.Adjacency.HiddenFrom(Alice));
    }

    [Fact]
    public void What_is_committed_while_a_viewer_is_read_is_on_top_of_what_was_read()
    {
        var loading = _graph.Adjacency.Register(Alice, out var mine)!;
        Assert.True(mine);
        _graph.Commit(
            new Unfollowed(Alice, Bob),
            new Followed(Alice, Carol),
            new Blocked(new(9), Alice),
            new Muted(Alice, new(8), 0)
        );
        Assert.Null(_graph.FolloweesOf(Alice));
        Assert.True(_graph.Adjacency.TryInstall(Alice, loading, HeldGraph.Following(Bob, Carol)));
        Assert.Equal([Carol], _graph.FolloweesOf(Alice)!);
        var hidden = _graph.Adjacency.HiddenFrom(Alice)!;
        Assert.True(hidden.Blocks(new(9)) && hidden.Mutes(new(8), Now));
    }

    [Fact]
    public void A_viewer_that_is_being_read_is_read_once()
    {
        var first = _graph.Adjacency.Register(Alice, out _);
        Assert.Same(first, _graph.Adjacency.Register(Alice, out var mine));
        Assert.False(mine);
        _graph.Adjacency.TryInstall(Alice, first!, HeldGraph.Following());
        Assert.True(first!.Done.IsCompletedSuccessfully);
        Assert.Null(_graph.Adjacency.Register(Alice, out _));
    }

    [Fact]
    public async Task A_load_that_failed_leaves_nothing_behind()
    {
        var loading = _graph.Adjacency.Register(Alice, out _)!;
        _graph.Adjacency.Abandon(Alice, loading, new StoreUnavailableException());
        await Assert.ThrowsAsync<StoreUnavailableException>(() => loading.Done);
        Assert.Null(_graph.FolloweesOf(Alice));
        Assert.NotNull(_graph.Adjacency.Register(Alice, out var mine));
        Assert.True(mine);
    }

    [Fact]
    public void What_was_read_before_an_import_or_a_fault_is_read_again()
    {
        foreach (
            var spoil in new Action[]
            {
                () => _graph.Commit(new FollowsImported([Alice])),
                _graph.Adjacency.Forget,
            }
        )
        {
            var loading = _graph.Adjacency.Register(Alice, out _)!;
            spoil();
            _graph.Commit(new Followed(Alice, Carol));
            Assert.False(_graph.Adjacency.TryInstall(Alice, loading, HeldGraph.Following()));
            Assert.Null(_graph.FolloweesOf(Alice));
            Assert.True(_graph.Adjacency.TryInstall(Alice, loading, HeldGraph.Following(Bob)));
            Assert.Equal([Bob, Carol], _graph.FolloweesOf(Alice)!);
            spoil();
            Assert.Null(_graph.FolloweesOf(Alice));
        }
    }

    [Fact]
    public void Blocks_hide_from_both_until_the_last_of_them_ends()
    {
        _graph.Hold(Alice, HeldGraph.Following());
        _graph.Hold(Bob, HeldGraph.Following());
        _graph.Commit(new Blocked(Alice, Bob), new Blocked(Bob, Alice), new Unblocked(Alice, Bob));
        Assert.True(_graph.Adjacency.HiddenFrom(Alice)!.Blocks(Bob));
        Assert.True(_graph.Adjacency.HiddenFrom(Bob)!.Blocks(Alice));
        _graph.Commit(new Unblocked(Bob, Alice));
        Assert.Same(HiddenAccounts.None, _graph.Adjacency.HiddenFrom(Alice));
        Assert.Same(HiddenAccounts.None, _graph.Adjacency.HiddenFrom(Bob));
    }

    [Fact]
    public void A_mute_ends_by_itself_and_by_an_unmute()
    {
        _graph.Hold(Alice, HeldGraph.Following());
        _graph.Commit(new Muted(Alice, Bob, Now.AddSeconds(1).ToUnixTimeMilliseconds()));
        Assert.True(_graph.Adjacency.HiddenFrom(Alice)!.Mutes(Bob, Now));
        Assert.False(_graph.Adjacency.HiddenFrom(Alice)!.Mutes(Bob, Now.AddSeconds(1)));
        _graph.Commit(new Muted(Alice, Bob, 0), new Muted(Alice, Carol, 0));
        Assert.True(_graph.Adjacency.HiddenFrom(Alice)!.Mutes(Bob, Now.AddYears(9)));
        _graph.Commit(new Unmuted(Alice, Bob), new Unmuted(Alice, Carol));
        Assert.True(_graph.Adjacency.HiddenFrom(Alice)!.IsEmpty);
    }

    [Fact]
    public void A_closed_member_is_no_longer_held()
    {
        _graph.Hold(Alice, HeldGraph.Following(Bob));
        _graph.Commit(new MemberClosed(Alice));
        Assert.Null(_graph.FolloweesOf(Alice));
    }

    [Fact]
    public void Copying_followees_allocates_nothing()
    {
        _graph.Hold(
            Alice,
            HeldGraph.Following(Enumerable.Range(10, 500).Select(id => new AccountId(id)))
        );
        var buffer = new int[512];
        Assert.Equal(0, LeastAllocated.Of(() => CopyOften(10_000, ref buffer)));
    }

    [Fact]
    public void A_follow_costs_less_than_six_bytes()
    {
        using var graph = new HeldGraph(256 << 20);
        var random = new Random(7);
        var follows = 0;
        foreach (var viewer in Enumerable.Range(1, 5000))
        {
            var count = (int)Math.Exp(random.NextDouble() * Math.Log(2000));
            follows += count;
            graph.Hold(
                new(viewer),
                HeldGraph.Following(Enumerable.Range(1, count).Select(id => new AccountId(id)))
            );
        }

        Assert.InRange(graph.Adjacency.Bytes / (double)follows, 4, 6);
    }

    private void CopyOften(int times, ref int[] buffer)
    {
        for (var i = 0; i < times; i++)
        {
            if (
                _graph.Adjacency.CopyFollowees(Alice, ref buffer) != 500
                || _graph.Adjacency.HiddenFrom(Alice) is null
            )
            {
                throw new InvalidOperationException("Alice is not held.");
            }
        }
    }
}
