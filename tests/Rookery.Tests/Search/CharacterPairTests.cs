using FsCheck;
using FsCheck.Fluent;
using Rookery.Search;
using Xunit;

namespace Rookery.Tests.Search;

/// <summary>Two characters of a script without spaces are searched as one term. So that no text has to be asked, that must say the same as a phrase of them.</summary>
public sealed class CharacterPairTests
{
    private static readonly string[] _pieces =
    [
        .. "東 京 カ ｶ ﾞ \u3099 ไ ที่ ก a ・ # 🚀".Split(' '),
        " ",
        "\u200B",
    ];

    [Fact]
    public void A_text_has_a_pair_exactly_where_it_has_a_phrase_of_its_characters() =>
        Prop.ForAll(
                Gen.Elements(_pieces).ListOf().Select(string.Concat).ToArbitrary(),
                Gen.Elements(_pieces).ArrayOf(2).Select(string.Concat).ToArbitrary(),
                (text, query) =>
                {
                    var folded = FoundTerms.Folded(query);
                    if (
                        folded.Trim().Contains(' ')
                        && ParseQuery.Handle(query).Root
                            is SearchNode.Term { Kind: TermKind.Word } pair
                    )
                    {
                        var phrase = new SearchNode.Phrase([pair], folded);
                        var post = FoundTerms.Post(text);
                        Assert.Equal(
                            PlainMatch.Matches(phrase, post),
                            PlainMatch.Matches(pair, post)
                        );
                    }
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(5000));

    /// <summary>A single word is found where it is a part of a hashtag too, which stands in no phrase: it is never searched as one.</summary>
    [Theory]
    [InlineData("#a\u200B\uFF9Eaaa", "\u3099a", "aaaa")]
    [InlineData("#rook\u200Bery", "rook", "rookery")]
    [InlineData("#BlackCats", "cats", "blackcat")]
    public void A_part_of_a_hashtag_is_a_word_and_makes_no_phrase(
        string text,
        string part,
        string whole
    )
    {
        Assert.Equal($" {whole} ", FoundTerms.Folded(text));
        foreach (var query in (string[])[part, $"\"{part}\"", whole])
        {
            Assert.IsType<SearchNode.Term>(ParseQuery.Handle(query).Root);
            Assert.True(PlainMatch.Matches(query, text), query);
        }

        Assert.False(PlainMatch.Matches($"\"{part} {part}\"", $"{text} {part}"));
    }
}
