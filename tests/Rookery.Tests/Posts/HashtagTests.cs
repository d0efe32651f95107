using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Rookery.Posts;
using Xunit;

namespace Rookery.Tests.Posts;

public sealed class HashtagTests
{
    [Theory]
    [InlineData("Cat", "cat")]
    [InlineData("ＣＡＴ", "cat")]
    [InlineData("ΣΊΣΥΦΟΣ", "σίσυφος")]
    [InlineData("STRASSE", "straße")]
    [InlineData("STRAẞE", "straße")]
    [InlineData("ｶﾞｯｺｳ", "ガッコウ")]
    [InlineData("ﬁn", "FIN")]
    [InlineData("e\u0301te\u0301", "ÉTÉ")]
    [InlineData("می‌خواهم", "میخواهم")]
    [InlineData("K\u212A", "kk")]
    [InlineData("葛\U000E0100", "葛")]
    public void Spellings_of_one_word_are_one_tag(string one, string other) =>
        Assert.Equal(Hashtag.Fold(one), Hashtag.Fold(other));

    [Theory]
    [InlineData("resume", "résumé")]
    [InlineData("ılık", "ilik")]
    [InlineData("cat", "cats")]
    public void Different_words_stay_different(string one, string other) =>
        Assert.NotEqual(Hashtag.Fold(one), Hashtag.Fold(other));

    [Fact]
    public void Folding_any_character_twice_changes_nothing_more_and_case_never_matters()
    {
        foreach (
            var value in Enumerable
                .Range(0, 0x30000)
                .Where(Rune.IsValid)
                .Where(value => value != 0xFFFE && (value & 0xFFFE) != 0xFFFE)
        )
        {
            var text = new Rune(value).ToString();
            var folded = Hashtag.Fold(text);
            Assert.True(folded == Hashtag.Fold(folded), $"U+{value:X4}");
            Assert.True(folded == Hashtag.Fold(text.ToUpperInvariant()), $"upper U+{value:X4}");
            Assert.True(folded == Hashtag.Fold(text.ToLowerInvariant()), $"lower U+{value:X4}");
        }
    }

    [Fact]
    public void A_recognised_tag_has_a_fold_that_is_a_tag_again() =>
        Prop.ForAll(
                TextEntitiesTests.Texts(),
                text =>
                    TextEntities
                        .Find(text.Normalize())
                        .Where(entity => entity.Kind == TextEntityKind.Hashtag)
                        .Select(entity => Hashtag.Fold(entity.In(text.Normalize())[1..]))
                        .All(tag =>
                            Hashtag.Parse(tag, "tag") is { Succeeded: true } parsed
                            && parsed.Value == tag
                        )
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(2000));

    [Theory]
    [InlineData("Cat", "cat")]
    [InlineData("#Cat", "cat")]
    [InlineData("＃猫", "猫")]
    public void A_tag_is_asked_for_with_or_without_its_sign(string raw, string tag) =>
        Assert.Equal(tag, Hashtag.Parse(raw, "tag").Value);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("#")]
    [InlineData("two words")]
    [InlineData("#a#b")]
    [InlineData("123")]
    [InlineData("a\uFFFE")]
    public void What_is_no_tag_is_refused(string? raw) => Refused(raw);

    [Fact]
    public void Half_of_a_pair_is_no_tag() => Refused("a\uD800");

    private static void Refused(string? raw)
    {
        var problem = Hashtag.Parse(raw, "tag").Problem;
        Assert.Equal((ProblemKind.Invalid, "tag"), (problem?.Kind, problem?.Field));
    }
}
