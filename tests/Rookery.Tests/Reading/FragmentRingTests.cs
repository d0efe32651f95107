using Rookery.Reading;
using Rookery.TestKit;
using Xunit;
using static Rookery.Tests.Reading.Fragments;

namespace Rookery.Tests.Reading;

public sealed class FragmentRingTests
{
    private readonly FakeTime _time = new();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Ring_never_shows_what_the_model_does_not_hold(int seed)
    {
        using var ring = Ring(1 << 16, _time);
        var model = new RingModel(ring, _time, new Random(seed));
        for (var step = 0; step < 100_000; step++)
        {
            model.Step();
        }

        Assert.True(model.Hits > 5_000 && model.Misses > 5_000 && model.Refused > 100);
    }

    [Fact]
    public void Newest_posts_are_held_and_the_oldest_give_way()
    {
        using var ring = Ring(1 << 16);
        for (var id = 1; id <= 1_000; id++)
        {
            Assert.True(Put(ring, id, 400));
        }

        // A record is 400 bytes and its header: 64 kB hold 138, less the slack.
        Assert.InRange(ring.Count, 130, 138);
        Assert.All(Enumerable.Range(1_000 - 129, 130), id => Assert.True(Holds(ring, id, 400)));
        Assert.All(Enumerable.Range(1, 850), id => Assert.False(Holds(ring, id, 400)));
    }

    [Fact]
    public void Post_that_is_read_outlives_those_that_are_not()
    {
        using var ring = Ring(1 << 16);
        Put(ring, 1, 400);
        Put(ring, 2, 400);
        for (var id = 3; id <= 3_000; id++)
        {
            Put(ring, id, 400);
            Assert.True(Holds(ring, 1, 400));
        }

        Assert.False(Holds(ring, 2, 400));
    }

    [Fact]
    public void Small_records_fill_the_index_before_the_ring_and_still_the_oldest_give_way()
    {
        using var ring = Ring(1 << 16);
        for (var id = 1; id <= 5_000; id++)
        {
            Put(ring, id, 8);
        }

        Assert.InRange(ring.Count, 128, 256);
        Assert.All(Enumerable.Range(5_000 - 127, 128), id => Assert.True(Holds(ring, id, 8)));
    }

    [Fact]
    public void Late_reader_does_not_install_a_deleted_post()
    {
        using var ring = Ring(1 << 16, _time);
        Put(ring, 1, 400);
        ring.Tombstone(new PostId(1));
        Assert.False(Holds(ring, 1, 400));
        _time.Advance(Tombstones.Lifetime - TimeSpan.FromTicks(1));
        Assert.False(Put(ring, 1, 400));
        Assert.False(Holds(ring, 1, 400));
    }

    [Fact]
    public void Late_reader_does_not_install_the_version_before_a_change()
    {
        using var ring = Ring(1 << 16, _time);
        Put(ring, 1, 400, version: 1);
        ring.Tombstone(new PostId(1), fromVersion: 2);
        Assert.False(Put(ring, 1, 400, version: 1));
        Assert.True(Put(ring, 1, 300, version: 2));
        Assert.True(Holds(ring, 1, 300, version: 2));
    }

    [Fact]
    public void Older_rendering_does_not_replace_a_newer_one()
    {
        using var ring = Ring(1 << 16);
        Put(ring, 1, 400, version: 2);
        Assert.True(Put(ring, 1, 300, version: 1));
        Assert.True(Holds(ring, 1, 400, version: 2));
    }

    [Fact]
    public void That_a_post_is_gone_can_be_kept_and_is_not_undone()
    {
        using var ring = Ring(1 << 16, _time);
        ring.Tombstone(new PostId(1));
        var gone = new FragmentHeader { PostId = new PostId(1), Flags = FragmentFlags.Deleted };
        Assert.True(ring.TryPut(gone, []));
        for (var minute = 0; minute < 10; minute++)
        {
            _time.Advance(Tombstones.Lifetime);
            Put(ring, 1, 400);
            Assert.True(ring.TryRead(new PostId(1), out var found) && found.Header.IsDeleted);
        }
    }

    [Fact]
    public void Fragment_larger_than_a_sixteenth_of_the_ring_is_refused()
    {
        using var ring = Ring(1 << 16);
        Assert.True(Put(ring, 1, ring.MaxPayload));
        Assert.False(Put(ring, 2, ring.MaxPayload + 1));
        Assert.False(ring.TryRead(new PostId(2), out _));
    }

    [Fact]
    public void Place_outside_of_the_payload_is_refused()
    {
        using var ring = Ring(1 << 16);
        var header = Header(1, 16) with { LikesAt = 16 };
        Assert.Throws<ArgumentException>(() => ring.TryPut(header, new byte[16]));
    }

    [Fact]
    public void Read_of_many_finds_those_that_are_held()
    {
        using var ring = Ring(1 << 16);
        Put(ring, 1, 400);
        Put(ring, 3, 100);
        var found = new FragmentRef[3];
        Assert.Equal(2, ring.Read([new PostId(1), new PostId(2), new PostId(3)], found));
        Assert.Equal([true, false, true], found.Select(f => f.Exists));
        Assert.Equal(100, found[2].Length);
    }
}
