using System.Net;
using System.Xml;
using System.Xml.Linq;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Rookery.TestKit;
using Xunit;

namespace Rookery.SystemTests.Site;

/// <summary>Feeds of what an account posts for everybody, as programs read them.</summary>
public sealed class FeedTests : OneMember
{
    private static readonly XNamespace Atom = "http://www.w3.org/2005/Atom";

    private HttpClient Http => World.Server.Http;

    private string Origin => Http.BaseAddress!.GetLeftPart(UriPartial.Authority);

    [Fact]
    public async Task A_feed_has_the_newest_public_posts_of_an_account_and_nothing_else()
    {
        var (empty, _) = await ReadAsync("/@ana.atom");
        Assert.Empty(empty.Root!.Elements(Atom + "entry"));
        Assert.NotEqual("", empty.Root.Element(Atom + "updated")!.Value);
        Assert.Single((await ReadAsync("/@ana.rss")).Xml.Descendants("channel"));

        using var bob = await new Browser(Http.BaseAddress!, Stop).SignUpAsync("bob");
        await bob.PostAsync("by bob");
        await bob.FollowAsync("article .when");
        var bobs = bob.Place;
        await Ana.OpenAsync(bobs);
        await Ana.PressAsync(".focused .repost");
        await Ana.SendAsync("#reply", ("text", "an answer"));
        foreach (var visibility in (string[])["unlisted", "followers", "direct"])
        {
            await Ana.PostAsync($"@bob {visibility}", visibility);
        }

        for (var i = 1; i <= 22; i++)
        {
            await Ana.PostAsync($"post {i} of #many for @bob");
        }

        await Ana.FollowAsync("article .when");
        var newest = Origin + Ana.Place;
        foreach (var path in (string[])["/@ana.atom", "/@ANA.rss"])
        {
            var (xml, answer) = await ReadAsync(path);
            Assert.Equal(["nosniff"], answer.Headers.GetValues("X-Content-Type-Options"));
            Assert.False(answer.Headers.Contains("Set-Cookie"));
            var entries = Entries(xml);
            Assert.Equal(
                Enumerable.Range(3, 20).Reverse().Select(i => $"post {i} of #many for @bob"),
                entries.Select(entry => entry.Title)
            );
            Assert.Equal(newest, entries[0].Link);
            Assert.Equal(
                [$"{Origin}/tags/many", $"{Origin}/@bob"],
                Html(entries[0].Content)
                    .QuerySelectorAll("a")
                    .Select(link => link.GetAttribute("href"))
            );
        }

        var (atom, _) = await ReadAsync("/@ana.atom");
        Assert.Equal($"{Origin}/@ana", atom.Root!.Element(Atom + "id")!.Value);
        Assert.Equal(
            $"{Origin}/@ana.atom",
            atom.Root.Elements(Atom + "link").Single(Is("self")).Attribute("href")!.Value
        );
        Assert.Equal(
            atom.Root.Element(Atom + "updated")!.Value,
            atom.Root.Element(Atom + "entry")!.Element(Atom + "published")!.Value
        );

        await Ana.OpenAsync("/@ana");
        foreach (var link in Ana.Page.QuerySelectorAll("head [rel=alternate]"))
        {
            using var answer = await Http.GetAsync(link.GetAttribute("href"), Stop);
            Assert.Equal(link.GetAttribute("type"), answer.Content.Headers.ContentType!.MediaType);
        }

        using var nobody = await Http.GetAsync("/@nobody.atom", Stop);
        Assert.Equal(HttpStatusCode.NotFound, nobody.StatusCode);

        static Func<XElement, bool> Is(string relation) =>
            link => link.Attribute("rel")!.Value == relation;
    }

    [Fact]
    public async Task A_reader_that_has_the_feed_is_sent_nothing_until_something_changes()
    {
        await Ana.PostAsync("first");
        await Ana.PostAsync("second");
        var (_, first) = await ReadAsync("/@ana.atom");
        var tag = first.Headers.ETag!;
        Assert.NotNull(first.Content.Headers.LastModified);
        Assert.Equal(HttpStatusCode.NotModified, await AskAsync());

        // No date tells of it: the newest post is as old as before.
        await Ana.OpenAsync("/@ana");
        await Ana.FollowAsync("article:last-of-type .delete");
        await Ana.SendAsync("main form.buttons");
        Assert.Equal(HttpStatusCode.OK, await AskAsync());
        var (xml, _) = await ReadAsync("/@ana.atom");
        Assert.Equal(["second"], Entries(xml).Select(entry => entry.Title));

        async Task<HttpStatusCode> AskAsync()
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/@ana.atom");
            request.Headers.IfNoneMatch.Add(tag);
            request.Headers.IfModifiedSince = first.Content.Headers.LastModified;
            using var answer = await Http.SendAsync(request, Stop);
            Assert.True(
                answer.StatusCode == HttpStatusCode.OK
                    || (await answer.Content.ReadAsByteArrayAsync(Stop)).Length == 0
            );
            return answer.StatusCode;
        }
    }

    [Fact]
    public async Task Whatever_people_write_a_feed_is_well_formed_and_holds_it_as_text()
    {
        string[] texts =
        [
            .. HostileTextTests.Texts,
            "]]>",
            "a\uFFFFb \uD83D\uDE00",
            "tab\tand\nline",
        ];
        foreach (var text in texts)
        {
            await Ana.PostAsync(text);
            await Ana.OpenAsync("/settings");
            await Ana.SendAsync(
                "form[action$=profile]",
                ("name", text.Length > 50 ? text[..50] : text),
                ("bio", text)
            );
            foreach (var path in (string[])["/@ana.atom", "/@ana.rss"])
            {
                var (xml, _) = await ReadAsync(path);
                var content = Html(Entries(xml)[0].Content);
                Assert.Equal(
                    text.Replace("\u0001", "", StringComparison.Ordinal)
                        .Replace('\uFFFF', '\uFFFD')
                        .Replace("\n", "", StringComparison.Ordinal),
                    content.Body!.TextContent
                );
                Assert.All(
                    content.Body.QuerySelectorAll("*"),
                    one => Assert.Contains(one.LocalName, (string[])["p", "br", "span", "a"])
                );
                Assert.All(
                    content.QuerySelectorAll("[href]"),
                    link =>
                        Assert.StartsWith(
                            "http",
                            link.GetAttribute("href"),
                            StringComparison.Ordinal
                        )
                );
            }
        }
    }

    private async Task<(XDocument Xml, HttpResponseMessage Answer)> ReadAsync(string path)
    {
        var answer = await Http.GetAsync(path, Stop);
        Assert.Equal((path, HttpStatusCode.OK), (path, answer.StatusCode));
        using var reader = XmlReader.Create(
            new MemoryStream(await answer.Content.ReadAsByteArrayAsync(Stop)),
            new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit }
        );
        return (XDocument.Load(reader), answer);
    }

    private static List<(string Title, string Link, string Content)> Entries(XDocument xml) =>
        xml.Root!.Name == Atom + "feed"
            ?
            [
                .. xml
                    .Root.Elements(Atom + "entry")
                    .Select(entry =>
                        (
                            entry.Element(Atom + "title")!.Value,
                            entry.Element(Atom + "id")!.Value,
                            entry.Element(Atom + "content")!.Value
                        )
                    ),
            ]
            :
            [
                .. xml.Descendants("item")
                    .Select(item =>
                        (
                            item.Element("title")!.Value,
                            item.Element("guid")!.Value,
                            item.Element("description")!.Value
                        )
                    ),
            ];

    private static IHtmlDocument Html(string content) => new HtmlParser().ParseDocument(content);
}
