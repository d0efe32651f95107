using System.Net;
using System.Text.Json;
using System.Xml.Linq;
using Rookery.TestKit;
using Xunit;

namespace Rookery.SystemTests.Site;

/// <summary>What the site says to programs that show links to it, search it, or install it.</summary>
public sealed class CrawlerTests : IAsyncLifetime
{
    private static readonly XNamespace Sitemap = "http://www.sitemaps.org/schemas/sitemap/0.9";

    private World _world = null!;
    private Browser _ana = null!;
    private Browser _bob = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private HttpClient Http => _world.Server.Http;

    private string Origin => Http.BaseAddress!.GetLeftPart(UriPartial.Authority);

    public async ValueTask InitializeAsync()
    {
        _world = await World.EmptyAsync(Stop);
        _ana = await new Browser(Http.BaseAddress!, Stop).SignUpAsync("ana");
        _bob = await new Browser(Http.BaseAddress!, Stop).SignUpAsync("bob");
    }

    public async ValueTask DisposeAsync()
    {
        _ana.Dispose();
        _bob.Dispose();
        await _world.DisposeAsync();
    }

    [Fact]
    public async Task Links_to_profiles_and_public_posts_are_shown_with_what_they_are()
    {
        await _ana.OpenAsync("/settings");
        await _ana.SendAsync(
            "form[action$=profile]",
            ("name", "Ana \"<b>\""),
            ("bio", "I watch\nbirds")
        );
        await _ana.PostAsync(
            $"A heron \"stood\" there.\n\nIt was <i>grey</i>. {new string('x', 180)}"
        );
        await _ana.FollowAsync("article .when");
        var post = _ana.Place;
        using var stranger = await new Browser(Http.BaseAddress!, Stop).OpenAsync("/@ANA");
        Assert.Equal("profile", Meta("og:type"));
        Assert.Equal("Ana \"<b>\" (@ana)", Meta("og:title"));
        Assert.Equal("I watch birds", Meta("og:description"));
        Assert.Equal("I watch birds", Meta("description"));
        Assert.Equal($"{Origin}/@ana", Meta("og:url"));
        Assert.Equal($"{Origin}/@ana", stranger.Find("[rel=canonical]").GetAttribute("href"));
        Assert.Null(stranger.Page.QuerySelector("[name=robots]"));
        using var picture = await Http.GetAsync(new Uri(Meta("og:image")), Stop);
        Assert.Equal("image/png", picture.Content.Headers.ContentType!.MediaType);

        await stranger.OpenAsync(post + "?after=1");
        Assert.Equal("article", Meta("og:type"));
        Assert.StartsWith(
            "A heron \"stood\" there. It was <i>grey</i>. xxx",
            Meta("og:description"),
            StringComparison.Ordinal
        );
        Assert.EndsWith("x…", Meta("og:description"), StringComparison.Ordinal);
        Assert.Equal(Origin + post, stranger.Find("[rel=canonical]").GetAttribute("href"));
        Assert.Null(stranger.Page.QuerySelector("[name=robots]"));

        foreach (var visibility in (string[])["unlisted", "followers", "direct"])
        {
            await _ana.PostAsync("for some", visibility);
            await _ana.FollowAsync("article .when");
            Assert.Equal("for some", _ana.Find(".focused .text").TextContent);
            Assert.Null(_ana.Page.QuerySelector("[property], [name=description], [rel=canonical]"));
            Assert.Equal("noindex", _ana.Find("[name=robots]").GetAttribute("content"));
        }

        string Meta(string name) =>
            stranger
                .Find($"head [property='{name}'], head [name='{name}']")
                .GetAttribute("content")!;
    }

