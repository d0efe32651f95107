using System.Diagnostics;
using FsCheck;
using FsCheck.Fluent;
using Rookery.Posts;
using Xunit;

namespace Rookery.Tests.Posts;

public sealed class TextEntitiesTests
{
    [Theory]
    [InlineData("hi @ana!", "@ana")]
    [InlineData("@ana", "@ana")]
    [InlineData(".@ana (@bob) \"@carol\"", "@ana|@bob|@carol")]
    [InlineData("@Ana_99.", "@Ana_99")]
    [InlineData("@an @a", "")]
    [InlineData("@123456789012345678901234567890", "@123456789012345678901234567890")]
    [InlineData("@1234567890123456789012345678901", "")]
    [InlineData("mail ana@example.org or a.b+c@example.org", "")]
    [InlineData("first.-@example.org, yes.@ana", "@ana")]
    [InlineData("@ana@example.org", "")]
    [InlineData("@@ana", "")]
    [InlineData("_@ana éé@ana 1@ana", "")]
    [InlineData("example.org/@ana", "")]
    [InlineData("https://example.org/@ana @bob", "https://example.org/@ana|@bob")]
    [InlineData("@josé @jose\u0301 @анна @anaб", "")]
    [InlineData("@aliさん、@bobは", "@ali|@bob")]
    [InlineData("❤️@ana 👩🏽‍🚀@bob 🇫🇷@carol", "@ana|@bob|@carol")]
    [InlineData("שלום @ana مرحبا", "@ana")]
    public void Mentions(string text, string expected) => Assert.Equal(expected, Found(text));

    [Theory]
    [InlineData("#cat, #Dog_2!", "#cat|#Dog_2")]
    [InlineData("#猫 ＃日本語 #고양이", "#猫|＃日本語|#고양이")]
    [InlineData("#नमस्ते #क्‍ष #தமிழ்", "#नमस्ते|#क्‍ष|#தமிழ்")]
    [InlineData("#می‌خواهم #مرحبا", "#می‌خواهم|#مرحبا")]
    [InlineData("#שָׁלוֹם #สวัสดี", "#שָׁלוֹם|#สวัสดี")]
    [InlineData("#col·lecció·", "#col·lecció")]
    [InlineData("#2024 #2024a #a2024 #1_ #_", "#2024a|#a2024|#1_|#_")]
    [InlineData("#१२३ #１２３", "")]
    [InlineData("a#b é#b 1#b _#b न्#b", "")]
    [InlineData("&#39; &#x27;", "")]
    [InlineData("#️⃣ #1️⃣ 1️⃣#tag ❤️#love", "#tag|#love")]
    [InlineData("#a\u200D👩 #\u200Da #·a", "#a")]
    [InlineData("##twice #", "#twice")]
    [InlineData("#𝒻𝒶𝓃𝒸𝓎 #😀", "#𝒻𝒶𝓃𝒸𝓎")]
    [InlineData("#\u3164 #\u115F", "")]
    public void Hashtags(string text, string expected) => Assert.Equal(expected, Found(text));

    [Fact]
    public void A_hashtag_has_at_most_a_hundred_characters()
    {
        Assert.Equal("#" + new string('a', 100), Found("#" + new string('a', 100)));
        Assert.Equal("", Found("#" + new string('a', 101)));
        Assert.Equal("#" + new string('a', 100), Found("#" + new string('a', 100) + "·"));
    }

