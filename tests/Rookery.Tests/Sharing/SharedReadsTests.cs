using Rookery.Sharing;
using Rookery.TestKit;
using Xunit;

namespace Rookery.Tests.Sharing;

/// <summary>Each of the ways in which a shared value could be shown after what it says was taken away.</summary>
public sealed class SharedReadsTests
{
    private static readonly SharedKey Post7 = new(SharedKind.Post, 7);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private readonly SharingWorld _world = new();
    private readonly SharingProcess _one;
    private readonly SharingProcess _other;

    public SharedReadsTests()
    {
        _world.Accept(7);
        _world.Other();
        _one = _world.Start().Knowing();
        _other = _world.Start().Knowing();
    }

    [Fact]
    public async Task What_one_has_read_the_other_need_not()
    {
        _world.Accept(8, author: 2, original: 7, originalAuthor: 1);
        var read = await _one.ReadAsync(7, 8, 7, 9);

        Assert.Equal([7L, 8L], read.Select(post => post.Id.Value));
        Assert.Equal(read, (await _other.ReadAsync(7, 8)));
        Assert.Equal((1, 0), (_one.Asked, _other.Asked));
    }

    [Fact]
    public async Task Who_looks_through_more_than_a_page_shares_nothing()
    {
        Assert.InRange(Page.MaxCount + 8, 1, SharedReads.MostKeys);
        var page = Enumerable.Range(1, SharedReads.MostKeys).Select(id => (long)id).ToArray();
        await _one.ReadAsync([.. page, 1_000]);
        Assert.Empty(_world.Cache.Held);

        await _one.ReadAsync(page);
        Assert.Equal([Post7], _world.Cache.Held);
    }

    [Fact]
    public async Task What_was_deleted_is_not_shown_by_who_was_told()
    {
        await _one.ReadAsync(7);
        _world.Delete(7);
        _other.Tell();

        Assert.Empty(await _other.ReadAsync(7));
    }

    [Fact]
    public async Task A_fill_from_before_the_deletion_that_comes_after_it_is_not_shown()
    {
        await _one.ReadAsync(7);
        var old = _world.Cache.Peek(Post7);
        _world.Delete(7);
        _other.Tell();
        _world.Cache.Clear();
        _world.Cache.Put(Post7, old);

        Assert.Empty(await _other.ReadAsync(7));
        Assert.Empty(await _world.Start().Knowing().ReadAsync(7));
    }

    [Fact]
    public async Task A_server_that_was_cut_off_and_comes_back_with_old_values_is_not_believed()
    {
        await _one.ReadAsync(7);
        var back = _world.Cache.CutOff();
        _world.Cache.Clear();
        _world.Like(7);
        _one.Tell();
        _other.Tell();
        back();

        Assert.Equal(1, (await _other.ReadAsync(7)).Single().Counts.Likes);
        Assert.Equal(1, (await _one.ReadAsync(7)).Single().Counts.Likes);
        // The first of the two has put the right one in its place.
        Assert.Equal((1, 1), (_one.Asked, _other.Asked));
    }

    [Fact]
    public async Task Closing_the_author_or_the_original_s_author_or_deleting_the_original_closes_the_repost()
    {
        foreach (var (id, close) in Closings())
        {
            _world.Accept(100 + id, author: 10 * id);
            _world.Accept(id, author: (10 * id) + 1, original: 100 + id, originalAuthor: 10 * id);
            Assert.Single(await _one.ReadAsync(id));
            close();
            _other.Tell();
            _one.Tell();
            Assert.Empty(await _other.ReadAsync(id));
        }
    }

    [Fact]
    public async Task Who_has_lost_the_lease_asks_truth()
    {
        await _one.ReadAsync(7);
        _world.Delete(7);
        _other.Lease.Lapsed = TimeSpan.FromSeconds(1);

        Assert.Empty(await _other.ReadAsync(7));
    }

    [Fact]
    public async Task Who_loses_the_lease_while_memcached_answers_asks_truth()
    {
        await _one.ReadAsync(7);
        _world.Delete(7);
        var slow = new SlowCache(_world.Cache, () => _other.Lease.Lapsed = TimeSpan.FromSeconds(1));
        var reads = new SharedReads(slow, _other.Changes, _other.Lease, OwnMeters.Unheard());

        Assert.Empty(
            await reads.ReadAsync(
                new PostForm(),
                [7],
                (ids, _) => ValueTask.FromResult(_world.Read(ids)),
                Stop
            )
        );
    }

