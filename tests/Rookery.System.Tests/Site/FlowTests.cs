using System.Net;
using Rookery.TestKit;
using Xunit;

namespace Rookery.SystemTests.Site;

/// <summary>What people do on the site, each flow from page to page as a browser without JavaScript goes.</summary>
public sealed class FlowTests : IAsyncLifetime
{
    private World _world = null!;
    private readonly List<Browser> _browsers = [];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _world = await World.EmptyAsync(Stop);

    public async ValueTask DisposeAsync()
    {
        _browsers.ForEach(browser => browser.Dispose());
        await _world.DisposeAsync();
    }

    [Fact]
    public async Task Somebody_signs_up_posts_logs_out_and_comes_back()
    {
        var ana = await NewBrowser().OpenAsync("/");
        await ana.FollowAsync(".welcome a[href='/signup']");
        await ana.SendAsync(
            "main form",
            ("username", "ana"),
            ("email", "ana@example.org"),
            ("password", ClassicClient.Password)
        );
        Assert.Equal("/home", ana.Place);
        await ana.PostAsync("first line\nsecond <b>line</b>");
        Assert.Equal("/home", ana.Place);
        Assert.Equal(
            "<p>first line<br>second &lt;b&gt;line&lt;/b&gt;</p>",
            ana.Find(".text").InnerHtml
        );

        await ana.PressAsync("header button.link");
        Assert.Equal("/", ana.Place);
        Assert.DoesNotContain(ana.Cookies, cookie => cookie.Name == "rookery");
        Assert.Equal(["first linesecond <b>line</b>"], ana.Posts());
        await ana.OpenAsync("/settings");
        Assert.Equal("/login?return=%2Fsettings", ana.Place);
        await ana.SendAsync("main form", ("username", "ana"), ("password", ClassicClient.Password));
        Assert.Equal("/settings", ana.Place);
        Assert.Equal("/home", (await ana.OpenAsync("/")).Place);
    }

    [Fact]
    public async Task What_is_wrong_is_said_beside_its_field_and_what_was_written_is_kept()
    {
        var ana = await NewBrowser().OpenAsync("/signup");
        await ana.SendAsync(
            "main form",
            ("username", "ana banana"),
            ("email", "ana@example.org"),
            ("password", "a secret of ana's")
        );
        Assert.Equal(HttpStatusCode.BadRequest, ana.Status);
        Assert.Equal("true", ana.Find("#username").GetAttribute("aria-invalid"));
        Assert.Contains(
            "a handle is 3 to 30",
            ana.Find("#username-error").TextContent,
            StringComparison.Ordinal
        );
        Assert.Equal("ana banana", ana.Find("#username").GetAttribute("value"));
        Assert.Equal("ana@example.org", ana.Find("#email").GetAttribute("value"));
        Assert.DoesNotContain("a secret of ana", ana.Page.Source.Text, StringComparison.Ordinal);
        await ana.SendAsync("main form", ("username", "ana"), ("password", "password1234"));
        Assert.Contains(
            "common",
            ana.Find("#password-error").TextContent,
            StringComparison.Ordinal
        );
        await ana.SendAsync("main form", ("password", ClassicClient.Password));
        Assert.Equal("/home", ana.Place);

        var bob = await NewBrowser().OpenAsync("/login");
        await bob.SendAsync("main form", ("username", "ana"), ("password", "no idea at all"));
        Assert.Equal(HttpStatusCode.Unauthorized, bob.Status);
        Assert.Contains("is wrong", bob.Find("[role=alert]").TextContent, StringComparison.Ordinal);
        Assert.Equal("ana", bob.Find("#username").GetAttribute("value"));

        await ana.SendAsync(
            "form#write",
            ("text", new string('x', 501)),
            ("visibility", "unlisted")
        );
        Assert.Equal(HttpStatusCode.BadRequest, ana.Status);
        Assert.Contains(
            "501 characters",
            ana.Find("#text-error").TextContent,
            StringComparison.Ordinal
        );
        Assert.Equal("unlisted", ana.Find("option[selected]").GetAttribute("value"));
        await ana.SendAsync("form#write", ("text", "shorter"));
        Assert.Equal(["shorter"], ana.Posts());
    }

