using System.Net;
using AngleSharp.Html.Parser;
using Rookery.TestKit;
using Xunit;

namespace Rookery.SystemTests.Site;

/// <summary>What others did, on the site, without JavaScript.</summary>
public sealed class NotificationPageTests : IAsyncLifetime
{
    private World _world = null!;
    private Browser _ana = null!;
    private Browser _bob = null!;
    private Browser _cem = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _world = await World.EmptyAsync(Stop);
        var address = _world.Server.Http.BaseAddress!;
        _ana = await new Browser(address, Stop).SignUpAsync("ana");
        _bob = await new Browser(address, Stop).SignUpAsync("bob");
        _cem = await new Browser(address, Stop).SignUpAsync("cem");
        await _ana.PostAsync("by ana");
    }

    public async ValueTask DisposeAsync()
    {
        _ana.Dispose();
        _bob.Dispose();
        _cem.Dispose();
        await _world.DisposeAsync();
    }

    [Fact]
    public async Task What_others_did_is_counted_shown_in_groups_read_and_dismissed()
    {
        Assert.Contains("Nothing here yet", (await OpenAsync()).Text, StringComparison.Ordinal);
        Assert.Null(_ana.Page.QuerySelector(".unread"));
        foreach (var fan in new[] { _bob, _cem })
        {
            await fan.OpenAsync("/@ana");
            await fan.PressAsync("[formaction$='/like']");
            await fan.OpenAsync("/@ana");
            await fan.PressAsync("[formaction$='/follow']");
        }

        await _bob.PostAsync("see @ana <b>");
        await OpenAsync();
        Assert.Equal("5", _ana.Find(".unread").TextContent);
        Assert.Equal(
            [
                "bob mentioned you",
                "cem and one other follow you",
                "cem and one other like what you wrote",
            ],
            Lines()
        );
        Assert.Equal("see @ana <b>", _ana.Find(".quoted").TextContent);
        Assert.Equal(3, _ana.Page.QuerySelectorAll(".told .badge").Length);
        Assert.All(
            _ana.Page.QuerySelectorAll(".told .badge"),
            badge => Assert.Equal(" ", badge.PreviousSibling?.TextContent)
        );
        Assert.Equal(
            "Notifications 5 unread",
            Words([_ana.Find("nav a[href='/notifications']").TextContent])
        );

        await _ana.PressAsync("[formaction$='/read']");
        Assert.Equal("/notifications", _ana.Place);
        Assert.Null(_ana.Page.QuerySelector(".unread"));
        Assert.Null(_ana.Page.QuerySelector("[formaction$='/read']"));
        Assert.Empty(_ana.Page.QuerySelectorAll(".told .badge"));
        await _ana.PressAsync(".told li:nth-child(2) [formaction$='/dismiss']");
        Assert.Equal(["bob mentioned you", "cem and one other like what you wrote"], Lines());
        await _ana.FollowAsync(".quoted");
        Assert.Equal(["see @ana <b>"], _ana.Posts());
        await OpenAsync();
        await _ana.PressAsync("[formaction$='/clear']");
        Assert.Empty(Lines());
    }

    [Fact]
    public async Task How_many_there_are_is_said_beside_the_link_as_it_is_now()
    {
        await OpenAsync();
        Assert.Equal("1", _ana.Find("[data-newest]").GetAttribute("data-newest"));
        Assert.Equal("Notifications|", await CountAsync(""));
        await _bob.PostAsync("@ana one");
        await OpenAsync();
        var newest = _ana.Find("[data-newest]").GetAttribute("data-newest");
        await _bob.PostAsync("@ana two");
        await _bob.PostAsync("@ana three");
        await _world.SettleAsync(Stop);
        Assert.Equal("Notifications 3 unread|3 unread notifications", await CountAsync(""));
        Assert.Equal(
            "Notifications 3 unread|2 new notifications",
            await CountAsync($"?since_id={newest}")
        );
        Assert.Equal("400", await CountAsync("?since_id=x"));
        using var stranger = await _world.Server.Http.GetAsync("/notifications/new", Stop);
        Assert.DoesNotContain(
            "unread",
            await stranger.Content.ReadAsStringAsync(Stop),
            StringComparison.Ordinal
        );

        async Task<string> CountAsync(string query)
        {
            using var request = new HttpRequestMessage(
                HttpMethod.Get,
                $"/notifications/new{query}"
            );
            using var answer = await _ana.RawAsync(request);
            if (!answer.IsSuccessStatusCode)
            {
                return $"{(int)answer.StatusCode}";
            }

            var page = new HtmlParser().ParseDocument(await answer.Content.ReadAsStringAsync(Stop));
            return $"{WordsOf("a")}|{WordsOf("p")}";

            string WordsOf(string part) =>
                string.Join(
                    ' ',
                    page.QuerySelector(part)!
                        .TextContent.Split(default(char[]), StringSplitOptions.RemoveEmptyEntries)
                );
        }
    }

    [Fact]
    public async Task A_long_list_goes_on_on_another_page()
    {
        for (var i = 0; i < 23; i++)
        {
            await _bob.PostAsync($"@ana {i}");
        }

        await OpenAsync();
        Assert.Equal("23", _ana.Find(".unread").TextContent);
        Assert.Equal("@ana 22", _ana.Find(".quoted").TextContent);
        Assert.Equal(20, Lines().Count);
        await _ana.FollowAsync(".pager [rel=next]");
        Assert.Equal(3, Lines().Count);
        Assert.Equal("@ana 2", _ana.Find(".quoted").TextContent);
        Assert.Null(_ana.Page.QuerySelector(".pager [rel=next]"));
        await _ana.FollowAsync(".pager a");
        Assert.Equal(20, Lines().Count);
    }

    [Fact]
    public async Task Who_rings_the_bell_of_a_profile_is_told_of_each_post()
    {
        await _ana.OpenAsync("/@bob");
        Assert.Null(_ana.Page.QuerySelector("[formaction$='/ring']"));
        await _ana.PressAsync("[formaction$='/follow']");
        Assert.Equal("false", _ana.Find("[formaction$='/ring']").GetAttribute("aria-pressed"));
        await _ana.PressAsync("[formaction$='/ring']");
        Assert.Equal("true", _ana.Find("[formaction$='/unring']").GetAttribute("aria-pressed"));
        await _bob.PostAsync("news");
        await OpenAsync();
        Assert.Equal(["bob posted"], Lines());
        await _ana.OpenAsync("/@bob");
        await _ana.PressAsync("[formaction$='/unring']");
        await _bob.PostAsync("more news");
        await OpenAsync();
        Assert.Equal(["bob posted"], Lines());
    }

    [Fact]
    public async Task Members_choose_of_what_they_are_told()
    {
        await _ana.OpenAsync("/settings");
        Assert.All(
            _ana.Page.QuerySelectorAll("[aria-labelledby=told] [type=checkbox]"),
            box => Assert.True(box.HasAttribute("checked"))
        );
        _ana.Find("#tell-like").RemoveAttribute("checked");
        await _ana.SendAsync("[action='/settings/notifications']");
        Assert.Contains("was changed", _ana.Find(".notice").TextContent, StringComparison.Ordinal);
        Assert.False(_ana.Find("#tell-like").HasAttribute("checked"));
        Assert.True(_ana.Find("#tell-mention").HasAttribute("checked"));
        await _bob.OpenAsync("/@ana");
        await _bob.PressAsync("[formaction$='/like']");
        await _bob.PostAsync("@ana");
        await OpenAsync();
        Assert.Equal(["bob mentioned you"], Lines());
    }

    [Fact]
    public async Task It_is_in_German_too_and_for_members_alone()
    {
        await _bob.PostAsync("@ana");
        await _world.SettleAsync(Stop);
        using var browser = new Browser(_world.Server.Http.BaseAddress!, Stop);
        await browser.OpenAsync("/notifications");
        Assert.StartsWith("/login", browser.Place, StringComparison.Ordinal);
        using var german = new Browser(_world.Server.Http.BaseAddress!, Stop, "de")
        {
            Language = "de",
        };
        await german.SignUpAsync("dor");
        await _bob.PostAsync("@dor");
        await _world.SettleAsync(Stop);
        await german.OpenAsync("/notifications");
        Assert.Equal("bob hat dich erwähnt", LinesOf(german)[0]);
        Assert.Equal(HttpStatusCode.OK, german.Status);
    }

    private async Task<Browser> OpenAsync()
    {
        await _world.SettleAsync(Stop);
        return await _ana.OpenAsync("/notifications");
    }

    private List<string> Lines() => LinesOf(_ana);

    /// <summary>Without the time and what follows it.</summary>
    private static List<string> LinesOf(Browser browser) =>
        [
            .. browser
                .Page.QuerySelectorAll(".told li > div > p:first-child")
                .Select(line =>
                    Words(
                        line.ChildNodes.TakeWhile(node => node.NodeName != "TIME")
                            .Select(node => node.TextContent)
                    )
                ),
        ];

    /// <summary>As they are read: with spaces only where the page has any.</summary>
    private static string Words(IEnumerable<string> parts) =>
        string.Join(
            ' ',
            string.Concat(parts).Split(default(char[]), StringSplitOptions.RemoveEmptyEntries)
        );
}
