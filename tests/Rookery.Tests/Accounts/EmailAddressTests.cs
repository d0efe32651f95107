using Rookery.Accounts;
using Xunit;

namespace Rookery.Tests.Accounts;

public sealed class EmailAddressTests
{
    [Theory]
    [InlineData("ana@example.org", "ana@example.org")]
    [InlineData("  Ana.B+c@Example.ORG ", "ana.b+c@example.org")]
    [InlineData("root@localhost", "root@localhost")]
    [InlineData("用户@例子.广告", "用户@例子.广告")]
    public void An_address_is_compared_in_lower_case(string raw, string folded) =>
        Assert.Equal(folded, EmailAddress.Parse(raw, "email").Value.Folded);

    [Theory]
    [InlineData(null)]
    [InlineData(" ")]
    [InlineData("ana")]
    [InlineData("@example.org")]
    [InlineData("ana@")]
    [InlineData("ana@example")]
    [InlineData("ana@@example.org")]
    [InlineData("ana@b@example.org")]
    [InlineData("ana b@example.org")]
    [InlineData("ana\r\nBcc: x@example.org")]
    [InlineData("<ana@example.org>")]
    [InlineData("ana@example..org")]
    [InlineData("ana@.org")]
    [InlineData(".ana@example.org")]
    [InlineData("ana..b@example.org")]
    [InlineData("ana@-a.org")]
    public void What_has_not_the_form_is_refused(string? raw)
    {
        var problem = EmailAddress.Parse(raw, "email").Problem;
        Assert.Equal((ProblemKind.Invalid, "email"), (problem?.Kind, problem?.Field));
        Assert.Contains("ana@example.org", problem?.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Lengths_are_those_of_the_mail_standard()
    {
        Assert.True(Succeeds(new string('a', 64) + "@example.org"));
        Assert.False(Succeeds(new string('a', 65) + "@example.org"));
        Assert.True(Succeeds("a@" + new string('b', 249) + ".cd"));
        Assert.False(Succeeds("a@" + new string('b', 250) + ".cd"));
        Assert.False(Succeeds("a\uD800@example.org"));
    }

    private static bool Succeeds(string raw) => EmailAddress.Parse(raw, "email").Succeeded;
}
