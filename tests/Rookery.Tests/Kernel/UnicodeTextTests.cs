using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Rookery.Tests.Kernel;

public sealed class UnicodeTextTests
{
    [Fact]
    public void What_can_be_normalised_is_what_the_framework_normalises()
    {
        var unit = Gen.Elements('a', '\uD83D', '\uDE00', '\uFFFE', '\u0301', '\uFFFF');
        Prop.ForAll(
                unit.ArrayOf().ToArbitrary(),
                units =>
                {
                    var text = new string(units);
                    return UnicodeText.CanBeNormalised(text) == Normalises(text)
                        && UnicodeText.HasLoneSurrogate(text)
                            == text.EnumerateRunes().Any(rune => rune.Value == 0xFFFD);
                }
            )
            .Check(Config.QuickThrowOnFailure);
    }

    [Theory]
    [InlineData("क्षि", 1)]
    [InlineData("क्षत्रिय", 3)]
    [InlineData("क्‍ष", 1)]
    [InlineData("ক্ষ", 1)]
    [InlineData("क्", 1)]
    [InlineData("क्a", 2)]
    [InlineData("काष", 2)]
    [InlineData("्क", 2)]
    [InlineData("க்ஷ", 2)]
    [InlineData("👨‍👩‍👧‍👦e\u0301ก็", 3)]
    public void Consonants_joined_by_a_virama_are_one_character(string text, int characters) =>
        Assert.Equal(characters, UnicodeText.CountClusters(text));

    [Theory]
    [InlineData("", true)]
    [InlineData(" \t\n\u00A0\u3000\u200B\u200D\u202E\uFEFF", true)]
    [InlineData("\u200Ba", false)]
    public void Blank_is_what_shows_nothing(string text, bool blank) =>
        Assert.Equal(blank, UnicodeText.IsBlank(text));

    private static bool Normalises(string text)
    {
        try
        {
            return text.Normalize() is not null;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