    [Fact]
    public async Task Of_what_is_older_than_what_it_knows_it_believes_nothing_until_it_has_read_the_past()
    {
        await _one.ReadAsync(7);
        _world.Accept(8);
        await _one.ReadAsync(8);
        _world.Delete(7);
        _one.Tell();
        var late = _world.Start();
        Assert.Single(await late.ReadAsync(8));
        late.Knowing();
        Assert.Single(await late.ReadAsync(8));
        Assert.Equal(2, late.Asked);

        var early = _world.Start().Knowing();
        _world.Accept(9);
        await _one.ReadAsync(9);
        early.Changes.Note(_world.Between(0, _world.Last));
        Assert.True(early.Changes.Knows(0, _world.Last, early.Changes.Era));
        Assert.Empty(await early.ReadAsync(7));
        Assert.Equal(1, early.Asked);
        Assert.Equal([8L, 9L], (await early.ReadAsync(8, 9)).Select(post => post.Id.Value));
        Assert.Equal(1, early.Asked);
    }

    [Fact]
    public async Task Who_has_forgotten_everything_believes_nothing_and_shares_nothing()
    {
        await _one.ReadAsync(7);
        var era = _other.Changes.Era;
        _other.Forget();
        Assert.False(_other.Changes.Knows(0, _world.Last, era));
        _world.Cache.Clear();

        Assert.Single(await _other.ReadAsync(7));
        Assert.Empty(_world.Cache.Held);
    }

    [Fact]
    public async Task What_is_ahead_of_what_it_knows_is_not_believed_and_not_replaced()
    {
        _world.Other();
        _one.Tell();
        await _one.ReadAsync(7);
        var ahead = _world.Cache.Peek(Post7);

        Assert.Single(await _other.ReadAsync(7));
        Assert.Equal(1, _other.Asked);
        Assert.True(_world.Cache.Peek(Post7).Span.SequenceEqual(ahead.Span));
    }

    [Fact]
    public async Task Of_two_who_fill_at_once_one_does()
    {
        var first = await _world.Cache.GetAsync([Post7], Stop);
        var second = await _world.Cache.GetAsync([Post7], Stop);
        Assert.NotNull(first[0].Lease);
        Assert.Null(second[0].Lease);

        Assert.Single(await _other.ReadAsync(7));
        Assert.Empty(_world.Cache.Held);
    }

    [Fact]
    public async Task Bytes_that_are_cut_short_changed_or_of_another_place_are_a_miss_and_are_replaced()
    {
        _world.Accept(8);
        await _one.ReadAsync(7, 8);
        var right = _world.Cache.Peek(Post7).ToArray();
        var wrong = Enumerable
            .Range(0, right.Length)
            .Select(length => right[..length])
            .Concat(Enumerable.Range(0, right.Length).Select(at => Flipped(right, at)))
            .Append(_world.Cache.Peek(new SharedKey(SharedKind.Post, 8)).ToArray())
            .Append([.. right, 0])
            .Append("foreign"u8.ToArray());
        foreach (var bytes in wrong)
        {
            var asked = _other.Asked;
            _world.Cache.Put(Post7, bytes);
            Assert.Equal("post 7", (await _other.ReadAsync(7)).Single().Text);
            Assert.Equal(asked + 1, _other.Asked);
            Assert.Equal(right, _world.Cache.Peek(Post7).ToArray());
        }
    }

    private static byte[] Flipped(byte[] bytes, int at)
    {
        var flipped = bytes.ToArray();
        flipped[at] ^= 0x10;
        return flipped;
    }

    private IEnumerable<(long Id, Action Close)> Closings()
    {
        yield return (20, () => _world.Delete(20));
        yield return (21, () => _world.Delete(121));
        yield return (22, () => _world.Close(220));
        yield return (23, () => _world.Close(231));
    }

    /// <summary>Something happens between the question and the answer.</summary>
    private sealed class SlowCache(ISharedCache cache, Action meanwhile) : ISharedCache
    {
        public bool Keeps => cache.Keeps;

        public async ValueTask<IReadOnlyList<SharedPlace>> GetAsync(
            IReadOnlyList<SharedKey> keys,
            CancellationToken token
        )
        {
            var places = await cache.GetAsync(keys, token);
            meanwhile();
            return places;
        }

        public ValueTask FillAsync(IReadOnlyList<SharedFill> values, CancellationToken token) =>
            cache.FillAsync(values, token);
    }
}
