using System.Net;
using System.Text.RegularExpressions;
using Rookery.Mail;
using Xunit;

namespace Rookery.Tests.Mail;

public sealed class MailLayoutTests
{
    /// <summary>What breaks out of text, of attributes, addresses, comments, titles and styles.</summary>
    public static TheoryData<string> Hostile =>
        [
            "<script>alert(1)</script>",
            "<img src=x onerror=alert(1)>",
            "\"><svg onload=alert(1)>",
            "' onmouseover='alert(1)",
            "\" onmouseover=\"alert(1)",
            "</title><script>alert(1)</script>",
            "--><script>alert(1)</script>",
            "<!--",
            "<![CDATA[<iframe>]]>",
            "javascript:alert(1)",
            "&lt;script&gt;&#60;b&#62;",
            "<a href=javascript:alert(1)>x</a>",
            "<form action=//evil.example><input name=password>",
            "<style>*{color:red}</style>",
            "<base href=//evil.example>",
            "<meta http-equiv=refresh content=0>",
            "{name}",
            "\u202E\u2066<b>\u2069",
            "＜script＞alert(1)＜/script＞",
            "a\r\nb\u2028c",
        ];

    [Theory]
    [MemberData(nameof(Hostile))]
    public void Whatever_a_name_or_a_text_is_the_elements_are_those_of_any_mail(string text)
    {
        var plain = Elements(Layout("Ana", "A text", "A label").Html());
        var layout = Layout(text, text, text);
        var html = layout.Html();

        Assert.Equal(plain, Elements(html));
        Assert.Contains(WebUtility.HtmlEncode(text), html, StringComparison.Ordinal);
        Assert.Contains(text, layout.Text(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_is_one_line_and_turns_nothing_around()
    {
        Assert.Equal("Ana  b c", MailWords.Quoted("Ana\r\nb\tc"));
        Assert.Equal("\u2068אב\u202E x\u2069", MailWords.Quoted("אב\u202E\u2028x"));
    }

    [Fact]
    public void Both_forms_say_the_same_and_have_the_same_links()
    {
        var layout = Layout("Ana", "A text", "A label", "/unsubscribe/abc");
        foreach (var form in (string[])[layout.Text(), layout.Html()])
        {
            foreach (
                var said in (string[])
                    [
                        "Hello Ana,",
                        "A text",
                        "A label",
                        "https://rookery.example/there",
                        "https://rookery.example/unsubscribe/abc",
                    ]
            )
            {
                Assert.Contains(said, form, StringComparison.Ordinal);
            }
        }

        Assert.DoesNotContain(
            "unsubscribe",
            Layout("Ana", "A text", "A label").Text(),
            StringComparison.Ordinal
        );
    }

    private static MailLayout Layout(
        string name,
        string text,
        string label,
        string? unsubscribe = null
    ) =>
        new(
            new WrittenMail(
                "ana@example.org",
                name,
                MailWords.English,
                text,
                [text],
                [new MailAction(label, "/there")],
                [text]
            ),
            path => "https://rookery.example" + path
        )
        {
            Unsubscribe = unsubscribe,
        };

    /// <summary>Each with its attributes.</summary>
    private static string[] Elements(string html) =>
        [.. Regex.Matches(html, "<[^>]*>").Select(element => element.Value)];
}
