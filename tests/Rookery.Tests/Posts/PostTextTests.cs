using System.Diagnostics;
using FsCheck;
using FsCheck.Fluent;
using Rookery.Posts;
using Xunit;

namespace Rookery.Tests.Posts;

public sealed class PostTextTests
{
    private const int Limit = 500;

    [Theory]
    [InlineData("  hello \n", "hello")]
    [InlineData("a\r\nb\rc\n\td", "a\nb\nc\n\td")]
    [InlineData("a\0b\u0007\u001B[1m\u0085\u009Fc\u007F", "ab[1mc")]
    [InlineData("\u0001 a", "a")]
    [InlineData("e\u0301", "é")]
    [InlineData("\u1112\u1161\u11AB", "한")]
    [InlineData("a\uFFFEb", "ab")]
    [InlineData("\u202Eabc", "\u202Eabc")]
    public void A_text_is_cleaned_and_composed(string raw, string expected) =>
        Assert.Equal(expected, Created(raw).Text);

    [Theory]
    [InlineData("hello", 5)]
    [InlineData("e\u0301e\u0301", 2)]
    [InlineData("👨‍👩‍👧‍👦", 1)]
    [InlineData("👍🏽🇫🇷🇩🇪❤️1️⃣", 5)]
    [InlineData("🏴󠁧󠁢󠁳󠁣󠁴󠁿", 1)]
    [InlineData("नि", 1)]
    [InlineData("שָׁלוֹם", 4)]
    [InlineData("日本語", 3)]
    [InlineData("Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘G̴̻͈͍͔̹̑͗̎̅͛́Ǫ̵̹̻̝̳͂̌̌͘", 5)]
    [InlineData("http://a.b", 23)]
    [InlineData("see https://example.org/a/very/long/path?with=queries&and=more, ok", 4 + 23 + 4)]
    [InlineData("http://a.b http://c.d", 47)]
    public void Length_is_what_a_reader_counts(string raw, int expected) =>
        Assert.Equal(expected, Created(raw).Length);

    [Fact]
    public void What_is_named_is_listed_once_in_order_and_folded()
    {
        var post = Created(
            "@Bob @ana @BOB #Cat #ＤＯＧ #cat ＃猫 https://a.b/@eve#x https://c.d https://c.d"
        );
        Assert.Equal(["bob", "ana"], post.Mentions);
        Assert.Equal(["cat", "dog", "猫"], post.Hashtags);
        Assert.Equal(["https://a.b/@eve#x", "https://c.d"], post.Links);
        Assert.Equal(10, post.Entities.Count);
        Assert.Equal("@Bob", post.Entities[0].In(post.Text));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" \r\n\t\u00A0\u3000")]
    [InlineData("\0\u0001")]
    [InlineData("\u200B\u200D\uFEFF")]
    public void Nothing_to_see_is_refused_as_empty(string? raw) => Refused(raw, "empty");

    [Fact]
    public void Half_of_a_pair_is_refused()
    {
        // Not as inline data: attributes are stored in UTF-8, which turns half a pair into U+FFFD.
        string[] halves = ["a\uD800", "\uDC00a", "\uDE00\uD83D", "👍\uD83D"];
        Assert.All(halves, raw => Refused(raw, "surrogate"));
    }

    [Fact]
    public void The_limit_itself_passes_and_one_more_does_not()
    {
        string[] characters =
        [
            "a",
            "猫",
            "👨‍👩‍👧‍👦",
            "👩🏽‍🚀",
            "🇫🇷",
            "e\u0301",
            "नि",
            "🏴󠁧󠁢󠁳󠁣󠁴󠁿",
        ];
        foreach (var character in characters)
        {
            Assert.Equal(Limit, Created(string.Concat(Enumerable.Repeat(character, Limit))).Length);
            Refused(
                string.Concat(Enumerable.Repeat(character, Limit + 1)),
                "501 characters long; at most 500"
            );
        }
    }

    [Fact]
    public void A_long_link_counts_as_a_short_one()
    {
        var link = "https://example.org/" + new string('x', 4000);
        Assert.Equal(500, Created(new string('a', 476) + " " + link).Length);
        Refused(new string('a', 477) + " " + link, "501");
    }

    [Fact]
    public void Marks_on_one_letter_are_bounded() =>
        Refused("a" + new string('\u0301', 10_000), "10001 UTF-16 units; at most 10000");

    [Theory]
    [InlineData("a", "1000000 characters")]
    [InlineData("👍", "500000 characters")]
    [InlineData("\u0301\u0316", "1000000 UTF-16 units")]
    [InlineData("http://a.b ", "characters long")]
    [InlineData("#", "1000000 characters")]
    [InlineData("https://", "characters long")]
    [InlineData(" ", "empty")]
    [InlineData("\0", "empty")]
    public void A_million_characters_are_refused_at_once_with_their_number(string unit, string says)
    {
        var raw = string.Concat(Enumerable.Repeat(unit, 1_000_000 / unit.Length));
        var watch = Stopwatch.StartNew();
        Refused(raw, says);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(3));
    }

    [Fact]
    public void The_longest_text_of_unsorted_marks_is_normalised_in_no_time()
    {
        var marks =
            string.Concat(Enumerable.Repeat("\u0301", 4999))
            + string.Concat(Enumerable.Repeat("\u0316", 5000));
        var watch = Stopwatch.StartNew();
        Assert.Equal(1, Created("x" + marks).Length);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void What_was_accepted_is_accepted_again_unchanged() =>
        Prop.ForAll(
                TextEntitiesTests.Texts(),
                raw =>
                {
                    var first = PostText.Create(raw, "status", Limit);
                    if (!first.Succeeded)
                    {
                        return first.Problem.Field == "status";
                    }

                    var again = Created(first.Value.Text);
                    return again.Text == first.Value.Text
                        && again.Length == first.Value.Length
                        && again.Entities.SequenceEqual(first.Value.Entities)
                        && again.Text.IsNormalized();
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(2000));

    [Fact]
    public void No_string_makes_it_fail() =>
        Prop.ForAll(
                Gen.Choose(0, 0xFFFF).ArrayOf().ToArbitrary(),
                units =>
                {
                    var raw = new string([.. units.Select(unit => (char)unit)]);
                    return PostText.Create(raw, "status", Limit) is var result
                        && (result.Succeeded || result.Problem.Kind == ProblemKind.Invalid);
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(1000));

    private static PostText Created(string raw) => PostText.Create(raw, "status", Limit).Value;

    private static void Refused(string? raw, string says)
    {
        var problem = PostText.Create(raw, "status", Limit).Problem;
        Assert.Equal((ProblemKind.Invalid, "status"), (problem?.Kind, problem?.Field));
        Assert.Contains(says, problem?.Detail, StringComparison.Ordinal);
    }
}