    [Fact]
    public async Task People_follow_reply_like_repost_and_delete()
    {
        var ana = await NewBrowser().SignUpAsync("ana");
        var bob = await NewBrowser().SignUpAsync("bob");
        await ana.PostAsync("hello from ana");
        await ana.PostAsync("another from ana");
        await bob.OpenAsync("/@ANA");
        await bob.PressAsync(".tools button");
        Assert.Equal("Unfollow", bob.Find(".tools button").TextContent);
        await bob.OpenAsync("/home");
        Assert.Equal(["another from ana", "hello from ana"], bob.Posts());

        await bob.PressAsync("article:nth-of-type(2) .like");
        Assert.Matches("^/home#post-[0-9]+$", bob.Place);
        Assert.NotNull(bob.Page.GetElementById(bob.Place.Split('#')[1]));
        Assert.Equal("true", bob.Find("article:nth-of-type(2) .like").GetAttribute("aria-pressed"));
        await bob.PressAsync("article:nth-of-type(2) .repost");
        // One's own repost is on top of one's home timeline.
        await bob.FollowAsync("article:nth-of-type(1) .when");
        Assert.Equal("true", bob.Find(".focused .repost").GetAttribute("aria-pressed"));
        Assert.Equal("@ana", bob.Find("#reply textarea").TextContent.Trim());
        await bob.SendAsync("#reply", ("text", "@ana hello to you"));
        Assert.Equal(["hello from ana", "@ana hello to you"], bob.Posts());

        await ana.OpenAsync("/home");
        await _world.SettleAsync(Stop);
        await ana.OpenAsync("/@bob/replies");
        Assert.Equal(["@ana hello to you"], ana.Posts());
        Assert.Equal("@ana", ana.Find("article .context a").TextContent);
        await ana.OpenAsync("/@bob");
        Assert.Equal(["hello from ana"], ana.Posts());
        Assert.Contains(
            "bob reposted",
            ana.Find("article .context").TextContent,
            StringComparison.Ordinal
        );
        Assert.Contains("1", ana.Find(".like").TextContent, StringComparison.Ordinal);
        await ana.OpenAsync("/@bob/following");
        Assert.Equal("/@ana", ana.Find(".accounts a").GetAttribute("href"));
        await ana.OpenAsync("/@ana/followers");
        Assert.Equal("/@bob", ana.Find(".accounts a").GetAttribute("href"));

        await bob.OpenAsync("/home");
        Assert.Null(bob.Page.QuerySelector("article:nth-of-type(2) .delete[href^='/@']"));
        await bob.PressAsync($"article .like[aria-pressed=true]");
        Assert.Null(bob.Page.QuerySelector("article .like[aria-pressed=true]"));
        await ana.OpenAsync("/@ana");
        await ana.FollowAsync("article:last-of-type .delete");
        Assert.Equal("Delete this post?", ana.Find("h1").TextContent);
        await ana.SendAsync("main form.buttons");
        Assert.Equal("/@ana", ana.Place);
        Assert.Equal(["another from ana"], ana.Posts());
        await bob.OpenAsync("/@ana");
        await bob.PressAsync(".tools button");
        Assert.DoesNotContain("another from ana", (await bob.OpenAsync("/home")).Posts());
    }

    [Fact]
    public async Task A_conversation_stands_above_and_below_its_post()
    {
        var ana = await NewBrowser().SignUpAsync("ana");
        await ana.PostAsync("one");
        await ana.FollowAsync("article .when");
        await ana.SendAsync("#reply", ("text", "two"));
        var two = ana.Find("section[aria-labelledby=answers] .when").GetAttribute("href")!;
        await ana.OpenAsync(two);
        await ana.SendAsync("#reply", ("text", "three"));
        await ana.SendAsync("#reply", ("text", "three again"), ("visibility", "followers"));
        Assert.Equal(["one", "two", "three", "three again"], ana.Posts());
        Assert.Equal("two", ana.Find(".focused .text").TextContent);

        var stranger = await NewBrowser().OpenAsync(two);
        Assert.Equal(["one", "two", "three"], stranger.Posts());
        Assert.Null(stranger.Page.QuerySelector("form[method=post]"));
        var wrong = await NewBrowser()
            .OpenAsync(two.Replace("@ana", "@ANA", StringComparison.Ordinal));
        Assert.Equal(two, wrong.Place);
        Assert.Equal(HttpStatusCode.NotFound, (await wrong.OpenAsync("/@ana/77")).Status);
    }