    [Theory]
    [InlineData("see http://example.org.", "http://example.org")]
    [InlineData("HTTPS://Example.ORG/a?b=c&d#e!", "HTTPS://Example.ORG/a?b=c&d#e")]
    [InlineData("(see https://example.org/Rook_(bird))", "https://example.org/Rook_(bird)")]
    [InlineData("(see https://example.org/Rook_(bird))\u200D", "https://example.org/Rook_(bird)")]
    [InlineData(
        "https://example.org/\u0645\u06CC\u200C\u062E",
        "https://example.org/\u0645\u06CC\u200C\u062E"
    )]
    [InlineData("[x](https://example.org/a_b), ok", "https://example.org/a_b")]
    [InlineData("\"https://example.org/a\"", "https://example.org/a")]
    [InlineData(
        "https://example.org:8080/x http://localhost:5001",
        "https://example.org:8080/x|http://localhost:5001"
    )]
    [InlineData("https://example.org: yes", "https://example.org")]
    [InlineData("https://例え.テスト/猫 です", "https://例え.テスト/猫")]
    [InlineData("見てhttps://example.org/猫。次", "https://example.org/猫")]
    [InlineData("http://президент.рф/путь", "http://президент.рф/путь")]
    [InlineData("http://أهلا.مثال/صفحة", "http://أهلا.مثال/صفحة")]
    [InlineData("https://example.org/#cat #dog", "https://example.org/#cat|#dog")]
    [InlineData(
        "https://example.org/a\u200Bb https://example.org/\u202Ec",
        "https://example.org/a|https://example.org/"
    )]
    [InlineData(
        "https://ana@example.org/ https://ana:x@example.org/ https://bank.example:pw@evil.example/",
        ""
    )]
    [InlineData("http:// https:/x ftp://example.org xhttp://example.org http://.org http://-a", "")]
    [InlineData("https://a.b?!?", "https://a.b")]
    [InlineData("https://example.org/…", "https://example.org/")]
    [InlineData("<https://example.org/a>", "https://example.org/a")]
    public void Links(string text, string expected) => Assert.Equal(expected, Found(text));

    [Fact]
    public void Spans_are_in_order_apart_inside_and_never_cut_a_pair() =>
        Prop.ForAll(
                Texts(),
                text =>
                {
                    var end = 0;
                    foreach (var entity in TextEntities.Find(text))
                    {
                        var whole =
                            entity.Start >= end && entity.Length > 1 && entity.End <= text.Length;
                        if (!whole || UnicodeText.HasLoneSurrogate(entity.In(text)))
                        {
                            return false;
                        }

                        end = entity.End;
                    }

                    return true;
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(2000));

    [Fact]
    public void What_was_found_is_found_again_alone() =>
        Prop.ForAll(
                Texts(),
                text =>
                    TextEntities
                        .Find(text)
                        .All(entity =>
                            TextEntities.Find(entity.In(text)) is [{ Start: 0 } again]
                            && again.Kind == entity.Kind
                            && again.Length == entity.Length
                        )
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(2000));

    [Theory]
    [InlineData("#")]
    [InlineData("@")]
    [InlineData("h")]
    [InlineData("http://")]
    [InlineData("http://a")]
    [InlineData("http://a:")]
    [InlineData("http://a@")]
    [InlineData("http://a/)")]
    [InlineData("#1")]
    [InlineData("#a·")]
    [InlineData("@abc@")]
    [InlineData("a\u0301")]
    public void A_million_of_anything_takes_linear_time(string unit)
    {
        var text = string.Concat(Enumerable.Repeat(unit, 1_000_000 / unit.Length));
        var watch = Stopwatch.StartNew();
        TextEntities.Find(text);
        TextEntities.Find("http://a/" + text);
        // Some 0.05 s when linear; hours when each start looks at the rest.
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(5));
    }

    internal static Arbitrary<string> Texts() =>
        Gen.Elements([
                "@",
                "#",
                "＃",
                "ana",
                "Ana_9",
                "1",
                "http://",
                "https://a.b",
                "/",
                ".",
                ":",
                "(",
                ")",
                " ",
                "\n",
                "é",
                "e\u0301",
                "猫",
                "न्",
                "\u200D",
                "\u200C",
                "·",
                "_",
                "&",
                "👩🏽‍🚀",
                "❤️",
                "🇫🇷",
                "مرحبا",
                "\u202E",
                "，",
                "?",
                "-",
                "\uFEFF",
                "ß",
                "İ",
                "ﷺ",
            ])
            .ArrayOf()
            .Select(string.Concat)
            .ToArbitrary();

    private static string Found(string text) =>
        string.Join('|', TextEntities.Find(text).Select(entity => entity.In(text).ToString()));
}
