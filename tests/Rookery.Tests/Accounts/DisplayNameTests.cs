using Rookery.Accounts;
using Xunit;

namespace Rookery.Tests.Accounts;

public sealed class DisplayNameTests
{
    [Theory]
    [InlineData("Ali")]
    [InlineData(" Ali ")]
    [InlineData("e\u0301")]
    [InlineData("李小龍")]
    [InlineData("محمد")]
    [InlineData("👨‍👩‍👧‍👦 family")]
    public void A_name_is_kept_as_sent(string raw) =>
        Assert.Equal(raw, DisplayName.Parse(raw, "name").Value.Text);

    [Fact]
    public void Fifty_families_are_as_long_as_fifty_letters()
    {
        Assert.True(
            DisplayName.Parse(string.Concat(Enumerable.Repeat("👨‍👩‍👧‍👦", 50)), "name").Succeeded
        );
        Assert.True(DisplayName.Parse(new string('a', 50), "name").Succeeded);
        Refused(new string('a', 51), "51");
    }

    [Fact]
    public void Marks_on_one_letter_are_bounded() =>
        Refused("a" + new string('\u0301', 1000), "1001");

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" \u3000\t")]
    [InlineData("\u200B\u200D")]
    [InlineData("a\nb")]
    [InlineData("a\0b")]
    [InlineData("a\u0085b")]
    [InlineData("a\uFFFEb")]
    public void Nothing_to_see_or_not_one_line_of_text_is_refused(string? raw) =>
        Refused(raw, "name");

    [Fact]
    public void Half_of_a_pair_is_refused() => Refused("a\uD800b", "surrogate");

    private static void Refused(string? raw, string says)
    {
        var problem = DisplayName.Parse(raw, "name").Problem;
        Assert.Equal((ProblemKind.Invalid, "name"), (problem?.Kind, problem?.Field));
        Assert.Contains(says, problem?.Detail, StringComparison.Ordinal);
    }
}
