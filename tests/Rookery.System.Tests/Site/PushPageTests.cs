using System.Net;
using System.Net.Http.Json;
using AngleSharp.Html.Dom;
using Rookery.TestKit;
using Xunit;

namespace Rookery.SystemTests.Site;

/// <summary>Pushes on the site: the script subscribes, and everything else goes without it.</summary>
public sealed class PushPageTests : IAsyncLifetime
{
    private readonly PushClient _client = new();
    private PushService _service = null!;
    private World _world = null!;
    private Browser _ana = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _service = await PushService.StartAsync(Stop);
        _world = await World.EmptyAsync(
            Stop,
            new Dictionary<string, string?>
            {
                ["Push:OwnServices"] = _service.Origin,
                ["Push:FirstRetrySeconds"] = "1",
            }
        );
        _ana = await new Browser(_world.Server.Http.BaseAddress!, Stop).SignUpAsync("ana");
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        _ana.Dispose();
        await _world.DisposeAsync();
        await _service.DisposeAsync();
    }

    [Fact]
    public async Task Who_runs_no_scripts_is_told_that_it_takes_one()
    {
        await _ana.OpenAsync("/settings");
        await _ana.FollowAsync("main [href='/settings/push']");
        Assert.Contains("it must run scripts", _ana.Text, StringComparison.Ordinal);
        var button = _ana.Find("[data-push]");
        Assert.True(button.HasAttribute("hidden"));
        Assert.Equal(87, button.GetAttribute("data-push")!.Length);
        await _ana.FollowAsync("footer [href^='/language']");
        _ana.Language = "de";
        await _ana.PressAsync("button[value=de]");
        Assert.Equal("/settings/push", _ana.Place);
        Assert.Contains("muss er Skripte", _ana.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_subscribes_and_no_push_tells_its_token()
    {
        await SubscribeAsync();
        await _ana.OpenAsync("/settings/push");
        Assert.Contains("None was sent yet", _ana.Text, StringComparison.Ordinal);
        await _ana.SendAsync("[action='/settings/push/test']");
        Assert.Contains("The test is on its way", _ana.Text, StringComparison.Ordinal);
        await UntilAsync(1);
        var said = _client.Read(_service.Received[0]);
        Assert.False(said.TryGetProperty("access_token", out _));
        Assert.Equal("test", said.GetProperty("notification_type").GetString());
        Assert.Equal("/notifications", said.GetProperty("path").GetString());
        Assert.Equal("A test", said.GetProperty("title").GetString());
        await Wait.UntilAsync(
            async () =>
                (await _ana.OpenAsync("/settings/push")).Text.Contains(
                    "The last one was taken",
                    StringComparison.Ordinal
                ),
            () => "it is told that it was taken",
            Stop
        );
    }

    [Fact]
    public async Task Kinds_are_chosen_and_what_fails_is_told_with_why()
    {
        await SubscribeAsync();
        await _ana.OpenAsync("/settings/push");
        Assert.True(_ana.Find("#push-mention").HasAttribute("checked"));
        var box = (IHtmlInputElement)_ana.Find("#push-mention");
        box.IsChecked = false;
        box.RemoveAttribute("checked");
        await _ana.SendAsync("main form[action='/settings/push']");
        Assert.False(_ana.Find("#push-mention").HasAttribute("checked"));
        Assert.True(_ana.Find("#push-follow").HasAttribute("checked"));

        _service.Answer = PushService.Answering(503);
        await _ana.SendAsync("[action='/settings/push/test']");
        await UntilAsync(1);
        await Wait.UntilAsync(
            async () =>
                (await _ana.OpenAsync("/settings/push")).Text.Contains(
                    "The push service answered 503.",
                    StringComparison.Ordinal
                ),
            () => "it is told why it failed",
            Stop
        );
        Assert.Contains("1 waits", _ana.Text, StringComparison.Ordinal);
        _service.Answer = PushService.Taking;
    }

    [Fact]
    public async Task Devices_are_listed_and_removed_each_by_its_owner_alone()
    {
        await SubscribeAsync();
        using var other = new Browser(_ana.Address, Stop);
        await other.OpenAsync("/login");
        await other.SendAsync(
            "main form",
            ("username", "ana"),
            ("password", ClassicClient.Password)
        );
        await other.OpenAsync("/settings/push");
        Assert.Contains("Other devices", other.Text, StringComparison.Ordinal);
        var remove = other.Find("main .sessions button");
        var id = remove.GetAttribute("value")!;

        using var bob = await new Browser(_ana.Address, Stop).SignUpAsync("bob");
        await bob.OpenAsync("/settings/push");
        bob.Find("#push-remove").InnerHtml += $"<input name=\"subscription\" value=\"{id}\">";
        await bob.SendAsync("#push-remove");
        Assert.Contains("No more pushes come there", bob.Text, StringComparison.Ordinal);
        await other.OpenAsync("/settings/push");
        Assert.NotNull(other.Page.QuerySelector("main .sessions button"));

        await other.PressAsync("main .sessions button");
        Assert.Contains("No more pushes come there", other.Text, StringComparison.Ordinal);
        Assert.Null(other.Page.QuerySelector("main .sessions"));
        await _ana.OpenAsync("/settings/push");
        Assert.NotNull(_ana.Page.QuerySelector("[data-push]"));
    }

    /// <summary>As the script of the page does.</summary>
    private async Task SubscribeAsync()
    {
        await _ana.OpenAsync("/settings/push");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/push/subscription")
        {
            Content = JsonContent.Create(
                _client.Subscription(
                    $"{_service.Origin}/ana",
                    alerts: ["follow", "mention", "reblog", "favourite", "status"]
                )
            ),
        };
        request.Headers.Add(
            "Rookery-Form-Token",
            _ana.Find("[name=form_token]").GetAttribute("value")
        );
        request.Headers.Add("Sec-Fetch-Site", "same-origin");
        using var answer = await _ana.RawAsync(request);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    private Task UntilAsync(int count) =>
        Wait.UntilAsync(
            () => Task.FromResult(_service.Received.Count >= count),
            () => $"{count} pushes come, not {_service.Received.Count}",
            Stop
        );
}
