using System.Text;
using Rookery.Reading;
using Rookery.TestKit;
using Xunit;

namespace Rookery.Tests.Reading;

public sealed class PageWriterTests
{
    private readonly OneBufferPipe _pipe = new(1 << 16);

    [Fact]
    public void Page_without_entries_is_what_stands_around_them()
    {
        using var ring = Fragments.Ring(1 << 16);
        Assert.True(new PageWriter(ring, "{\"tweets\":[", "]}").TryWrite(_pipe, [], []));
        Assert.Equal("{\"tweets\":[]}", Encoding.UTF8.GetString(_pipe.Written));
    }

    [Fact]
    public void Repost_holds_its_original_and_each_has_its_own_flags()
    {
        using var ring = Fragments.Ring(1 << 16);
        var builder = new FragmentBuilder();
        Put(ring, builder, 1, isRepost: false);
        Put(ring, builder, 2, isRepost: true);
        Put(ring, builder, 3, isRepost: false);
        var parts = new FragmentRef[3];
        ring.Read([new PostId(2), new PostId(1), new PostId(3)], parts);
        ViewerFlags[] viewer = [ViewerFlags.Reposted, ViewerFlags.Liked, ViewerFlags.None];
        Assert.True(new PageWriter(ring).TryWrite(_pipe, parts, viewer));
        Assert.Equal(
            "[{\"l\":false,\"of\":{\"l\":true ,\"r\":false},\"r\":true },{\"l\":false,\"r\":false}]",
            Encoding.UTF8.GetString(_pipe.Written)
        );
    }

    [Fact]
    public void Page_with_an_overwritten_fragment_advances_nothing()
    {
        using var ring = Fragments.Ring(1 << 16);
        Fragments.Put(ring, 1, 400);
        Assert.True(ring.TryRead(new PostId(1), out var part));
        for (var id = 2; id < 1_000; id++)
        {
            Fragments.Put(ring, id, 400);
        }

        Assert.False(new PageWriter(ring).TryWrite(_pipe, [part], [ViewerFlags.None]));
        Assert.Equal(0, _pipe.Length);
    }

    [Fact]
    public unsafe void Fragment_outside_of_the_ring_is_written_too()
    {
        using var ring = Fragments.Ring(1 << 16);
        fixed (byte* payload = "{}"u8)
        {
            var part = FragmentRef.OutsideOfRing(Fragments.Header(1, 2), payload);
            Assert.True(new PageWriter(ring).TryWrite(_pipe, [part], [ViewerFlags.None]));
        }

        Assert.Equal("[{}]", Encoding.UTF8.GetString(_pipe.Written));
    }

    [Fact]
    public void Page_allocates_nothing()
    {
        using var ring = Fragments.Ring(1 << 16);
        var ids = Enumerable.Range(1, 20).Select(id => new PostId(id)).ToArray();
        Array.ForEach(ids, id => Fragments.Put(ring, id.Value, 400));
        var writer = new PageWriter(ring);
        var parts = new FragmentRef[ids.Length];
        var viewer = new ViewerFlags[ids.Length];
        Assert.Equal(0, LeastAllocated.Of(() => WritePages(1_000)));

        void WritePages(int pages)
        {
            for (var page = 0; page < pages; page++)
            {
                _pipe.Clear();
                ring.Read(ids, parts);
                writer.TryWrite(_pipe, parts, viewer);
            }
        }
    }

    private static void Put(FragmentRing ring, FragmentBuilder builder, long id, bool isRepost)
    {
        builder.Clear();
        builder.Raw("{\"l\":"u8);
        builder.Liked();
        if (isRepost)
        {
            builder.Raw(",\"of\":"u8);
            builder.Insert();
        }

        builder.Raw(",\"r\":"u8);
        builder.Reposted();
        builder.Raw("}"u8);
        Assert.True(ring.TryPut(builder.Header with { PostId = new PostId(id) }, builder.Payload));
    }
}
