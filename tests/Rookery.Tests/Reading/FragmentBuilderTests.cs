using System.Text;
using System.Text.Json;
using Rookery.Reading;
using Rookery.TestKit;
using Xunit;

namespace Rookery.Tests.Reading;

public sealed class FragmentBuilderTests
{
    [Fact]
    public void Text_of_other_scripts_stays_and_what_html_acts_upon_does_not()
    {
        var builder = new FragmentBuilder();
        builder.Text("a\"b\\c\n</script>&'ü日本🐦\u2028\uD800.");
        Assert.Equal(
            """
            "a\"b\\c\n\u003C/script\u003E\u0026'ü日本🐦\u2028�."
            """,
            Encoding.UTF8.GetString(builder.Payload)
        );
    }

    [Fact]
    public void Place_comes_once()
    {
        var builder = new FragmentBuilder();
        builder.Raw("{"u8);
        builder.Likes(1);
        Assert.Throws<InvalidOperationException>(() => builder.Likes(1));
    }

    [Theory]
    [InlineData(0, "       0")]
    [InlineData(-1, "       0")]
    [InlineData(1234, "    1234")]
    [InlineData(99_999_999, "99999999")]
    [InlineData(long.MaxValue, "99999999")]
    public void Counter_is_eight_bytes_wide(long count, string shown) =>
        Assert.Equal(
            shown,
            Encoding.ASCII.GetString(BitConverter.GetBytes(CountSlot.Encode(count)))
        );

    [Fact]
    public void Page_of_any_texts_counts_flags_and_reposts_is_the_json_that_was_meant()
    {
        var random = new Random(7);
        var pipe = new OneBufferPipe(1 << 20);
        for (var round = 0; round < 1_000; round++)
        {
            using var ring = Fragments.Ring(1 << 18);
            var page = new RandomPage(ring, random);
            pipe.Clear();
            Assert.True(new PageWriter(ring).TryWrite(pipe, page.Parts, page.Viewer));
            Assert.Equal(pipe.Length, new PageWriter(ring).Measure(page.Parts));
            using var json = JsonDocument.Parse(pipe.Written.ToArray());
            page.Check(json.RootElement);
        }
    }
}