    [Fact]
    public async Task Who_is_not_to_be_found_is_on_no_page_that_search_engines_keep()
    {
        await _ana.PostAsync("by ana");
        await _bob.PostAsync("by bob");
        await _ana.FollowAsync("article .when");
        var (anas, today) = (_ana.Place, DayOf(_ana));
        await _bob.FollowAsync("article .when");
        var bobs = _bob.Place;
        Assert.Equal(
            [$"{Origin}/@ana", Origin + anas, $"{Origin}/@bob", Origin + bobs],
            (await LocationsAsync($"/sitemaps/{today}.xml")).Order(StringComparer.Ordinal)
        );
        Assert.Contains($"{Origin}/sitemaps/{today}.xml", await LocationsAsync("/sitemap.xml"));
        Assert.Equal(
            $"Sitemap: {Origin}/sitemap.xml",
            (await Http.GetStringAsync("/robots.txt", Stop)).Split('\n')[^2]
        );

        await _bob.OpenAsync("/settings");
        _bob.Find("#indexable").RemoveAttribute("checked");
        await _bob.SendAsync("form[action$=profile]");
        await _bob.OpenAsync(anas);
        await _bob.SendAsync("#reply", ("text", "an answer by bob"));
        foreach (
            var (path, isKept) in ((string, bool)[])
                [
                    ("/", true),
                    ("/about", true),
                    ("/terms", true),
                    ("/@ana", true),
                    ("/@ana/replies", false),
                    ("/@ana?max_id=77", false),
                    ("/@bob", false),
                    (bobs, false),
                    (anas, false),
                    ("/public", false),
                    ("/search?q=by", false),
                    ("/login", false),
                ]
        )
        {
            using var stranger = await new Browser(Http.BaseAddress!, Stop).OpenAsync(path);
            Assert.Equal(
                (path, isKept),
                (path, stranger.Page.QuerySelector("[name=robots]") is null)
            );
            Assert.True(!isKept || !stranger.Text.Contains("by bob", StringComparison.Ordinal));
        }

        Assert.Equal(
            [$"{Origin}/@ana", Origin + anas],
            (await LocationsAsync($"/sitemaps/{today}.xml")).Order(StringComparer.Ordinal)
        );
        using var feed = await Http.GetAsync("/@bob.atom", Stop);
        Assert.Equal(["noindex"], feed.Headers.GetValues("X-Robots-Tag"));
        foreach (var day in (string[])["2005-12-31", "9999-12-31", "2026-1-1", "x"])
        {
            using var none = await Http.GetAsync($"/sitemaps/{day}.xml", Stop);
            Assert.Equal((day, HttpStatusCode.NotFound), (day, none.StatusCode));
        }

        static string DayOf(Browser browser) =>
            browser.Find(".focused time").GetAttribute("datetime")![..10];
    }

    [Fact]
    public async Task What_browsers_ask_for_by_themselves_is_there_and_the_site_can_be_installed()
    {
        await _ana.OpenAsync("/home");
        var named = _ana
            .Page.QuerySelectorAll("head link[href^='/']")
            .Select(link => link.GetAttribute("href")!)
            .ToList();
        Assert.Contains("/manifest.webmanifest", named);
        var manifest = JsonDocument
            .Parse(await Http.GetStringAsync("/manifest.webmanifest", Stop))
            .RootElement;
        Assert.Equal("Rookery", manifest.GetProperty("name").GetString());
        Assert.Equal("/home", manifest.GetProperty("start_url").GetString());
        var icons = manifest.GetProperty("icons").EnumerateArray().ToList();
        Assert.Equal(
            ["192x192", "512x512"],
            icons.Select(icon => icon.GetProperty("sizes").GetString())
        );
        foreach (
            var path in (string[])
                [
                    .. named,
                    .. icons.Select(icon => icon.GetProperty("src").GetString()!),
                    "/favicon.ico",
                    "/apple-touch-icon.png",
                    "/apple-touch-icon-precomposed.png",
                    "/robots.txt",
                ]
        )
        {
            using var answer = await Http.GetAsync(path, Stop);
            Assert.Equal((path, HttpStatusCode.OK), (path, answer.StatusCode));
            Assert.True(answer.Headers.CacheControl!.Public, path);
            Assert.False(answer.Headers.Contains("Set-Cookie"), path);
            var body = await answer.Content.ReadAsByteArrayAsync(Stop);
            if (answer.Content.Headers.ContentType!.MediaType == "image/png")
            {
                Assert.Equal("PNG"u8.ToArray(), body[1..4]);
            }
        }
    }

    private async Task<List<string>> LocationsAsync(string path) =>
        [
            .. XDocument
                .Parse(await Http.GetStringAsync(path, Stop))
                .Descendants(Sitemap + "loc")
                .Select(one => one.Value),
        ];
}
