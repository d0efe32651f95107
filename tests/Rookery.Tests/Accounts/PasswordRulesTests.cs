using Rookery.Accounts;
using Rookery.TestKit;
using Xunit;

namespace Rookery.Tests.Accounts;

public sealed class PasswordRulesTests
{
    private static readonly CommonPasswords Common = CommonPasswords.Load();
    private static readonly PasswordRules Rules = new(Common);
    private static readonly Handle Owner = Handle.Parse("Ana_of_the_rookery", "username").Value;
    private static readonly EmailAddress Email = EmailAddress
        .Parse("ana@example.org", "email")
        .Value;

    [Theory]
    [InlineData("plover ice tern")]
    [InlineData("gwkqpzmxvbnt")]
    [InlineData("пароль-длинный-очень")]
    [InlineData("🦜🐦🦅🦆🦢🦉🐧🐤🐣🐥🦚🦩")]
    public void A_long_password_may_be_of_anything(string password) => Assert.Null(Check(password));

    [Fact]
    public void An_imported_account_with_a_short_name_may_have_a_password()
    {
        var imported = new Credentials(new AccountId(7), "u7", "", "");
        Assert.Null(Rules.CheckFor(imported, "plover ice tern", "password"));
    }

    [Fact]
    public void Its_length_is_counted_in_code_points()
    {
        Assert.Contains("11 characters", Check("gwkqpzmxvbn")?.Detail, StringComparison.Ordinal);
        Assert.Contains(
            "11 characters",
            Check("🦜🐦🦅🦆🦢🦉🐧🐤🐣🐥🦚")?.Detail,
            StringComparison.Ordinal
        );
        Assert.Null(Check(string.Concat(Enumerable.Repeat("🦜x", 64))));
        Assert.Contains(
            "129 characters",
            Check(string.Concat(Enumerable.Repeat("🦜x", 64)) + "x")?.Detail,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "1000000 characters",
            Check(new string('x', 1_000_000))?.Detail,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("not a \uFFFE character")]
    [InlineData("passwordpassword")]
    [InlineData("PassWord1234")]
    [InlineData("ｐａｓｓｗｏｒｄ１２３４")]
    [InlineData("aaaaaaaaaaaa")]
    [InlineData("123456789012")]
    [InlineData("qwertyuiop123")]
    [InlineData("1q2w3e4r5t6y")]
    [InlineData("abcabcabcabc")]
    [InlineData("iloveyou1234")]
    [InlineData("summer2024!!")]
    [InlineData("ana_of_the_ROOKERY")]
    [InlineData("ANA@example.org")]
    public void What_is_tried_first_is_refused(string? password)
    {
        var problem = Check(password);
        Assert.Equal((ProblemKind.Invalid, "password"), (problem?.Kind, problem?.Field));
    }

    [Fact]
    public void Half_of_a_pair_is_refused() =>
        Assert.Contains(
            "surrogate",
            Check("half\uD800 a surrogate")?.Detail,
            StringComparison.Ordinal
        );

    [Fact]
    public void The_list_holds_only_what_the_length_lets_through() =>
        Assert.InRange(Common.Count, 10_000, 100_000);

    [Fact]
    public void Asking_the_list_allocates_nothing()
    {
        var allocated = LeastAllocated.Of(() =>
        {
            for (var i = 0; i < 1000; i++)
            {
                Common.Contains("CorrectHorseBattery");
            }
        });
        Assert.Equal(0, allocated);
    }

    private static Problem? Check(string? password) =>
        Rules.Check(password, "password", Owner, Email);
}
