using System.Text.Json;
using Rookery.TestKit;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Rookery.BrowserTests;

/// <summary>
/// Pushes in a real browser. Its maker's push service is nowhere near, so what the browser would have from there it is given; what it shows it is pushed by hand.
/// </summary>
public sealed class PushTests(Site site)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_button_subscribes_this_browser_and_its_worker_shows_what_is_pushed()
    {
        using var client = new PushClient();
        var ana = await site.SignUpAsync("ana", Stop);
        await using var tab = await site.OpenAsync(ana);
        await tab.Page.Context.GrantPermissionsAsync(["notifications"]);
        await tab.Page.AddInitScriptAsync(
            $$"""
            PushManager.prototype.getSubscription = async () => null;
            PushManager.prototype.subscribe = async (options) => {
              window.name = JSON.stringify(options);
              return { toJSON: () => ({ endpoint: "https://push.example/browser", keys: { p256dh: "{{client.P256dh}}", auth: "{{client.Auth}}" } }) };
            };
            """
        );
        await tab.GoAsync("/settings/push");
        var button = tab.Find("[data-push]");
        var key = await button.GetAttributeAsync("data-push");
        await Expect(tab.Find("#push-script")).ToHaveCountAsync(0);
        await button.ClickAsync();
        await Expect(tab.Find("#push-mention")).ToBeCheckedAsync();
        var options = JsonElement.Parse(await tab.Page.EvaluateAsync<string>("window.name"));
        Assert.Equal(key, options.GetProperty("applicationServerKey").GetString());
        Assert.True(options.GetProperty("userVisibleOnly").GetBoolean());

        await PushAsync(
            tab,
            """{"title":"bob likes your post","body":"mine","notification_id":5,"notification_type":"favourite","path":"/notifications"}"""
        );
        await PushAsync(
            tab,
            """{"title":"bob likes your post","body":"mine","notification_id":5,"notification_type":"favourite","path":"/notifications"}"""
        );
        var shown = await tab.Page.EvaluateAsync<string>(
            """
            async () => {
              const worker = await navigator.serviceWorker.ready;
              for (;;) {
                const all = await worker.getNotifications();
                if (all.length > 0) return JSON.stringify(all.map(({ title, body, data }) => [title, body, data]));
                await new Promise((later) => setTimeout(later, 20));
              }
            }
            """
        );
        Assert.Equal("""[["bob likes your post","mine","/notifications"]]""", shown);
    }

    [Fact]
    public async Task A_browser_that_may_show_nothing_is_told_what_to_do()
    {
        var ana = await site.SignUpAsync("ana", Stop);
        await using var tab = await site.OpenAsync(ana);
        await tab.Page.AddInitScriptAsync(
            "Notification.requestPermission = async () => \"denied\";"
        );
        await tab.GoAsync("/settings/push");
        await tab.Find("[data-push]").ClickAsync();
        await Expect(tab.Find("#push-said")).ToContainTextAsync("Allow them in its settings");
        await Expect(tab.Find("[data-push]")).ToBeEnabledAsync();
    }

    private static async Task PushAsync(Tab tab, string data)
    {
        var devtools = await tab.Page.Context.NewCDPSessionAsync(tab.Page);
        var registered = new TaskCompletionSource<string>(
            TaskCreationOptions.RunContinuationsAsynchronously
        );
        devtools.Event("ServiceWorker.workerRegistrationUpdated").OnEvent += (_, happened) =>
        {
            foreach (var one in happened!.Value.GetProperty("registrations").EnumerateArray())
            {
                registered.TrySetResult(one.GetProperty("registrationId").GetString()!);
            }
        };
        await devtools.SendAsync("ServiceWorker.enable");
        await devtools.SendAsync(
            "ServiceWorker.deliverPushMessage",
            new Dictionary<string, object>
            {
                ["origin"] = new Uri(tab.Page.Url).GetLeftPart(UriPartial.Authority),
                ["registrationId"] = await registered.Task,
                ["data"] = data,
            }
        );
        await devtools.DetachAsync();
    }
}