    [Fact]
    public async Task Lists_are_paged_from_the_newest_to_the_oldest_and_back()
    {
        var ana = await NewBrowser().SignUpAsync("ana");
        var client = await _world.SignUpAsync("bob", Stop);
        for (var i = 1; i <= 45; i++)
        {
            (await client.PostAsync($"number {i} #count", Stop)).Require(201);
            // The profile's first tab passes over them.
            (
                await client.PostAsync(
                    $"@bob aside {i}",
                    Stop,
                    inReplyTo: await NewestAsync(client)
                )
            ).Require(201);
        }

        await ana.OpenAsync("/@bob");
        await ana.PressAsync(".tools button");
        foreach (
            var (path, each) in ((string, int)[])
                [
                    ("/home", 90),
                    ("/public", 90),
                    ("/@bob", 45),
                    ("/@bob/replies", 45),
                    ("/tags/count", 45),
                    ("/search?q=number", 45),
                ]
        )
        {
            await _world.SettleAsync(Stop);
            await ana.OpenAsync(path);
            var shown = ana.Posts();
            while (ana.Page.QuerySelector(".pager [rel=next]") is not null)
            {
                await ana.FollowAsync(".pager [rel=next]");
                Assert.InRange(ana.Posts().Count, 0, 20);
                shown.AddRange(ana.Posts());
            }

            Assert.Equal(each, shown.Count);
            Assert.Equal(each, shown.Distinct().Count());
            await ana.FollowAsync(".pager a:not([rel])");
            Assert.Equal(shown[0], ana.Posts()[0]);
        }
    }

    [Fact]
    public async Task Search_finds_posts_accounts_and_hashtags_and_proposes_what_was_meant()
    {
        var ana = await NewBrowser().SignUpAsync("anaximander");
        foreach (
            var text in (string[])
                ["the heron waits #herons", "a heron again", "heron and egret", "no bird"]
        )
        {
            await ana.PostAsync(text);
        }

        for (var i = 1; i <= 6; i++)
        {
            await ana.PostAsync($"oystercatcher {i}");
        }

        await _world.SettleAsync(Stop);
        await ana.OpenAsync("/");
        await ana.SendAsync("form.search", ("q", "heron"));
        Assert.Equal(["heron and egret", "a heron again", "the heron waits #herons"], ana.Posts());
        Assert.Equal("/tags/herons", ana.Find(".tags a").GetAttribute("href"));
        await ana.SendAsync("form.search", ("q", "oystercacther"));
        Assert.Equal(6, ana.Posts().Count);
        Assert.Equal("oystercatcher", ana.Find(".notice a").TextContent);
        await ana.FollowAsync(".notice a:nth-of-type(2)");
        Assert.Empty(ana.Posts());
        await ana.SendAsync("form.search", ("q", "@anaxi"));
        Assert.Equal("/@anaximander", ana.Find(".accounts a").GetAttribute("href"));
        await ana.SendAsync("form.search", ("q", "heron -egret from:anaximander sort:top"));
        Assert.Equal(2, ana.Posts().Count);
        await ana.SendAsync("form.search", ("q", "heron since:monday \"open"));
        Assert.Equal(2, ana.Page.QuerySelectorAll(".notice").Length);
        Assert.Equal(
            HttpStatusCode.BadRequest,
            (await ana.OpenAsync($"/search?q={new string('x', 501)}")).Status
        );
        Assert.NotNull((await ana.OpenAsync("/search?q=")).Page.QuerySelector("details[open]"));
    }

