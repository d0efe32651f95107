using Rookery.Posts;
using Xunit;

namespace Rookery.Tests.Posts;

/// <summary>A text with the warning before it.</summary>
public sealed class PostWordsTests
{
    private const int Limit = 50;

    [Theory]
    [InlineData(null, "")]
    [InlineData("", "")]
    [InlineData(" \u200B\n", "")]
    [InlineData("  spiders \n", "spiders")]
    [InlineData("two\r\nlines\tof it", "two lines of it")]
    [InlineData("a\0b\u0007\uFFFEc", "abc")]
    [InlineData("e\u0301", "é")]
    public void A_warning_is_one_line_of_plain_text(string? raw, string expected)
    {
        var words = Created("a text", raw);
        Assert.Equal(expected, words.Value.Warning);
        Assert.Equal("a text", words.Value.Text.Text);
        Assert.Equal(expected.Length > 0, words.Value.IsSensitive);
    }

    [Theory]
    [InlineData(40, 10, null)]
    [InlineData(40, 11, "text")]
    [InlineData(51, 0, "text")]
    [InlineData(1, 51, "spoiler_text")]
    public void A_warning_counts_with_the_text(int text, int warning, string? wrong)
    {
        var words = Created(new string('x', text), new string('y', warning));
        Assert.Equal(wrong, words.Problem?.Field);
    }

    [Fact]
    public void Of_a_link_in_a_warning_every_character_counts_and_of_one_in_the_text_23()
    {
        var link = "https://example.org/".PadRight(40, 'x');
        Assert.True(Created(link, new string('y', 27)).Succeeded);
        Assert.False(Created(link, new string('y', 28)).Succeeded);
        Assert.True(Created(new string('x', 10), link).Succeeded);
        Assert.False(Created(new string('x', 11), link).Succeeded);
    }

    [Fact]
    public void Half_a_character_and_marks_without_end_are_refused()
    {
        Assert.Equal("spoiler_text", Created("x", "\uD83D").Problem?.Field);
        var marks = "a" + new string('\u0301', Limit * PostText.UnitsPerCharacter);
        Assert.Equal("spoiler_text", Created("x", marks).Problem?.Field);
    }

    [Theory]
    [InlineData(null, "", false)]
    [InlineData(true, "", true)]
    [InlineData(false, "", false)]
    [InlineData(false, "spiders", true)]
    public void What_has_a_warning_is_sensitive(bool? asked, string warning, bool expected)
    {
        var words = PostWords.Create(
            Request("a text", warning) with
            {
                IsSensitive = asked,
            },
            Limit
        );
        Assert.Equal(expected, words.Value.IsSensitive);
    }

    [Fact]
    public void What_stands_before_pictures_alone_is_their_text()
    {
        var request = Request(" ", "spiders #phobia");
        Assert.Equal("text", PostWords.Create(request, Limit).Problem?.Field);
        var words = PostWords.Create(request with { Media = [new MediaId(1)] }, Limit).Value;
        Assert.Equal(
            ("spiders #phobia", "", true),
            (words.Text.Text, words.Warning, words.IsSensitive)
        );
        Assert.Equal(["phobia"], words.Text.Hashtags);
    }

    private static Result<PostWords> Created(string text, string? warning) =>
        PostWords.Create(Request(text, warning), Limit);

    private static PostRequest Request(string text, string? warning) =>
        new(new AccountId(1), text, "text") { Warning = warning };
}
