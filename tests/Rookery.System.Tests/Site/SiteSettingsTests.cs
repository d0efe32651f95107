using System.IO.Compression;
using System.Text;
using Rookery.TestKit;
using Xunit;

namespace Rookery.SystemTests.Site;

/// <summary>What an operator says of the site, and how pages travel.</summary>
public sealed class SiteSettingsTests : IAsyncLifetime
{
    private World _world = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private HttpClient Http => _world.Server.Http;

    public async ValueTask InitializeAsync() =>
        _world = await World.EmptyAsync(
            Stop,
            new Dictionary<string, string?>
            {
                ["Site:Description"] = "Where herons & egrets meet",
                ["Site:Contact"] = "keeper@herons.example",
                ["Site:Rules"] = "No <b>crows</b>.\n\n  Be still.\r\nFish.",
                ["Site:Terms"] = "One paragraph\nof two lines.\n\nAnother.",
                ["Site:MayBeIndexed"] = "false",
                ["Proxies:Trusted"] = "127.0.0.1,::1",
            }
        );

    public async ValueTask DisposeAsync() => await _world.DisposeAsync();

    [Fact]
    public async Task The_operators_words_are_on_the_pages_about_the_site_and_others_have_ours()
    {
        using var somebody = await NewBrowser().OpenAsync("/");
        Assert.Equal("Where herons & egrets meet", somebody.Find("h1").TextContent);
        await somebody.FollowAsync("footer [href='/about']");
        Assert.Equal(
            ["No <b>crows</b>.", "Be still.", "Fish."],
            somebody.Page.QuerySelectorAll("main ol li").Select(rule => rule.TextContent)
        );
        Assert.Equal(
            "mailto:keeper@herons.example",
            somebody.Find(".contact a").GetAttribute("href")
        );
        await somebody.FollowAsync("footer [href='/terms']");
        Assert.Equal(
            ["One paragraph\nof two lines.", "Another."],
            somebody.Page.QuerySelectorAll("main p[dir]").Select(rule => rule.TextContent)
        );
        Assert.Equal("noindex", somebody.Find("[name=robots]").GetAttribute("content"));
        Assert.Equal(
            "User-agent: *\nDisallow: /\n",
            await Http.GetStringAsync("/robots.txt", Stop)
        );
        Assert.DoesNotContain(
            "<loc>",
            await Http.GetStringAsync("/sitemap.xml", Stop),
            StringComparison.Ordinal
        );

        await using var other = await World.EmptyAsync(Stop);
        using var visitor = await new Browser(other.Server.Http.BaseAddress!, Stop).OpenAsync(
            "/about"
        );
        Assert.Equal(3, visitor.Page.QuerySelectorAll("main ol li").Length);
        Assert.Null(visitor.Page.QuerySelector(".contact"));
        await visitor.FollowAsync("footer [href='/terms']");
        Assert.True(visitor.Page.QuerySelectorAll("main p[dir]").Length > 3);
    }

    [Fact]
    public async Task Pages_and_files_travel_compressed_but_no_members_page_that_another_site_asks_for()
    {
        using var ana = await NewBrowser().SignUpAsync("ana");
        await ana.OpenAsync("/home");
        var style = ana.Find("[rel=stylesheet]").GetAttribute("href")!;
        using var stranger = NewBrowser();
        (Browser Who, string Path, string? From, string Accepted, string? Expected)[] cases =
        [
            (stranger, "/about", null, "gzip, deflate, br, zstd", "br"),
            (stranger, "/about", "cross-site", "gzip;q=0.5", "gzip"),
            (stranger, "/about", null, "br;q=0, gzip;q=0", null),
            (stranger, "/about", null, "nonsense;;q=x", null),
            (stranger, "/about", null, "", null),
            (stranger, style, null, "br", "br"),
            (stranger, style, null, "gzip", "gzip"),
            (ana, style, "cross-site", "br", "br"),
            (stranger, "/apple-touch-icon.png", null, "br", null),
            (stranger, "/manifest.webmanifest", null, "br", null),
            (ana, "/home", "same-origin", "gzip, br", "br"),
            (ana, "/home", "none", "gzip", "gzip"),
            (ana, "/home", "cross-site", "gzip, br", null),
            (ana, "/home", "same-site", "gzip, br", null),
            (ana, "/home", null, "gzip, br", null),
        ];
        foreach (var (who, path, from, accepted, expected) in cases)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.TryAddWithoutValidation("Accept-Encoding", accepted);
            if (from is not null)
            {
                request.Headers.Add("Sec-Fetch-Site", from);
            }

            using var answer = await who.RawAsync(request);
            var name = $"{path} from {from} with {accepted}";
            Assert.Equal(
                (name, expected ?? ""),
                (name, string.Join(',', answer.Content.Headers.ContentEncoding))
            );
            Assert.Contains("Accept-Encoding", answer.Headers.Vary);
            var sent = await answer.Content.ReadAsByteArrayAsync(Stop);
            Assert.Equal(answer.Content.Headers.ContentLength, sent.Length);
            var body = await UnpackedAsync(sent, expected);
            Assert.True(expected is null || sent.Length < 2 * body.Length / 3, name);
            if (answer.Content.Headers.ContentType!.MediaType == "text/html")
            {
                PageRules.AssertMarkup(Encoding.UTF8.GetString(body), path);
            }
        }
    }

    [Fact]
    public async Task Who_came_over_TLS_is_told_to_come_over_nothing_else()
    {
        foreach (var (scheme, isTold) in ((string, bool)[])[("https", true), ("http", false)])
        {
            foreach (var path in (string[])["/", "/login", "/favicon.ico", "/nowhere"])
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, path);
                request.Headers.Add("Accept", "text/html");
                request.Headers.Add("X-Forwarded-For", "203.0.113.9");
                request.Headers.Add("X-Forwarded-Proto", scheme);
                using var answer = await Http.SendAsync(request, Stop);
                Assert.Equal(
                    (path, isTold),
                    (path, answer.Headers.Contains("Strict-Transport-Security"))
                );
            }
        }
    }

    private Browser NewBrowser() => new(Http.BaseAddress!, Stop);

    private static async Task<byte[]> UnpackedAsync(byte[] sent, string? coding)
    {
        if (coding is null)
        {
            return sent;
        }

        using var packed = new MemoryStream(sent);
        await using Stream reader =
            coding == "br"
                ? new BrotliStream(packed, CompressionMode.Decompress)
                : new GZipStream(packed, CompressionMode.Decompress);
        using var body = new MemoryStream();
        await reader.CopyToAsync(body, Stop);
        return body.ToArray();
    }
}
