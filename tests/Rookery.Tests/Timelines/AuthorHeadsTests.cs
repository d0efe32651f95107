using Rookery.TestKit;
using Rookery.Timelines;
using Xunit;

namespace Rookery.Tests.Timelines;

public sealed class AuthorHeadsTests : IDisposable
{
    private const int Narrow = 16;
    private const int Authors = 300;
    private static readonly int[] _first = [0];
    private static readonly MergeRange _newest = new(long.MaxValue, 0, false);

    private readonly HeadsWorld _world = new(Authors, 1 << 20);

    [Fact]
    public void A_post_committed_between_the_read_and_the_installation_is_there()
    {
        _world.Post(0);
        using var load = _world.Heads.BeginLoad(_first);
        var rows = _world.Rows(0, load.Room);
        _world.Post(0);
        load.Complete(0, rows, load.Room);
        Assert.Equal(_world.Oracle(_first, _newest, 20), Page(_first));
    }

    [Fact]
    public void A_post_removed_between_the_read_and_the_installation_is_not_there()
    {
        _world.Post(0);
        _world.Post(0);
        using var load = _world.Heads.BeginLoad(_first);
        var rows = _world.Rows(0, load.Room);
        _world.Remove(0, rows[0]);
        load.Complete(0, rows, load.Room);
        Assert.Equal([rows[1]], Page(_first));
    }

    [Fact]
    public void What_was_read_before_a_drop_is_thrown_away()
    {
        using var load = _world.Heads.BeginLoad(_first);
        _world.Heads.DropAll();
        load.Complete(0, [5], load.Room);
        Assert.Equal(0, _world.Heads.Held);
    }

    [Fact]
    public void One_load_at_a_time_reads_an_author_and_wakes_the_others()
    {
        var first = _world.Heads.BeginLoad([0, 1]);
        using var second = _world.Heads.BeginLoad([1, 2]);
        Assert.Equal([2], second.Taken);
        Assert.False(second.Others.IsCompleted);
        Assert.True(first.Others.IsCompleted);

        first.Dispose();
        Assert.True(second.Others.IsCompletedSuccessfully);
    }

    [Fact]
    public void A_load_never_waits_for_itself()
    {
        using var load = _world.Heads.BeginLoad([0, 0]);
        Assert.True(load.Others.IsCompleted);
        Assert.Equal([0], load.Taken);
    }

    [Fact]
    public void A_head_of_which_only_unapplied_rows_were_read_still_says_that_older_ones_exist()
    {
        _world.Heads.AppliedThrough = 1_000;
        for (var i = 0; i < Narrow; i++)
        {
            _world.Post(0);
        }

        _world.Load(_first);
        var merged = _world.Heads.Merge(_first, _newest, new long[20], new int[1]);
        Assert.Equal(new MergeResult(0, 1_000, 0, 0), merged);
    }

    [Fact]
    public async Task A_group_inside_a_group_shows_nothing_before_the_outer_one_ends()
    {
        _world.Load(_first);
        Task<long[]> reading;
        using (_world.Heads.Write())
        {
            using (_world.Heads.Write())
            {
                _world.Heads.Add(0, 1);
                reading = Task.Run(() => Page(_first), TestContext.Current.CancellationToken);
                SpinWait.SpinUntil(() => reading.IsCompleted, TimeSpan.FromMilliseconds(50));
            }

            _world.Heads.Add(0, 2);
        }

        var page = await reading;
        Assert.Equal([2, 1], page);
    }

    [Fact]
    public void An_id_that_two_sources_hold_takes_one_place()
    {
        for (var i = 0; i < 30; i++)
        {
            _world.Post(i % 2);
        }

        _world.Add(1, _world.Rows(0, 1)[0]);
        _world.Load([0, 1]);
        Assert.Equal(_world.Oracle([0, 1], _newest, 20), Page([0, 1]));
    }

    [Fact]
    public void Heads_give_way_when_the_room_is_used_up_but_not_the_ones_that_are_read()
    {
        using var world = new HeadsWorld(Authors, 16 << 10);
        world.Post(0);
        for (var author = 0; author < Authors; author++)
        {
            world.Load([author]);
            for (var reads = 0; reads < Narrow; reads++)
            {
                world.Heads.Merge(_first, _newest, new long[5], new int[1]);
            }
        }

        Assert.Equal(96, world.Heads.Held);
        Assert.Equal(0, world.Heads.Merge(_first, _newest, new long[5], new int[1]).Absent);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_merge_allocates_nothing(bool fromBelow)
    {
        int[] all = [.. Enumerable.Range(0, Authors)];
        _world.PostGroup(Enumerable.Range(0, 10 * Authors).Select(i => i % Authors));
        _world.Load(all);
        var (ids, absent, range) = (
            new long[40],
            new int[1],
            new MergeRange(long.MaxValue, 1, fromBelow)
        );
        var found = 0;
        var allocated = LeastAllocated.Of(() =>
        {
            found = 0;
            for (var i = 0; i < 100; i++)
            {
                found += _world.Heads.Merge(all, range, ids, absent).Count;
            }
        });
        Assert.Equal(0, allocated);
        Assert.Equal(100 * ids.Length, found);
    }

    public void Dispose() => _world.Dispose();

    private long[] Page(ReadOnlySpan<int> authors)
    {
        var ids = new long[20];
        return ids[.._world.Heads.Merge(authors, _newest, ids, new int[authors.Length]).Count];
    }
}