    [Fact]
    public async Task Settings_change_the_account_its_password_its_sessions_and_end_it()
    {
        var ana = await NewBrowser().SignUpAsync("ana");
        var phone = await LogInAsync("ana", ClassicClient.Password);
        await ana.OpenAsync("/settings");
        await ana.SendAsync("form[action$=profile]", ("name", ""), ("bio", "kept\nhere"));
        Assert.Equal(HttpStatusCode.BadRequest, ana.Status);
        Assert.Contains(
            "must be 1 to 50",
            ana.Find("#profile-name-error").TextContent,
            StringComparison.Ordinal
        );
        Assert.Equal("kept\nhere", ana.Find("#profile-bio").TextContent);
        await ana.SendAsync(
            "form[action$=profile]",
            ("name", "Ana Á."),
            ("bio", "I am @ana\nof #birds")
        );
        Assert.Contains(
            "was changed",
            ana.Find("[role=status]").TextContent,
            StringComparison.Ordinal
        );
        await ana.OpenAsync("/@ana");
        Assert.Equal("Ana Á.", ana.Find("h1").TextContent);
        Assert.Equal(
            ["/@ana", "/tags/birds"],
            ana.Page.QuerySelectorAll(".bio a").Select(link => link.GetAttribute("href"))
        );

        await ana.OpenAsync("/settings");
        const string Other = "another horse battery";
        await ana.SendAsync(
            "form[action$=password]",
            ("password", "wrong"),
            ("new_password", Other)
        );
        Assert.True(ana.Page.QuerySelector("form[action$=password] .error") is not null);
        await ana.SendAsync(
            "form[action$=password]",
            ("password", ClassicClient.Password),
            ("new_password", Other)
        );
        Assert.Equal("/settings?done=password", ana.Place);
        Assert.StartsWith(
            "/login",
            (await phone.OpenAsync("/home")).Place,
            StringComparison.Ordinal
        );

        phone = await LogInAsync("ana", Other);
        var tablet = await LogInAsync("ana", Other);
        await ana.OpenAsync("/settings");
        Assert.Equal(3, ana.Page.QuerySelectorAll(".sessions li").Length);
        Assert.Equal("This browser", ana.Find(".sessions li:last-child .badge").TextContent);
        // The newest stands first.
        await ana.PressAsync(".sessions button");
        Assert.Equal(2, ana.Page.QuerySelectorAll(".sessions li").Length);
        Assert.Contains(
            "has ended",
            ana.Find("[role=status]").TextContent,
            StringComparison.Ordinal
        );
        Assert.StartsWith(
            "/login",
            (await tablet.OpenAsync("/home")).Place,
            StringComparison.Ordinal
        );
        Assert.Equal("/home", (await phone.OpenAsync("/home")).Place);
        await ana.SendAsync("form[action$=others]");
        Assert.Single(ana.Page.QuerySelectorAll(".sessions li"));
        Assert.StartsWith(
            "/login",
            (await phone.OpenAsync("/home")).Place,
            StringComparison.Ordinal
        );

        phone = await LogInAsync("ana", Other);
        await ana.SendAsync("form[action$=sessions]");
        Assert.Equal("/", ana.Place);
        Assert.StartsWith(
            "/login",
            (await phone.OpenAsync("/home")).Place,
            StringComparison.Ordinal
        );

        ana = await LogInAsync("ana", Other);
        await ana.OpenAsync("/settings");
        await ana.SendAsync("form[action$=delete]", ("password", "wrong"));
        Assert.NotEqual(HttpStatusCode.OK, ana.Status);
        await ana.SendAsync("form[action$=delete]", ("password", Other));
        Assert.Equal("/", ana.Place);
        Assert.Equal(HttpStatusCode.NotFound, (await ana.OpenAsync("/@ana")).Status);
    }

    [Fact]
    public async Task Indexable_is_what_the_box_says()
    {
        var ana = await NewBrowser().SignUpAsync("ana");
        await ana.OpenAsync("/settings");
        var box = ana.Find("#indexable");
        Assert.True(box.HasAttribute("checked"));
        // A box without its mark is not sent.
        box.RemoveAttribute("checked");
        await ana.SendAsync("form[action$=profile]");
        Assert.False(ana.Find("#indexable").HasAttribute("checked"));
    }

    [Fact]
    public async Task A_form_that_is_sent_twice_stores_one_post()
    {
        var ana = await NewBrowser().SignUpAsync("ana");
        await ana.OpenAsync("/home");
        var written = ana.Page;
        await ana.SendAsync("form#write", ("text", "once"));
        await BackAsync("once");
        Assert.Equal("/home", ana.Place);
        Assert.Equal(["once"], ana.Posts());

        await BackAsync("changed");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, ana.Status);
        Assert.Contains(
            "was sent before",
            ana.Find("[role=alert]").TextContent,
            StringComparison.Ordinal
        );
        await ana.SendAsync("form#write");
        Assert.Equal(["changed", "once"], ana.Posts());

        // The page as it stood, which the back button shows.
        async Task BackAsync(string text)
        {
            await ana.OpenAsync("/home");
            ana.Find("form#write [name=key]")
                .SetAttribute(
                    "value",
                    written.QuerySelector("form#write [name=key]")!.GetAttribute("value")!
                );
            await ana.SendAsync("form#write", ("text", text));
        }
    }

    private Browser NewBrowser()
    {
        var browser = new Browser(_world.Server.Http.BaseAddress!, Stop);
        _browsers.Add(browser);
        return browser;
    }

    private async Task<Browser> LogInAsync(string username, string password)
    {
        var browser = await NewBrowser().OpenAsync("/login");
        await browser.SendAsync("main form", ("username", username), ("password", password));
        Assert.Equal("/home", browser.Place);
        return browser;
    }

    private static async Task<PostId> NewestAsync(ClassicClient client) =>
        (await client.UserTimelineAsync(client.Id, new Page(1), Stop))[0].Id;
}
