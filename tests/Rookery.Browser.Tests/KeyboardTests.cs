using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Rookery.BrowserTests;

public sealed class KeyboardTests(Site site)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Everything_is_done_with_the_keyboard_alone()
    {
        var person = await site.SignUpAsync("ana", Stop);
        foreach (var text in (string[])["first", "second", "third"])
        {
            (await person.PostAsync(text, Stop)).Require(201);
        }

        await using var ana = await site.OpenAsync(person);
        await ana.TakeClockAsync();
        await ana.GoAsync("/home");
        var keys = ana.Page.Keyboard;
        await keys.PressAsync("Tab");
        await Expect(ana.Find(".skip")).ToBeFocusedAsync();
        await Expect(ana.Find(".skip")).ToBeInViewportAsync();
        await keys.PressAsync("Enter");

        await keys.PressAsync("n");
        await Expect(ana.Find("#write textarea")).ToBeFocusedAsync();
        // While one types, they are letters.
        await keys.TypeAsync("just like/nothing?");
        await Expect(ana.Find("#write textarea")).ToHaveValueAsync("just like/nothing?");
        await keys.PressAsync("Control+Enter");
        await Expect(ana.Posts).ToHaveCountAsync(4);

        await ana.Find("#write textarea").BlurAsync();
        await keys.PressAsync("j");
        await Expect(ana.Post("just like")).ToBeFocusedAsync();
        await keys.PressAsync("j");
        await keys.PressAsync("j");
        await keys.PressAsync("k");
        await Expect(ana.Post("third")).ToBeFocusedAsync();
        await keys.PressAsync("l");
        await Expect(ana.Post("third").Locator(".like[aria-pressed=true]")).ToHaveCountAsync(1);
        await keys.PressAsync("Control+l");
        await keys.PressAsync("/");
        await Expect(ana.Find("#q")).ToBeFocusedAsync();
        await ana.Find("#q").BlurAsync();

        await keys.PressAsync("?");
        await Expect(ana.Find("dialog")).ToBeVisibleAsync();
        await keys.PressAsync("n");
        await Expect(ana.Find("#write textarea")).Not.ToBeFocusedAsync();
        await keys.PressAsync("Escape");
        await Expect(ana.Find("dialog")).ToHaveCountAsync(0);

        // Deleting by key leads to what takes it back, for as long as one stays there.
        await ana.Post("second").Locator(".delete").FocusAsync();
        await keys.PressAsync("Enter");
        await Expect(ana.Page.GetByRole(AriaRole.Button, new() { Name = "Undo" }))
            .ToBeFocusedAsync();
        await ana.PassAsync(60);
        await keys.PressAsync("Enter");
        await Expect(ana.Post("second")).ToBeFocusedAsync();
        await keys.PressAsync("o");
        await Expect(ana.Find(".focused")).ToContainTextAsync("second");

        await keys.PressAsync("r");
        await Expect(ana.Find("#reply textarea")).ToBeFocusedAsync();
    }

    [Fact]
    public async Task Keys_can_be_turned_off_and_on_again()
    {
        await using var ana = await site.OpenAsync(await site.SignUpAsync("ana", Stop));
        await ana.GoAsync("/home");
        await ana.Find("[data-keys]").ClickAsync();
        await ana.Find("#keys-on").UncheckAsync();
        await ana.Find("dialog .button").ClickAsync();
        await ana.GoAsync("/home");
        await ana.Page.Keyboard.PressAsync("?");
        await ana.Page.Keyboard.PressAsync("n");
        await Expect(ana.Find("dialog")).ToHaveCountAsync(0);
        await Expect(ana.Find("#write textarea")).Not.ToBeFocusedAsync();
        await ana.Find("[data-keys]").ClickAsync();
        await ana.Find("#keys-on").CheckAsync();
        await ana.Page.Keyboard.PressAsync("Escape");
        await ana.Page.Keyboard.PressAsync("n");
        await Expect(ana.Find("#write textarea")).ToBeFocusedAsync();
    }
}
