using System.Net;
using Rookery.TestKit;
using Xunit;

namespace Rookery.SystemTests.Site;

/// <summary>Asking to follow, and answering, by forms.</summary>
public sealed class FollowRequestPageTests : IAsyncLifetime
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
        await LockAsync(true);
    }

    public async ValueTask DisposeAsync()
    {
        _ana.Dispose();
        _bob.Dispose();
        _cem.Dispose();
        await _world.DisposeAsync();
    }

    [Fact]
    public async Task Who_wants_to_follow_asks_and_can_take_it_back()
    {
        await _bob.OpenAsync("/@ana");
        Assert.Equal("Approves followers", _bob.Find(".badge").TextContent);
        var ask = _bob.Find("[formaction$='/follow']");
        Assert.Equal("Ask to follow", ask.TextContent);
        Assert.False(ask.HasAttribute("data-toggle"));
        await _bob.PressAsync("[formaction$='/follow']");
        Assert.Equal("/@ana", _bob.Place);
        Assert.Contains("You have asked @ana", _bob.Text, StringComparison.Ordinal);
        Assert.Equal("Take back request", _bob.Find("[formaction$='/unfollow']").TextContent);
        await _bob.PressAsync("[formaction$='/unfollow']");
        Assert.Equal("Ask to follow", _bob.Find("[formaction$='/follow']").TextContent);
        Assert.Empty(await RequestsAsync());
    }

    [Fact]
    public async Task Requests_are_answered_on_the_list_on_profiles_and_in_notifications()
    {
        foreach (var fan in new[] { _bob, _cem })
        {
            await fan.OpenAsync("/@ana");
            await fan.PressAsync("[formaction$='/follow']");
        }

        await _world.SettleAsync(Stop);
        await _ana.OpenAsync("/notifications");
        Assert.Equal(2, _ana.Page.QuerySelectorAll(".told li").Length);
        Assert.Contains("bob wants to follow you", _ana.Text, StringComparison.Ordinal);
        await _ana.PressAsync(".told [formaction='/@bob/reject']");
        Assert.Equal("/notifications", _ana.Place);
        await _world.SettleAsync(Stop);
        await _ana.OpenAsync("/notifications");
        Assert.Single(_ana.Page.QuerySelectorAll(".told li"));
        await _ana.FollowAsync("[href='/follow_requests']");
        Assert.Equal(["/@cem"], Listed());
        await _ana.PressAsync("[formaction='/@cem/accept']");
        Assert.Equal("/follow_requests", _ana.Place);
        Assert.Empty(Listed());
        await _world.SettleAsync(Stop);
        await _ana.OpenAsync("/notifications");
        Assert.Null(_ana.Page.QuerySelector("[href='/follow_requests']"));
        Assert.Contains("cem follows you", _ana.Text, StringComparison.Ordinal);
        await _cem.OpenAsync("/@ana");
        Assert.Equal("Unfollow", _cem.Find("[formaction$='/unfollow']").TextContent);

        await _bob.OpenAsync("/@ana");
        await _bob.PressAsync("[formaction$='/follow']");
        await _ana.OpenAsync("/@bob");
        Assert.Contains("@bob wants to follow you", _ana.Text, StringComparison.Ordinal);
        await _ana.PressAsync("[formaction$='/accept']");
        Assert.Equal("Follows you", _ana.Find(".badge").TextContent);
        await _ana.PressAsync("[formaction$='/remove_follower']");
        Assert.Null(_ana.Page.QuerySelector(".badge"));
    }

    [Fact]
    public async Task A_request_that_was_taken_back_cannot_be_accepted_and_that_is_said()
    {
        await _bob.OpenAsync("/@ana");
        await _bob.PressAsync("[formaction$='/follow']");
        await _ana.OpenAsync("/follow_requests");
        await _bob.PressAsync("[formaction$='/unfollow']");
        await _ana.PressAsync("[formaction='/@bob/accept']");
        Assert.Equal(HttpStatusCode.NotFound, _ana.Status);
        Assert.Contains("has not asked to follow you", _ana.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unlocking_in_the_settings_lets_everybody_in()
    {
        await _bob.OpenAsync("/@ana");
        await _bob.PressAsync("[formaction$='/follow']");
        await LockAsync(false);
        await _world.SettleAsync(Stop);
        await _bob.OpenAsync("/@ana");
        Assert.Null(_bob.Page.QuerySelector(".badge"));
        Assert.Equal("Unfollow", _bob.Find("[formaction$='/unfollow']").TextContent);
        Assert.Empty(await RequestsAsync());
    }

    private async Task LockAsync(bool isLocked)
    {
        await _ana.OpenAsync("/settings");
        var box = _ana.Find("#locked");
        Assert.Equal(!isLocked, box.HasAttribute("checked"));
        if (isLocked)
        {
            box.SetAttribute("checked", "");
        }
        else
        {
            box.RemoveAttribute("checked");
        }

        await _ana.SendAsync("[action='/settings/profile']");
        Assert.Equal(isLocked, _ana.Find("#locked").HasAttribute("checked"));
    }

    private async Task<IReadOnlyList<string>> RequestsAsync()
    {
        await _ana.OpenAsync("/follow_requests");
        return Listed();
    }

    private IReadOnlyList<string> Listed() =>
        [.. _ana.Page.QuerySelectorAll(".accounts .who").Select(one => one.GetAttribute("href")!)];
}
