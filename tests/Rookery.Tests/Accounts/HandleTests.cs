using FsCheck;
using FsCheck.Fluent;
using Rookery.Accounts;
using Xunit;

namespace Rookery.Tests.Accounts;

public sealed class HandleTests
{
    [Theory]
    [InlineData("ana")]
    [InlineData("Ana_99")]
    [InlineData("___")]
    [InlineData("123456789012345678901234567890")]
    public void A_valid_handle_keeps_its_case_and_is_found_without(string raw)
    {
        var handle = Handle.Parse(raw, "username").Value;
        Assert.Equal(raw, handle.Shown);
        Assert.Equal(raw.ToLowerInvariant(), handle.Folded);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("ab")]
    [InlineData("1234567890123456789012345678901")]
    [InlineData("a b")]
    [InlineData("ana!")]
    [InlineData("josé")]
    [InlineData("\u212Aelvin")]
    [InlineData("аna")]
    [InlineData("ana\n")]
    [InlineData("１２３")]
    public void Anything_else_is_refused_with_the_rule(string? raw)
    {
        var problem = Handle.Parse(raw, "username").Problem;
        Assert.Equal(ProblemKind.Invalid, problem?.Kind);
        Assert.Equal("username", problem?.Field);
        Assert.Contains("3 to 30", problem?.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Bill", "B111")]
    [InlineData("b0b", "Bob")]
    [InlineData("IlIlI", "1l1i1")]
    public void Handles_that_look_alike_have_one_skeleton(string one, string other) =>
        Assert.Equal(Parsed(one).Skeleton, Parsed(other).Skeleton);

    [Fact]
    public void Numbered_handles_do_not_look_alike() =>
        Assert.Equal(
            20_000,
            Enumerable.Range(10, 20_000).Select(n => Parsed($"u{n}").Skeleton).Distinct().Count()
        );

    [Theory]
    [InlineData("Ali", "ali")]
    [InlineData("  Ana María  López ", "ana_maria_lopez")]
    [InlineData("Ångström & Søn", "angstrom_son")]
    [InlineData("Straße", "strasse")]
    [InlineData("İstanbul", "istanbul")]
    [InlineData("O’Brien", "obrien")]
    [InlineData("Ｆｕｌｌ　ｗｉｄｔｈ", "full_width")]
    [InlineData("_x__y_", "x_y")]
    [InlineData("Ed", "user_ed")]
    [InlineData("u1", "user_u1")]
    [InlineData("李", "user")]
    [InlineData("👨‍👩‍👧‍👦", "user")]
    [InlineData("", "user")]
    [InlineData("Nguyễn Thị 7", "nguyen_thi_7")]
    [InlineData("abcdefghijklmnopqrstuvwx_yz", "abcdefghijklmnopqrstuvwx")]
    public void A_handle_is_derived_from_a_name(string name, string expected) =>
        Assert.Equal(expected, Handle.Derive(name).Shown);

    [Fact]
    public void Whatever_the_name_the_derived_handle_is_valid_and_takes_any_suffix() =>
        Prop.ForAll<string, int>(
                (name, number) =>
                {
                    var derived = Handle.Derive(name ?? "");
                    var next = derived.WithSuffix(number & int.MaxValue);
                    return IsValid(derived) && IsValid(next) && derived != next;
                }
            )
            .Check(Config.QuickThrowOnFailure);

    [Fact]
    public void A_million_characters_give_a_handle_at_once() =>
        Assert.Equal(new string('a', 24), Handle.Derive(new string('ä', 1_000_000)).Shown);

    [Fact]
    public void Half_of_a_pair_is_a_gap() =>
        Assert.Equal("bad_name", Handle.Derive("bad\uD800\uFFFEname").Shown);

    [Fact]
    public void A_suffix_cuts_only_what_does_not_fit()
    {
        Assert.Equal("ali_2", Parsed("ali").WithSuffix(2).Shown);
        Assert.Equal(
            "abcdefghijklmnopqrs_2147483647",
            Parsed("abcdefghijklmnopqrstuvwxyz").WithSuffix(int.MaxValue).Shown
        );
        var longest = Handle.Derive(new string('x', 99));
        Assert.Equal($"{longest.Shown}_99999", longest.WithSuffix(99_999).Shown);
    }

    private static Handle Parsed(string raw) => Handle.Parse(raw, "username").Value;

    private static bool IsValid(Handle handle) => Handle.Parse(handle.Shown, "username").Succeeded;
}
