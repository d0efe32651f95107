using Rookery.Media;
using Xunit;

namespace Rookery.Tests.Media;

public sealed class BlurhashTests
{
    [Theory]
    [InlineData("LEHV6nWB2yk8pyo0adR*.7kCMdnj")]
    [InlineData("00OZZy")]
    [InlineData("")]
    public void What_is_said_of_a_picture_is_a_blurhash_or_nothing(string text) =>
        Assert.Equal(text, Parse(text).Value.Blurhash);

    [Theory]
    [InlineData("LEHV6nWB2yk8pyo0adR*.7kCMdn")]
    [InlineData("LEHV6nWB2yk8pyo0adR*.7kCMdnjj")]
    [InlineData("LEHV6nWB2yk8pyo0adR*.7kCMd\"j")]
    [InlineData("LEHV6nWB2yk8pyo0adR*.7kCMdné")]
    [InlineData("~0OZZy")]
    [InlineData("~")]
    [InlineData("0OZZy")]
    [InlineData("10OZZy")]
    public void What_says_another_length_than_it_has_or_holds_other_characters_is_none(string text)
    {
        Assert.False(Blurhash.IsOne(text));
        Assert.Equal("blurhash", Parse(text).Problem?.Field);
    }

    [Theory]
    [InlineData(0, 6)]
    [InlineData(8, 22)]
    [InlineData(9, 8)]
    [InlineData(21, 28)]
    [InlineData(50, 76)]
    public void Its_first_digit_says_how_long_it_is(int size, int length)
    {
        const string Digits =
            "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz#$%*+,-.:;=?@[]^_{|}~";
        for (var other = 5; other <= Blurhash.MaxLength + 1; other++)
        {
            Assert.Equal(
                other == length,
                Blurhash.IsOne(Digits[size] + new string('0', other - 1))
            );
        }
    }

    private static Result<MediaText> Parse(string blurhash) =>
        MediaText.Parse(null, null, blurhash, 10);
}
