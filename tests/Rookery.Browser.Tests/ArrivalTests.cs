using System.Diagnostics;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Rookery.BrowserTests;

/// <summary>What is new is told as it comes: a page of the home timeline listens to one stream.</summary>
public sealed class ArrivalTests(Site site)
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(5);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_post_of_one_is_offered_to_the_other_at_once_without_loading_the_page()
    {
        var (anas, bobs) = (
            await site.SignUpAsync("ana", Stop),
            await site.SignUpAsync("bob", Stop)
        );
        (await anas.RelateAsync("follow", bobs.Id, Stop)).Require(200);
        (await bobs.RelateAsync("follow", anas.Id, Stop)).Require(200);
        await using var ana = await site.OpenAsync(anas);
        await using var bob = await site.OpenAsync(bobs);
        await ListenAsync(ana);
        await ListenAsync(bob);

        foreach (
            var (from, to, text) in new[]
            {
                (ana, bob, "ana was here"),
                (bob, ana, "bob too"),
                (ana, bob, "ana again"),
            }
        )
        {
            var written = Stopwatch.GetTimestamp();
            await from.WriteAsync(text);
            await Expect(to.Pill).ToHaveTextAsync("1 new post");
            Assert.InRange(Stopwatch.GetElapsedTime(written), TimeSpan.Zero, Soon);
            await to.Pill.ClickAsync();
            await Expect(to.Posts.First).ToContainTextAsync(text);
        }

        Assert.True(await ana.IsMarkedAsync());
        Assert.True(await bob.IsMarkedAsync());
    }

    [Fact]
    public async Task A_post_that_is_deleted_is_offered_no_longer()
    {
        var (anas, bobs) = (
            await site.SignUpAsync("ana", Stop),
            await site.SignUpAsync("bob", Stop)
        );
        (await anas.RelateAsync("follow", bobs.Id, Stop)).Require(200);
        await using var ana = await site.OpenAsync(anas);
        await ListenAsync(ana);
        var posted = (await bobs.PostAsync("a slip", Stop)).Require(201).Id("tweet_id");
        await Expect(ana.Pill).ToHaveTextAsync("1 new post");
        (await bobs.DeleteAsync(new PostId(posted), Stop)).Require(200);
        await Expect(ana.Pill).ToBeHiddenAsync();
    }

    [Fact]
    public async Task Of_the_tabs_of_a_browser_one_listens_and_all_are_told()
    {
        var (anas, bobs) = (
            await site.SignUpAsync("ana", Stop),
            await site.SignUpAsync("bob", Stop)
        );
        (await anas.RelateAsync("follow", bobs.Id, Stop)).Require(200);
        await using var first = await site.OpenAsync(anas);
        await ListenAsync(first);
        await using var second = await Tab.NewAsync(first.Page.Context);
        var streams = 0;
        second.Page.Request += (_, request) => streams += IsStream(request.Url) ? 1 : 0;
        await second.GoAsync("/home");
        (await bobs.PostAsync("hello", Stop)).Require(201);

        await Expect(first.Pill).ToHaveTextAsync("1 new post");
        await Expect(second.Pill).ToHaveTextAsync("1 new post");
        Assert.Equal(0, streams);
    }

    [Fact]
    public async Task Where_no_stream_is_to_be_had_the_page_asks_by_itself()
    {
        var (anas, bobs) = (
            await site.SignUpAsync("ana", Stop),
            await site.SignUpAsync("bob", Stop)
        );
        (await anas.RelateAsync("follow", bobs.Id, Stop)).Require(200);
        await using var ana = await site.OpenAsync(anas);
        await ana.TakeClockAsync();
        await ana.Page.RouteAsync("**/api/v1/streaming/**", route => route.AbortAsync());
        await ana.GoAsync("/home");
        (await bobs.PostAsync("hello", Stop)).Require(201);
        await ana.PassAsync(31);
        await Expect(ana.Pill).ToHaveTextAsync("1 new post");
    }

    /// <summary>Opens the home page, which listens when this ends.</summary>
    private static async Task ListenAsync(Tab tab)
    {
        await tab.Page.RunAndWaitForResponseAsync(
            () => tab.GoAsync("/home"),
            answer => IsStream(answer.Url) && answer.Ok
        );
        await tab.MarkAsync();
    }

    private static bool IsStream(string url) =>
        url.EndsWith("/api/v1/streaming/user", StringComparison.Ordinal);
}
