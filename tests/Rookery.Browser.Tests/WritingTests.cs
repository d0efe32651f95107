using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Rookery.TestKit;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Rookery.BrowserTests;

public sealed partial class WritingTests(Site site)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Somebody_signs_up_posts_answers_likes_deletes_and_finds()
    {
        await using var ana = await site.OpenAsync();
        await ana.TakeClockAsync();
        await ana.GoAsync("/");
        await ana.Find(".welcome a[href='/signup']").ClickAsync();
        await ana.Page.GetByLabel("Username").FillAsync("ana_flow");
        await ana.Page.GetByLabel("E-mail").FillAsync("ana_flow@example.org");
        await ana.Page.GetByLabel("Password").FillAsync(ClassicClient.Password);
        await ana.Find("main button").ClickAsync();
        await Expect(ana.Page).ToHaveURLAsync(HomeUrl());

        await ana.MarkAsync();
        await ana.WriteAsync("a heron in the reeds");
        await Expect(ana.Posts).ToHaveCountAsync(1);
        await Expect(ana.Find("#write textarea")).ToHaveValueAsync("");
        await ana.WriteAsync("and an egret");
        await Expect(ana.Posts.First).ToContainTextAsync("and an egret");
        await ana.Post("heron").Locator(".like").ClickAsync();
        await Expect(ana.Post("heron").Locator(".like[aria-pressed=true]"))
            .ToHaveTextAsync("Like1");
        Assert.True(await ana.IsMarkedAsync());

        await ana.Post("heron").Locator(".when").ClickAsync();
        await ana.WriteAsync("it flew away");
        await Expect(ana.Find("[data-list] article")).ToContainTextAsync("it flew away");
        await Expect(ana.Find(".focused .like")).ToHaveAttributeAsync("aria-pressed", "true");

        await ana.Post("flew").Locator(".delete").ClickAsync();
        await Expect(ana.Find("[data-list] article")).ToBeHiddenAsync();
        await ana.Page.GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync();
        await ana.PassAsync(6);
        await Expect(ana.Post("flew")).ToBeVisibleAsync();
        await ana.Post("flew").Locator(".delete").ClickAsync();
        await ana.PassAsync(6);
        await Expect(ana.Find("[data-list] article")).ToHaveCountAsync(0);
        await ana.Page.ReloadAsync();
        await Expect(ana.Posts).ToHaveCountAsync(1);

        await site.SettleAsync(Stop);
        await ana.Find("#q").FillAsync("reeds");
        await ana.Find("#q").PressAsync("Enter");
        await Expect(ana.Posts).ToHaveTextAsync([HeronText()]);
    }

    [Fact]
    public async Task A_post_whose_page_is_left_before_the_time_to_undo_is_over_is_deleted_all_the_same()
    {
        var person = await site.SignUpAsync("ana", Stop);
        (await person.PostAsync("a slip", Stop)).Require(201);
        await using var ana = await site.OpenAsync(person);
        await ana.GoAsync("/home");
        await ana.Post("slip").Locator(".delete").ClickAsync();
        await ana.GoAsync("/public");
        await Wait.UntilAsync(
            async () => (await person.HomeAsync(new Page(1), Stop)).Count == 0,
            () => "the post is gone",
            Stop
        );
    }

    [Fact]
    public async Task A_form_posts_once_however_often_it_is_sent_and_whatever_becomes_of_the_answer()
    {
        var person = await site.SignUpAsync("ana", Stop);
        await using var ana = await site.OpenAsync(person);
        await ana.GoAsync("/home");
        await ana.Find("#write textarea").FillAsync("once");
        await ana.Find("#write button").DblClickAsync();
        await Expect(ana.Posts).ToHaveTextAsync([OnceText()]);

        // The post arrives, its answer is lost, and the page too.
        var isLost = true;
        await ana.Page.RouteAsync(
            "**/posts",
            async route =>
            {
                if (isLost)
                {
                    await route.FetchAsync();
                    await route.AbortAsync();
                }
                else
                {
                    await route.ContinueAsync();
                }
            }
        );
        await ana.WriteAsync("twice?");
        await Expect(ana.Find("#write [role=alert]")).ToContainTextAsync("no connection");
        await ana.Page.ReloadAsync();
        await Expect(ana.Find("#write textarea")).ToHaveValueAsync("twice?");
        isLost = false;
        await ana.Find("#write button[type=submit]").ClickAsync();
        await Expect(ana.Find("#write textarea")).ToHaveValueAsync("");
        Assert.Equal(["twice?", "once"], await ana.TextsAsync());

        // Another text under the key of one that arrived is asked about, and then posted.
        isLost = true;
        await ana.WriteAsync("thrice");
        await Expect(ana.Find("#write [role=alert]")).ToContainTextAsync("no connection");
        isLost = false;
        await ana.WriteAsync("four times");
        await Expect(ana.Find("#write [role=alert]")).ToContainTextAsync("was sent before");
        await ana.Find("#write button[type=submit]").ClickAsync();
        await Expect(ana.Find("#write textarea")).ToHaveValueAsync("");
        Assert.Equal(["four times", "thrice", "twice?", "once"], await ana.TextsAsync());
    }

    [Fact]
    public async Task What_is_wrong_with_a_post_is_said_where_it_was_written()
    {
        await using var ana = await site.OpenAsync(await site.SignUpAsync("ana", Stop));
        await ana.GoAsync("/home");
        await ana.MarkAsync();
        await ana.WriteAsync(new string('x', 501));
        await Expect(ana.Find("#write [role=alert]")).ToContainTextAsync("501 characters");
        await Expect(ana.Find(".left.over")).ToHaveTextAsync("-1");
        Assert.True(await ana.IsMarkedAsync());
    }

    [Fact]
    public async Task A_draft_outlives_the_page_but_not_the_session_and_is_its_writers_alone()
    {
        var person = await site.SignUpAsync("ana", Stop);
        await using var ana = await site.OpenAsync(person);
        await ana.GoAsync("/home");
        await ana.Find("#write textarea").FillAsync("half a thou");
        await ana.Find("#visibility").SelectOptionAsync("followers");
        await ana.GoAsync("/public");
        await ana.GoAsync("/home");
        await Expect(ana.Find("#write textarea")).ToHaveValueAsync("half a thou");
        await Expect(ana.Find("#visibility")).ToHaveValueAsync("followers");
        await ana.Page.GetByRole(AriaRole.Button, new() { Name = "Discard it" }).ClickAsync();
        await Expect(ana.Find("#write textarea")).ToHaveValueAsync("");
        await ana.Find("#write textarea").FillAsync("another");
        await ana.Find("header form button.link").ClickAsync();
        await Expect(ana.Find(".welcome")).ToBeVisibleAsync();
        Assert.Equal(
            0,
            await ana.Page.EvaluateAsync<int>(
                "Object.keys(localStorage).filter(name => name.includes('draft')).length"
            )
        );
    }

    [Fact]
    public async Task Names_are_proposed_behind_an_at_sign_and_taken_by_a_key()
    {
        var bob = await site.SignUpAsync("zoltan", Stop);
        await site.SignUpAsync("zoltana", Stop);
        await site.SettleAsync(Stop);
        await using var ana = await site.OpenAsync(await site.SignUpAsync("ana", Stop));
        await ana.GoAsync("/home");
        var text = ana.Find("#write textarea");
        await text.PressSequentiallyAsync("hello @zolt");
        await Expect(ana.Find("[role=option]")).ToHaveCountAsync(2);
        await text.PressSequentiallyAsync(bob.Username["zolt".Length..]);
        await Expect(ana.Find("[role=option]")).ToHaveCountAsync(1);
        await Expect(text).ToHaveAttributeAsync("aria-activedescendant", "text-names-0");
        await text.PressAsync("Enter");
        await Expect(text).ToHaveValueAsync($"hello @{bob.Username} ");
        await Expect(ana.Find("[role=listbox]")).ToBeHiddenAsync();
        await text.PressSequentiallyAsync("me@zolt");
        await Expect(ana.Find("[role=listbox]")).ToBeHiddenAsync();
    }

    [GeneratedRegex("/home$")]
    private static partial Regex HomeUrl();

    [GeneratedRegex("a heron in the reeds")]
    private static partial Regex HeronText();

    [GeneratedRegex("once")]
    private static partial Regex OnceText();
}
