using System.Net;
using Rookery.TestKit;
using Xunit;

namespace Rookery.SystemTests.Site;

/// <summary>Blocks and mutes, by the buttons of profiles and of the lists in the settings, from both sides.</summary>
public sealed class RelationTests : IAsyncLifetime
{
    private World _world = null!;
    private Browser _ana = null!;
    private Browser _bob = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _world = await World.EmptyAsync(Stop);
        var address = _world.Server.Http.BaseAddress!;
        _ana = await new Browser(address, Stop).SignUpAsync("ana");
        _bob = await new Browser(address, Stop).SignUpAsync("bob");
        await _ana.PostAsync("by ana");
        await _bob.PostAsync("by bob");
    }

    public async ValueTask DisposeAsync()
    {
        _ana.Dispose();
        _bob.Dispose();
        await _world.DisposeAsync();
    }

    [Fact]
    public async Task Two_of_whom_one_blocks_the_other_see_nothing_of_each_other_and_are_told_why()
    {
        await _bob.OpenAsync("/@ana");
        var post = _bob.Find("article .when").GetAttribute("href")!;
        await _bob.PressAsync("[formaction$='/follow']");
        await _ana.OpenAsync("/@bob");
        Assert.Equal("Follows you", _ana.Find(".badge").TextContent);
        await _ana.PressAsync("[formaction$='/block']");
        Assert.Equal("/@bob", _ana.Place);
        Assert.Equal("Unblock", _ana.Find(".tools button").TextContent);
        Assert.Contains("You block @bob", _ana.Text, StringComparison.Ordinal);
        Assert.Null(_ana.Page.QuerySelector(".badge"));
        Assert.Empty(_ana.Posts());

        await _bob.OpenAsync("/@ana");
        Assert.Contains("@ana blocks you", _bob.Text, StringComparison.Ordinal);
        Assert.Empty(_bob.Posts());
        Assert.Null(_bob.Page.QuerySelector("[formaction$='/follow']"));
        Assert.NotNull(_bob.Page.QuerySelector("[formaction$='/block']"));
        Assert.Null(_bob.Page.QuerySelector(".tabs"));
        Assert.Empty((await _bob.OpenAsync("/@ana/replies")).Posts());
        Assert.Equal(HttpStatusCode.NotFound, (await _bob.OpenAsync(post)).Status);
        Assert.DoesNotContain("by ana", (await _bob.OpenAsync("/home")).Posts());
        Assert.DoesNotContain("by ana", (await _bob.OpenAsync("/public")).Posts());

        await _ana.OpenAsync("/settings");
        await _ana.FollowAsync("[href='/settings/blocked']");
        Assert.Equal("/@bob", _ana.Find(".accounts a").GetAttribute("href"));
        await _ana.PressAsync(".accounts button");
        Assert.Equal("/settings/blocked", _ana.Place);
        Assert.Null(_ana.Page.QuerySelector(".accounts"));
        Assert.Equal(["by ana"], (await _bob.OpenAsync("/@ana")).Posts());
    }

    [Fact]
    public async Task Who_is_muted_is_seen_on_the_own_profile_alone_and_does_not_learn_of_it()
    {
        await _ana.OpenAsync("/@bob");
        await _ana.PressAsync("[formaction$='/follow']");
        await _ana.PressAsync("[formaction$='/mute'][value='0']");
        Assert.Contains("You mute @bob", _ana.Text, StringComparison.Ordinal);
        Assert.Equal(["by bob"], _ana.Posts());
        Assert.Equal(["by ana"], (await _ana.OpenAsync("/home")).Posts());
        Assert.DoesNotContain(
            "mute",
            (await _bob.OpenAsync("/@ana")).Find(".profile + *").TextContent,
            StringComparison.Ordinal
        );

        await _ana.OpenAsync("/settings/muted");
        await _ana.PressAsync(".accounts button");
        Assert.Null(_ana.Page.QuerySelector(".accounts"));
        Assert.Equal(["by bob", "by ana"], (await _ana.OpenAsync("/home")).Posts());
        await _ana.OpenAsync("/@bob");
        await _ana.PressAsync("[formaction$='/mute'][value='86400']");
        await _ana.PressAsync("[formaction$='/unmute']");
        Assert.NotNull(_ana.Page.QuerySelector("[formaction$='/mute']"));
    }
}
