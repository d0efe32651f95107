using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Rookery.BrowserTests;

/// <summary>The script in another language than English.</summary>
public sealed class LanguageTests(Site site)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_the_script_says_is_in_the_language_of_the_page()
    {
        var bob = await site.SignUpAsync("bob", Stop);
        var ana = await site.SignUpAsync("ana", Stop);
        (await ana.PostAsync("1", Stop)).Require(201);
        await using var tab = await site.OpenAsync(ana, new() { Locale = "de-AT" });
        await tab.GoAsync("/home");
        await Expect(tab.Find("#write-add-hint"))
            .ToHaveTextAsync("Oder füge sie hier ein oder zieh sie hierher.");
        await Expect(tab.Find(".when time")).ToHaveTextAsync("jetzt");
        await tab.Find("article .delete").ClickAsync();
        await Expect(tab.Find(".toast span")).ToHaveTextAsync("Der Beitrag ist gelöscht.");
        await tab.Find(".toast button").ClickAsync();
        await tab.Page.Keyboard.PressAsync("?");
        await Expect(tab.Find("dialog h2")).ToHaveTextAsync("Tastenkürzel");
        await tab.Page.Keyboard.PressAsync("Escape");

        await tab.GoAsync($"/@{bob.Username}");
        await tab.Find(".tools .button").ClickAsync();
        await Expect(tab.Find(".counts [href$='/followers']")).ToHaveTextAsync("1 Follower");
        await Expect(tab.Find(".tools .button").First).ToHaveTextAsync("Entfolgen");

        await using var english = await site.OpenAsync(ana, new() { Locale = "en-US" });
        await english.GoAsync($"/@{bob.Username}");
        await english.Find(".tools .button").First.ClickAsync();
        await Expect(english.Find(".counts [href$='/followers']")).ToHaveTextAsync("0 followers");
        await Expect(english.Find(".tools .button").First).ToHaveTextAsync("Follow");
    }
}
