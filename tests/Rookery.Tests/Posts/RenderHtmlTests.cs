using System.Net;
using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;
using Rookery.Posts;
using Xunit;

namespace Rookery.Tests.Posts;

/// <summary>What people write is text, whatever they write.</summary>
public sealed partial class RenderHtmlTests
{
    private static readonly Dictionary<string, string> Accounts = new() { ["ana"] = "Ana" };

    private static readonly RenderHtml Html = new("https://rookery.example");

    [Theory]
    [InlineData("", "")]
    [InlineData("a < b & \"c\" 'd'", "<p>a &lt; b &amp; &quot;c&quot; &#39;d&#39;</p>")]
    [InlineData("one\ntwo\n\nthree", "<p>one<br>two</p><p>three</p>")]
    [InlineData(
        "hi @ANA!",
        "<p>hi <span class=\"h-card\" translate=\"no\"><a href=\"https://rookery.example/@Ana\" class=\"u-url mention\">@<span>Ana</span></a></span>!</p>"
    )]
    [InlineData("hi @nobody", "<p>hi @nobody</p>")]
    [InlineData(
        "#Vögel fly",
        "<p><a href=\"https://rookery.example/tags/v%C3%B6gel\" class=\"mention hashtag\" rel=\"tag\">#<span>Vögel</span></a> fly</p>"
    )]
    [InlineData(
        "https://example.org/a?b=1&c=2",
        "<p><a href=\"https://example.org/a?b=1&amp;c=2\" rel=\"nofollow noopener\" target=\"_blank\" translate=\"no\"><span class=\"invisible\">https://</span><span class=\"\">example.org/a?b=1&amp;c=2</span><span class=\"invisible\"></span></a></p>"
    )]
    [InlineData(
        "http://example.org/012345678901234567890123456789",
        "<p><a href=\"http://example.org/012345678901234567890123456789\" rel=\"nofollow noopener\" target=\"_blank\" translate=\"no\"><span class=\"invisible\">http://</span><span class=\"ellipsis\">example.org/012345678901234567</span><span class=\"invisible\">890123456789</span></a></p>"
    )]
    public void Text_becomes_this(string text, string html) =>
        Assert.Equal(html, Html.Render(text, Accounts));

    [Fact]
    public void Nothing_that_is_written_becomes_an_element_and_nothing_of_it_is_lost()
    {
        string[] pieces =
        [
            "<script>",
            "\"",
            "'",
            "&amp;",
            "&",
            ">",
            "<",
            " ",
            "\n",
            "@ana",
            "@ANA",
            "@who",
            "#tag",
            "＃印",
            "https://example.org/",
            "http://a.b/x'onclick=\"",
            "javascript:",
            "😀",
            "ß",
            "(",
            "\u202E",
        ];
        var texts = Gen.Choose(0, pieces.Length - 1).Select(i => pieces[i]).ListOf();
        Prop.ForAll(
                texts.ToArbitrary(),
                chosen =>
                {
                    var text = string.Concat(chosen);
                    var html = Html.Render(text, Accounts);
                    var rest = Known().Replace(html, "");
                    Assert.DoesNotContain('<', rest);
                    Assert.DoesNotContain('>', rest);
                    Assert.DoesNotContain('"', rest);
                    var shown = WebUtility.HtmlDecode(
                        Known().Replace(html.Replace("<br>", "\n").Replace("</p><p>", "\n"), "")
                    );
                    Assert.Equal(
                        Lines().Replace(text, "\n"),
                        shown,
                        ignoreCase: true // A mention is written as its account is.
                    );
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(2000).WithQuietOnSuccess(true));
    }

    [GeneratedRegex(
        "<p>|</p>|<br>|</a>|</span>|<span( class=\"[a-z-]*\")?( translate=\"no\")?>|<a href=\"https?://[^\"<>]*\"( class=\"[a-z -]*\")?( rel=\"[a-z ]*\")?( target=\"_blank\")?( translate=\"no\")?>"
    )]
    private static partial Regex Known();

    [GeneratedRegex("\n+")]
    private static partial Regex Lines();
}
