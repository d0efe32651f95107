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
                    if (
                        ParseQuery.Handle(query).Root is SearchNode.Term
                        {
                            Kind: TermKind.Word
                        } term
                    )
                    {
                        var phrase = new SearchNode.Phrase([term], FoundTerms.Folded(query));
                        var post = FoundTerms.Post(text);
                        Assert.Equal(
                            PlainMatch.Matches(phrase, post),
                            PlainMatch.Matches(term, post)
                        );
                    }
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(5000));
}
