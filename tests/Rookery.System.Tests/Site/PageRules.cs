using AngleSharp;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Rookery.Web.Languages;
using Rookery.Web.Layout;
using Xunit;

namespace Rookery.SystemTests.Site;

/// <summary>What is true of every page of the site.</summary>
internal static class PageRules
{
    /// <summary>All elements that the site itself uses. What a person wrote may bring in none but those of texts, which are among them.</summary>
    private static readonly HashSet<string> Elements =
    [
        .. (
            "html head meta title link body a abbr article aside bdi br button circle code dd details div dl dt footer form h1 h2 header img input label li main nav "
            + "blockquote fieldset legend ol option p path script section select small span strong summary svg symbol textarea time ul video use"
        ).Split(' '),
    ];

    /// <summary>All attributes that the site uses; none runs or styles anything.</summary>
    private static readonly HashSet<string> Attributes =
    [
        .. (
            "accept action alt aria-current aria-describedby aria-hidden aria-invalid aria-label aria-labelledby aria-pressed autocapitalize autocomplete autofocus charset checked "
            + "class content controls cx cy d data-account data-blurhash data-delete data-denied data-keys data-label data-limit data-list data-most data-newest data-none data-push data-toggle datetime defer dir enctype enterkeyhint for form formaction height hidden href id lang loading maxlength media method name open placeholder playsinline poster preload property r readonly rel required "
            + "role rows selected spellcheck src tabindex target title translate type value viewbox width"
        ).Split(' '),
    ];

    public static void AssertHeaders(HttpResponseMessage answer)
    {
        Assert.Equal(SecurityHeaders.Policy, Header("Content-Security-Policy"));
        Assert.DoesNotContain("unsafe", SecurityHeaders.Policy, StringComparison.Ordinal);
        Assert.StartsWith("default-src 'none';", SecurityHeaders.Policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", Header("X-Content-Type-Options"));
        Assert.Equal("same-origin", Header("Referrer-Policy"));
        Assert.Equal("same-origin", Header("Cross-Origin-Opener-Policy"));
        Assert.Equal("DENY", Header("X-Frame-Options"));
        Assert.Equal("no-store", Header("Cache-Control"));

        string Header(string name) => Assert.Single(answer.Headers.GetValues(name));
    }

    /// <summary>As browsers without JavaScript read it.</summary>
    public static IHtmlDocument AssertMarkup(string html, string place, string language = "en")
    {
        var page = new HtmlParser(
            new HtmlParserOptions { IsScripting = false },
            BrowsingContext.New(Configuration.Default)
        ).ParseDocument(html);
        AssertPage(page, place, language);
        return page;
    }

    private static void AssertPage(IHtmlDocument page, string place, string language)
    {
        Assert.Single(page.QuerySelectorAll("h1"));
        Assert.Equal(language, page.DocumentElement.GetAttribute("lang"));
        Assert.EndsWith("Rookery", page.Title, StringComparison.Ordinal);
        Assert.Equal("#main", page.QuerySelector("body > a")!.GetAttribute("href"));
        Assert.Equal(
            place.StartsWith("/settings/push", StringComparison.Ordinal)
                ? SiteFiles.All.PushScript
                : SiteFiles.All.ScriptIn(Words.Find(language)!),
            Assert.Single(page.QuerySelectorAll("script")).GetAttribute("src")
        );
        AssertNothingForeign(page, place);
        AssertNamed(page, place);
    }

    /// <summary>Whatever people wrote, no element and no attribute is in a page but the site's, and none leads to a script.</summary>
    private static void AssertNothingForeign(IHtmlDocument page, string place)
    {
        foreach (var element in page.All)
        {
            Assert.True(
                Elements.Contains(element.LocalName),
                $"{place} has a {element.LocalName}: {element.OuterHtml}"
            );
            foreach (var attribute in element.Attributes)
            {
                Assert.True(
                    Attributes.Contains(attribute.Name.ToLowerInvariant()),
                    $"{place} has {attribute.Name} in {element.OuterHtml}"
                );
                if (attribute.Name is "href" or "src" or "poster" or "action" or "formaction")
                {
                    Assert.True(
                        attribute.Value.Length == 0
                            || attribute.Value[0] is '/' or '#'
                            || attribute.Value.StartsWith(
                                "http://",
                                StringComparison.OrdinalIgnoreCase
                            )
                            || attribute.Value.StartsWith(
                                "https://",
                                StringComparison.OrdinalIgnoreCase
                            )
                            || (
                                attribute.Value.StartsWith("mailto:", StringComparison.Ordinal)
                                && element.Closest(".contact") is not null
                            ),
                        $"{place} leads to {attribute.Value}"
                    );
                }
            }
        }

        // Out of the site lead links of texts alone, and what its operator wrote. Where the page itself is, it says with the host's name.
        Assert.All(
            page.QuerySelectorAll("[href^=http]:not([rel=canonical]), [src^=http], [poster^=http]"),
            one => Assert.NotNull(one.Closest(".text, .contact"))
        );
        Assert.True(page.QuerySelectorAll("head [rel=canonical]").Length <= 1);
    }

    /// <summary>Fields have labels, buttons and links have names, and no two elements the same id.</summary>
    private static void AssertNamed(IHtmlDocument page, string place)
    {
        foreach (var field in page.QuerySelectorAll("input, textarea, select"))
        {
            if (field.GetAttribute("type") != "hidden" && !field.HasAttribute("hidden"))
            {
                Assert.True(
                    page.QuerySelector($"label[for='{field.Id}']") is not null,
                    $"{place}: nothing says what {field.OuterHtml} is"
                );
            }
        }

        Assert.All(
            page.QuerySelectorAll("a, button"),
            one =>
                Assert.NotEqual(
                    "",
                    $"{one.TextContent}{one.QuerySelector("img")?.GetAttribute("alt")}".Trim()
                )
        );
        Assert.All(page.QuerySelectorAll("img"), one => Assert.NotNull(one.GetAttribute("alt")));
        Assert.All(
            page.QuerySelectorAll("[aria-describedby], [aria-labelledby]"),
            one =>
                Assert.All(
                    $"{one.GetAttribute("aria-describedby")} {one.GetAttribute("aria-labelledby")}".Split(
                        ' ',
                        StringSplitOptions.RemoveEmptyEntries
                    ),
                    id => Assert.NotNull(page.GetElementById(id))
                )
        );
        var twice = page.QuerySelectorAll("[id]")
            .GroupBy(one => one.Id)
            .Where(same => same.Count() > 1)
            .Select(same => same.Key);
        Assert.Empty(twice);
    }
}
