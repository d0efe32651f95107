using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Rookery.BrowserTests;

/// <summary>Pictures of the site for docs/screenshots, made anew by <c>./test.sh screenshots</c>.</summary>
public sealed class Screenshots(Site site)
{
    private static readonly ViewportSize Desktop = new() { Width = 1280, Height = 900 };
    private static readonly ViewportSize Phone = new() { Width = 375, Height = 740 };

    [Fact(Explicit = true)]
    public async Task Pictures_of_the_site_are_taken()
    {
        var folder =
            Environment.GetEnvironmentVariable("SCREENSHOTS")
            ?? throw new InvalidOperationException(
                "SCREENSHOTS names no folder; run ./test.sh screenshots."
            );
        var scene = await Scene.MakeAsync(site, TestContext.Current.CancellationToken);
        foreach (
            var (name, path, options) in ((string, string, BrowserNewContextOptions)[])
                [
                    ("home-light", "/home", Look(Desktop)),
                    ("home-dark", "/home", Look(Desktop, ColorScheme.Dark)),
                    ("home-phone", "/home", Look(Phone)),
                    (
                        "profile-phone-dark",
                        $"/@{scene.Bob.Username}",
                        Look(Phone, ColorScheme.Dark)
                    ),
                    ("conversation", $"/@{scene.Bob.Username}/{scene.Asked}", Look(Desktop)),
                    ("search", "/search?q=heron", Look(Desktop)),
                    ("settings-phone", "/settings", Look(Phone)),
                    ("home-without-script", "/home", Plain(Desktop)),
                ]
        )
        {
            await using var tab = await site.OpenAsync(scene.Ana, options);
            await tab.GoAsync(path);
            await tab.Page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}.png") });
        }

        await using var ana = await site.OpenAsync(scene.Ana, Look(Desktop));
        await ana.GoAsync("/home");
        await ana.Find("#write textarea").PressSequentiallyAsync("Asking @bo");
        await Expect(ana.Find("[role=option]").First).ToBeVisibleAsync();
        await ana.Page.ScreenshotAsync(new() { Path = Path.Combine(folder, "writing.png") });
        await ana.Page.Keyboard.PressAsync("Escape");
        await ana.Find("#write textarea").BlurAsync();
        await ana.Page.Keyboard.PressAsync("?");
        await ana.Page.ScreenshotAsync(new() { Path = Path.Combine(folder, "keys.png") });
        await ana.Page.Keyboard.PressAsync("Escape");
        await ana.Find("article .delete").First.ClickAsync();
        await ana.Page.ScreenshotAsync(new() { Path = Path.Combine(folder, "undo.png") });
        await using var stranger = await site.OpenAsync(Look(Desktop));
        await stranger.GoAsync("/");
        await stranger.Page.ScreenshotAsync(new() { Path = Path.Combine(folder, "welcome.png") });
    }

    private static BrowserNewContextOptions Look(
        ViewportSize size,
        ColorScheme scheme = ColorScheme.Light
    ) => new() { ViewportSize = size, ColorScheme = scheme };

    private static BrowserNewContextOptions Plain(ViewportSize size) =>
        new() { ViewportSize = size, JavaScriptEnabled = false };
}
