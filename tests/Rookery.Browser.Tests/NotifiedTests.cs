using Microsoft.Playwright;
using Rookery.TestKit;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Rookery.BrowserTests;

/// <summary>What others do is told while it happens, on whatever page one is.</summary>
public sealed class NotifiedTests(Site site)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_follow_a_mention_a_like_and_a_belled_post_of_one_come_to_the_other_once_each_without_loading_the_page()
    {
        var (anas, bobs) = (
            await site.SignUpAsync("ana", Stop),
            await site.SignUpAsync("bob", Stop)
        );
        var mine = (await anas.PostAsync("by ana", Stop)).Require(201).Id("tweet_id");
        (
            await new NotifiedClient(site.Http, anas.Token).PostAsync(
                $"/api/v1/accounts/{bobs.Id}/follow",
                Stop,
                new { notify = true }
            )
        ).Require(200);
        await site.SettleAsync(Stop);
        await using var ana = await site.OpenAsync(anas);
        await using var elsewhere = await site.OpenAsync(anas);
        await using var bob = await site.OpenAsync(bobs);
        await ListenAsync(ana, "/notifications");
        await ListenAsync(elsewhere, "/public");
        await Expect(Unread(ana)).ToHaveCountAsync(0);

        await bob.GoAsync($"/@{anas.Username}");
        await bob.Find("[formaction$='/follow']").First.ClickAsync();
        await TellAsync(1, "1 new notification");
        await bob.GoAsync("/home");
        await bob.WriteAsync($"@{anas.Username} look");
        await TellAsync(2, "2 new notifications");
        await bob.GoAsync($"/@{anas.Username}/{mine}");
        await bob.Find("[formaction$='/like']").First.ClickAsync();
        await TellAsync(3, "3 new notifications");
        await ana.Pill.ClickAsync();
        await Expect(ana.Find(".told > li")).ToHaveCountAsync(3);
        await Expect(ana.Pill).ToBeHiddenAsync();
        await bob.GoAsync("/home");
        await bob.WriteAsync("news of bob");
        await TellAsync(4, "1 new notification");
        await Expect(ana.Find(".told > li")).ToHaveCountAsync(3);
        await ana.Pill.ClickAsync();
        await Expect(ana.Find(".told > li")).ToHaveCountAsync(4);
        await Expect(ana.Find(".told > li").First).ToContainTextAsync("news of bob");
        await Expect(ana.Find(".told > li").First).ToBeFocusedAsync();
        await Expect(ana.Find(".told .badge")).ToHaveCountAsync(4);
        Assert.True(await ana.IsMarkedAsync());
        Assert.True(await elsewhere.IsMarkedAsync());

        // The buttons that came with the list are those of the page.
        await ana.Find("[formaction$='/read']").ClickAsync();
        await Expect(Unread(ana)).ToHaveCountAsync(0);

        async Task TellAsync(int unread, string text)
        {
            await Expect(Unread(ana)).ToHaveTextAsync($"{unread}");
            await Expect(Unread(elsewhere)).ToHaveTextAsync($"{unread}");
            await Expect(ana.Pill).ToHaveTextAsync(text);
            await Expect(Heard(ana)).ToHaveTextAsync(text);
            await Expect(Heard(elsewhere))
                .ToHaveTextAsync(
                    unread == 1 ? "1 unread notification" : $"{unread} unread notifications"
                );
            // And there it stays.
            await site.SettleAsync(Stop);
            await Expect(Unread(ana)).ToHaveTextAsync($"{unread}");
        }
    }

    [Fact]
    public async Task What_is_taken_back_lowers_the_number_and_says_nothing()
    {
        var (anas, bobs) = (
            await site.SignUpAsync("ana", Stop),
            await site.SignUpAsync("bob", Stop)
        );
        var mine = new PostId((await anas.PostAsync("by ana", Stop)).Require(201).Id("tweet_id"));
        (await bobs.MarkAsync("like", mine, Stop)).Require(200);
        await site.SettleAsync(Stop);
        await using var ana = await site.OpenAsync(anas);
        await ListenAsync(ana, "/settings");
        await Expect(Unread(ana)).ToHaveTextAsync("1");
        (await bobs.MarkAsync("unlike", mine, Stop)).Require(200);
        await site.SettleAsync(Stop);
        (await bobs.RelateAsync("follow", anas.Id, Stop)).Require(200);
        await site.SettleAsync(Stop);
        (await bobs.PostAsync($"@{anas.Username}", Stop)).Require(201);
        await Expect(Unread(ana)).ToHaveTextAsync("2");
        await Expect(Heard(ana)).ToHaveTextAsync("2 unread notifications");
    }

    [Fact]
    public async Task One_stream_serves_all_pages_of_a_browser()
    {
        var (anas, bobs) = (
            await site.SignUpAsync("ana", Stop),
            await site.SignUpAsync("bob", Stop)
        );
        await using var first = await site.OpenAsync(anas);
        await ListenAsync(first, "/home");
        await using var second = await Tab.NewAsync(first.Page.Context);
        var streams = 0;
        second.Page.Request += (_, request) => streams += IsStream(request.Url) ? 1 : 0;
        await second.GoAsync("/notifications");
        (await bobs.RelateAsync("follow", anas.Id, Stop)).Require(200);
        await Expect(Unread(first)).ToHaveTextAsync("1");
        await Expect(Unread(second)).ToHaveTextAsync("1");
        await Expect(second.Pill).ToHaveTextAsync("1 new notification");
        Assert.Equal(0, streams);
    }

    [Fact]
    public async Task Where_no_stream_is_to_be_had_the_number_is_asked_for_all_the_same()
    {
        var (anas, bobs) = (
            await site.SignUpAsync("ana", Stop),
            await site.SignUpAsync("bob", Stop)
        );
        await using var ana = await site.OpenAsync(anas);
        await ana.Page.RouteAsync("**/api/v1/streaming/**", route => route.AbortAsync());
        await ana.GoAsync("/public");
        (await bobs.RelateAsync("follow", anas.Id, Stop)).Require(200);
        await Expect(Unread(ana)).ToHaveTextAsync("1");
    }

    private static ILocator Unread(Tab tab) => tab.Find("nav .unread");

    private static ILocator Heard(Tab tab) => tab.Find("body > p.hidden[role=status]");

    /// <summary>Opens the page, which listens when this ends.</summary>
    private static async Task ListenAsync(Tab tab, string path)
    {
        await tab.Page.RunAndWaitForResponseAsync(
            () => tab.GoAsync(path),
            answer => IsStream(answer.Url) && answer.Ok
        );
        await tab.MarkAsync();
    }

    private static bool IsStream(string url) =>
        url.EndsWith("/api/v1/streaming/user", StringComparison.Ordinal);
}
