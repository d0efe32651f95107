using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Rookery.TestKit;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Rookery.BrowserTests;

public sealed partial class ReadingTests(Site site)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_who_follow_each_other_see_each_others_posts_arrive()
    {
        var (anas, bobs) = (
            await site.SignUpAsync("ana", Stop),
            await site.SignUpAsync("bob", Stop)
        );
        await using var ana = await OpenWithClockAsync(anas);
        await using var bob = await OpenWithClockAsync(bobs);
        await ana.GoAsync($"/@{bobs.Username}");
        await ana.MarkAsync();
        await ana.Find(".tools [formaction$='follow']").ClickAsync();
        await Expect(ana.Find(".tools [formaction$='follow']")).ToHaveTextAsync("Unfollow");
        var followers = ana.Find(".counts a[href$='/followers']");
        await Expect(followers).ToHaveTextAsync("1 follower");
        Assert.True(await ana.IsMarkedAsync());
        await bob.GoAsync($"/@{anas.Username}");
        await bob.Find(".tools [formaction$='follow']").ClickAsync();
        await Expect(bob.Find(".tools [formaction$='follow']")).ToHaveTextAsync("Unfollow");
        await ana.GoAsync("/home");
        await bob.GoAsync("/home");

        await ana.WriteAsync("ana was here");
        await Expect(ana.Posts).ToHaveCountAsync(1);
        await Expect(bob.Pill).ToHaveTextAsync("1 new post");
        await Expect(bob.Page).ToHaveTitleAsync("(1) Home · Rookery");
        await bob.Pill.ClickAsync();
        await Expect(bob.Posts).ToContainTextAsync(["ana was here"]);
        await Expect(bob.Pill).ToBeHiddenAsync();
        await bob.WriteAsync("bob too");
        await Expect(bob.Posts).ToHaveCountAsync(2);
        await ana.Pill.ClickAsync();
        await Expect(ana.Posts).ToContainTextAsync(["bob too", "ana was here"]);

        // Nothing new is an answer without a body, and seldom asked for while the page is told.
        var answer = await ana.Page.RunAndWaitForResponseAsync(
            () => ana.PassAsync(601),
            one => one.Url.Contains("/home/new", StringComparison.Ordinal)
        );
        Assert.Equal(200, answer.Status);
        answer = await ana.Page.RunAndWaitForResponseAsync(
            () => ana.PassAsync(601),
            one => one.Url.Contains("/home/new", StringComparison.Ordinal)
        );
        Assert.Equal(304, answer.Status);

        await site.SettleAsync(Stop);
        await ana.GoAsync($"/@{bobs.Username}");
        await Expect(followers).ToHaveTextAsync("1 follower");
        await ana.Find(".tools [formaction$='follow']").ClickAsync();
        await Expect(followers).ToHaveTextAsync("0 followers");
    }

    [Fact]
    public async Task New_posts_come_above_what_is_read_and_a_gap_among_them_can_be_filled()
    {
        var person = await site.SignUpAsync("ana", Stop);
        await PostAsync(person, "old", 20);
        await using var ana = await OpenWithClockAsync(person);
        await ana.GoAsync("/home");
        await ana.Post("old 10.").EvaluateAsync("post => scrollTo(0, post.offsetTop)");
        var before = await TopAsync(ana, "old 10.");
        await PostAsync(person, "new", 45);
        await Expect(ana.Pill).ToHaveTextAsync("20+ new posts");
        await ana.Pill.ClickAsync();
        await Expect(ana.Posts).ToHaveCountAsync(40);
        Assert.InRange(await TopAsync(ana, "old 10."), before - 2, before + 2);
        await Expect(ana.Pill).ToHaveTextAsync("To the newest");

        // That nothing came since then takes the way up from nobody.
        await ana.Page.RunAndWaitForResponseAsync(
            () => ana.PassAsync(601),
            one => one.Url.Contains("/home/new", StringComparison.Ordinal)
        );
        await Expect(ana.Pill).ToHaveTextAsync("To the newest");
        await Expect(ana.Pill).ToBeVisibleAsync();
        await ana.Find(".gap a").ClickAsync();
        await Expect(ana.Posts).ToHaveCountAsync(60);
        await ana.Find(".gap a").ClickAsync();
        await Expect(ana.Posts).ToHaveCountAsync(65);
        await Expect(ana.Find(".gap")).ToHaveCountAsync(0);
        Assert.Equal([.. Numbered("new", 45), .. Numbered("old", 20)], await ana.TextsAsync());
        await ana.Pill.ClickAsync();
        Assert.Equal(0, await ana.Page.EvaluateAsync<int>("scrollY"));
    }

    [Fact]
    public async Task A_long_list_goes_on_by_itself_and_who_comes_back_is_where_he_was()
    {
        var person = await site.SignUpAsync("ana", Stop);
        await PostAsync(person, "post", 65);
        await using var ana = await site.OpenAsync(person);
        await ana.GoAsync("/home");
        await ScrollToAsync(ana, "post 30.");
        await ScrollToAsync(ana, "post 1.");
        Assert.Equal(Numbered("post", 65), await ana.TextsAsync());
        await ScrollToAsync(ana, "post 15.");
        var before = await TopAsync(ana, "post 15.");

        await ana.Post("post 15.").Locator(".when").ClickAsync();
        await Expect(ana.Find(".focused")).ToContainTextAsync("post 15.");
        await ana.Page.GoBackAsync();
        await Expect(ana.Post("post 15.")).ToBeVisibleAsync();
        Assert.Contains("/home?max_id=", ana.Page.Url, StringComparison.Ordinal);
        Assert.InRange(await TopAsync(ana, "post 15."), before - 2, before + 2);
        await ana.Pill.ClickAsync();
        await Expect(ana.Posts.First).ToContainTextAsync("post 65.");
    }

    [Fact]
    public async Task A_session_that_ended_elsewhere_leads_to_the_log_in_and_back()
    {
        var person = await site.SignUpAsync("ana", Stop);
        (await person.PostAsync("a post", Stop)).Require(201);
        await using var ana = await site.OpenAsync(person);
        await ana.GoAsync("/home");
        (await person.LogOutAsync(Stop)).Require(200);
        await ana.Find(".like").ClickAsync();
        await Expect(ana.Page).ToHaveURLAsync(LogInUrl());
        await ana.Page.GetByLabel("Username").FillAsync(person.Username);
        await ana.Page.GetByLabel("Password").FillAsync(ClassicClient.Password);
        await ana.Find("main button").ClickAsync();
        await Expect(ana.Page).ToHaveURLAsync(HomeUrl());
    }

    [Fact]
    public async Task Times_go_on_while_the_page_stands_open_and_say_when_exactly()
    {
        var person = await site.SignUpAsync("ana", Stop);
        (await person.PostAsync("a post", Stop)).Require(201);
        await using var ana = await OpenWithClockAsync(person);
        await ana.GoAsync("/home");
        var time = ana.Find(".when time");
        await Expect(time).ToHaveTextAsync("now");
        await ana.PassAsync(3 * 60 + 35);
        await Expect(time).ToHaveTextAsync("3 min");
        Assert.Contains(
            DateTime
                .Parse(
                    (await time.GetAttributeAsync("datetime"))!,
                    CultureInfo.InvariantCulture,
                    DateTimeStyles.AdjustToUniversal
                )
                .ToString("d MMMM yyyy", CultureInfo.InvariantCulture),
            await time.GetAttributeAsync("title"),
            StringComparison.Ordinal
        );
    }

    private async Task<Tab> OpenWithClockAsync(ClassicClient person)
    {
        var tab = await site.OpenAsync(person, new BrowserNewContextOptions { TimezoneId = "UTC" });
        await tab.TakeClockAsync();
        return tab;
    }

    private static async Task PostAsync(ClassicClient person, string text, int count)
    {
        for (var i = 1; i <= count; i++)
        {
            (await person.PostAsync($"{text} {i}.", Stop)).Require(201);
        }
    }

    /// <summary>The newest first.</summary>
    private static IEnumerable<string> Numbered(string text, int count) =>
        Enumerable.Range(1, count).Reverse().Select(i => $"{text} {i}.");

    private static Task<double> TopAsync(Tab tab, string text) =>
        tab.Post(text).EvaluateAsync<double>("post => post.getBoundingClientRect().top");

    /// <summary>As one scrolls who reads: to the end of what is there, until the post is.</summary>
    private static async Task ScrollToAsync(Tab tab, string text)
    {
        await Wait.UntilAsync(
            async () =>
            {
                await tab.Page.EvaluateAsync("scrollTo(0, document.body.scrollHeight)");
                return await tab.Post(text).CountAsync() > 0;
            },
            () => $"{text} is there",
            Stop
        );
        await tab.Post(text).EvaluateAsync("post => scrollTo(0, post.offsetTop - 100)");
    }

    [GeneratedRegex("/login\\?return=%2Fhome$")]
    private static partial Regex LogInUrl();

    [GeneratedRegex("/home$")]
    private static partial Regex HomeUrl();
}
